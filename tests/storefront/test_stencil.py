"""Templates made ready draw what Django draws."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.template import Context, Engine, Template
from django.test import Client
from django.utils import translation

from s2b2c.tenancy.models import Reseller
from storefront import stencil
from storefront.memo import Memo
from storefront.selectors import product, shell
from storefront.web import cards, frame
from tests.storefront.conftest import place

PATHS = ("/", "/c/", "/c/kitchen/?o.colour=pine&from=5", "/p/alder-mug/", "/search/?q=mug", "/bag/", "/checkout/")


def _forget() -> None:
    for module in (frame, product, shell):
        for value in vars(module).values():
            if isinstance(value, Memo):
                value.clear()
    cards._card.cache_clear()
    cache.clear()


def _plain(name: str, *_: Any) -> Template:
    return Engine.get_default().get_template(name)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_what_django_draws(
    filled: Client, monkeypatch: pytest.MonkeyPatch, path: str, language: str
) -> None:
    address = f"{path}{'&' if '?' in path else '?'}lang={language}"
    drawn = filled.get(address).content
    _forget()
    monkeypatch.setattr(frame, "_template", _plain)
    assert drawn == filled.get(address).content


def test_an_order_page_is_what_django_draws(filled: Client, shop: Reseller, monkeypatch: pytest.MonkeyPatch) -> None:
    order = place(filled).headers["Location"]
    drawn = filled.get(order).content
    monkeypatch.setattr(frame, "_template", _plain)
    assert drawn == filled.get(order).content


def _both(source: str, **context: Any) -> tuple[str, str]:
    engine = Engine.get_default()
    made = Template(source, engine=engine)
    with translation.override("en"):
        made.nodelist = stencil._ready(made.nodelist, engine)
        return made.render(Context(context)), Template(source, engine=engine).render(Context(context))


class _Thing:
    name = "a < b"
    items = ("x",)

    def called(self) -> str:
        return "<called>"


@pytest.mark.parametrize(
    "source",
    [
        "{{ thing.name }} {{ thing.called }} {{ thing.missing }} {{ missing.name }} {{ missing }}",
        "{{ words.name }} {{ words.items }} {{ words.0 }} {{ listed.0 }} {{ listed.1.name }}",
        "{{ number }} {{ fraction }} {{ nothing }} {{ truth }} {{ day }} {{ markup }} {{ thing.name|upper }}",
        "{% autoescape off %}{{ thing.name }}{% endautoescape %}{{ thing.name|safe }}",
        "{% for each in listed %}{{ forloop.counter }}{{ each }}{% empty %}none{% endfor %}",
        "{% if thing.name and not missing.name or number > 3 %}yes{% elif truth %}maybe{% else %}no{% endif %}",
        "{% load i18n %}{% translate 'Search' %}{% translate thing.name %}{% translate 'Search' as s %}{{ s }}",
        "{% load i18n %}{% blocktranslate %}Plain{% endblocktranslate %}{% blocktranslate with a=number %}{{ a }}{% endblocktranslate %}",
        "{% load i18n %}{% blocktranslate count n=number %}{{ n }} thing{% plural %}{{ n }} things{% endblocktranslate %}",
        "{% load ui %}{% with icons_inline=True %}{% ui_icon 'check' %}{% ui_icon icon size='s' %}{% endwith %}",
    ],
)
def test_a_template_draws_what_django_draws(source: str) -> None:
    import datetime as dt

    from django.utils.safestring import SafeString

    context = {
        "thing": _Thing(), "words": {"name": "<b>", "items": "own"}, "listed": ["<i>", _Thing()], "number": 12_345,
        "fraction": 1.5, "nothing": None, "truth": True, "day": dt.date(2026, 11, 23), "markup": SafeString("<u>"),
        "icon": "truck", "icons_inline": True,
    }  # fmt: skip
    ours, djangos = _both(source, **context)
    assert ours == djangos
