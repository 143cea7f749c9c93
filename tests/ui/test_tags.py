"""The tag library: what it writes, and that it escapes."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.template import Context, Template

from s2b2c.ui import charts, figures, nav
from s2b2c.ui.states import State


def draw(text: str, **context: Any) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


def test_button_passes_attributes_on() -> None:
    assert draw('{% ui_button "Go" variant="primary" hx_post="/x" disabled=True name="" %}') == (
        '<button class="btn btn-primary" hx-post="/x" type="submit" disabled>Go</button>'
    )


def test_tags_escape_what_they_are_given() -> None:
    evil = "<script>"
    drawn = draw(
        '{% ui_button e %}{% ui_link e "#" %}{% ui_state "ok" e %}{% ui_banner %}{{ e }}{% endui_banner %}{% ui_row e e %}'
        '{% ui_stat e e note=e change=e %}{% ui_qr "x" e %}{% ui_dialog "d" e %}{{ e }}{% endui_dialog %}'
        "{% ui_crumbs e %}{% ui_avatar e %}{% ui_empty e %}{% endui_empty %}{% ui_bars values labels=e2 label=e %}",
        e=evil, e2=[evil], values=[1],
    )  # fmt: skip
    assert "<script" not in drawn


@pytest.mark.parametrize(
    ("minor", "currency", "options", "shown"),
    [
        (10564, "USD", {}, "$105.64"),
        (-1843, "USD", {}, "−$18.43"),
        (1843, "USD", {"sign": True}, "+$18.43"),
        (0, "USD", {"sign": True}, "$0.00"),
        (123456789, "USD", {"bare": True}, "1,234,567.89"),
        (12800, "JPY", {}, "¥12,800"),
        (-5, "JPY", {"bare": True}, "−5"),
    ],
)
def test_amounts(minor: int, currency: str, options: dict[str, bool], shown: str) -> None:
    assert figures.amount(minor, currency, **options) == shown


def test_large_amount_raises_the_currency_and_never_rounds() -> None:
    assert figures.big(10564, "USD") == (
        '<span class="money-xl"><span class="cur">$</span>105<span class="cents">.64</span></span>'
    )


def test_money_bar_keeps_its_order_and_adds_up() -> None:
    parts = {"tax": 3146, "shipping": 1250, "fee": 855, "margin": 12855, "wholesale": 20490}
    placed = figures.shares(parts, "USD")
    assert [share.key for share in placed] == ["wholesale", "margin", "fee", "tax", "shipping"]
    assert round(sum(share.width for share in placed), 6) == 1000


def test_money_bar_leaves_out_what_is_nothing() -> None:
    assert [s.key for s in figures.shares({"wholesale": 5, "fee": 0, "margin": -2}, "USD")] == ["wholesale", "margin"]
    assert figures.shares({}, "USD") == []


class Order(forms.Form):
    """A form with one of each."""

    name = forms.CharField(help_text="Latin letters")
    note = forms.CharField(required=False)


def test_field_ties_label_help_and_error_to_its_control() -> None:
    drawn = draw("{% ui_field form.name %}", form=Order({"name": ""}))
    assert '<label for="id_name">' in drawn
    assert 'aria-describedby="id_name_help id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'id="id_name_help"' in drawn
    assert 'id="id_name_error"' in drawn


def test_field_says_what_is_optional_and_not_what_is_required() -> None:
    assert [("optional" in draw("{% ui_field f %}", f=field)) for field in Order()] == [False, True]


def test_state_is_a_glyph_and_a_word() -> None:
    drawn = State("warn", "On hold", "hold").pill()
    assert "p-warn" in drawn
    assert "<svg" in drawn
    assert drawn.endswith("On hold</span>")


def test_navigation_marks_the_longest_match_only() -> None:
    items = [nav.NavItem("Home", "/a/"), nav.NavItem("Orders", "/a/orders/"), nav.NavItem("Order", "/a/ord")]
    assert [item.active for item in nav.mark(items, "/a/orders/7/")] == [False, True, False]


@pytest.mark.parametrize("values", [[], [0], [5], [0, 0, 0], [-3, 4, 2.5]])
def test_charts_draw_any_figures(values: list[float]) -> None:
    assert "nan" not in charts.bars(values) + charts.sparkline(values) + charts.ring(len(values), 3)
