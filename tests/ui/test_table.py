"""The one table: pages by key, filters in the URL, choices, CSV."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import RequestFactory

from s2b2c.ui import table


class Groups(table.Table):
    """A table over a model with nothing but a name."""

    id = "groups"
    order = "name"
    size = 3
    columns = (
        table.Column("name", "Name", sort="name", link=lambda row: f"/g/{row.pk}/", card=1, fixed=True),
        table.Column("length", "Length", value=lambda row: len(row.name), align="end", card=2),
        table.Column("shout", "Shout", value=lambda row: row.name.upper(), hidden=True),
    )
    filters = (
        table.Text(fields=["name__icontains"]),
        table.Choice("letter", "Letter", choices=[("a", "A"), ("b", "B")], apply=lambda rows, asked: rows.filter(name__regex=f"^[{''.join(asked)}]")),
    )  # fmt: skip


NAMES = ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2"]


@pytest.fixture
def groups(db: None) -> Any:
    Group.objects.bulk_create([Group(name=name) for name in reversed(NAMES)])
    return Group.objects.all()


def ask(groups: Any, query: str = "", **more: Any) -> Groups:
    return Groups(RequestFactory().get(f"/groups/?{query}"), groups, **more)


def names(listed: Groups) -> list[str]:
    return [row.name for row in listed.page.rows]


def test_pages_follow_on_forward_and_back(groups: Any) -> None:
    first = ask(groups)
    second = ask(groups, first.after_url[1:])
    third = ask(groups, second.after_url[1:])
    back = ask(groups, third.before_url[1:])
    assert [names(page) for page in (first, second, third, back)] == [NAMES[:3], NAMES[3:6], NAMES[6:], NAMES[3:6]]
    assert (first.before_url, third.after_url, bool(back.before_url), bool(back.after_url)) == ("", "", True, True)


def test_descending_order_pages_too(groups: Any) -> None:
    first = ask(groups, "sort=-name")
    assert names(ask(groups, first.after_url[1:])) == NAMES[::-1][3:6]


def test_a_row_added_meanwhile_moves_nothing(groups: Any) -> None:
    after = ask(groups).after_url[1:]
    Group.objects.create(name="a0")
    assert names(ask(groups, after)) == NAMES[3:6]


@pytest.mark.parametrize(
    "query", ["after=nonsense", "after=e30", "after=WzEsMl0", "before=W10", "sort=password", "after=%00"]
)
def test_broken_words_in_the_url_do_no_harm(groups: Any, query: str) -> None:
    assert ask(groups, query).state in ("rows", "no_match")


def test_filters_narrow_and_show_as_chips(groups: Any) -> None:
    listed = ask(groups, "letter=a&letter=b&q=2&rows=compact")
    assert names(listed) == ["a2", "b2"]
    assert [(chip["word"], chip["url"]) for chip in listed.chips] == [("A, B", "?q=2&rows=compact")]


def test_three_empty_states(groups: Any) -> None:
    found = [ask(groups, "q=zzz").state, ask(groups.none()).state, ask(groups, permitted=False).state]
    assert found == ["no_match", "first", "forbidden"]


def test_a_forbidden_table_shows_no_row(groups: Any) -> None:
    assert "a1" not in ask(groups, permitted=False).render()


def test_count_stops_at_its_limit(groups: Any) -> None:
    Groups.count_limit, before = 5, Groups.count_limit
    try:
        assert ask(groups).total_word == "5+"
    finally:
        Groups.count_limit = before


def test_chosen_rows_or_all_that_match(groups: Any) -> None:
    factory = RequestFactory()
    some = list(groups.filter(name__in=["a1", "c2"]).values_list("pk", flat=True))
    ticked = factory.post("/x", {"row": [*some, "x", "9" * 40], "query": "letter=a"})
    every = factory.post("/x", {"row": some, "all": "1", "query": "letter=a&after=zz"})
    assert sorted(row.name for row in Groups.chosen(ticked, groups)) == ["a1", "c2"]
    assert sorted(row.name for row in Groups.chosen(every, groups)) == ["a1", "a2", "a3"]


def test_columns_can_be_chosen_but_the_fixed_one_stays(groups: Any) -> None:
    assert [column.key for column in ask(groups).shown] == ["name", "length"]
    assert [column.key for column in ask(groups, "col=shout").shown] == ["name", "shout"]


def test_csv_holds_every_matching_row_and_no_formula(groups: Any) -> None:
    Group.objects.create(name="=cmd|' /C calc'!A0")
    request = RequestFactory().get("/groups/?csv=1&col=length")
    response = table.respond(request, Groups(request, groups), "unused.html")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Name,Length"
    assert len(lines) == len(NAMES) + 2
    assert lines[1].startswith("\"'=cmd") or lines[1].startswith("'=cmd")


def test_htmx_gets_the_table_alone(groups: Any) -> None:
    request = RequestFactory().get("/groups/", headers={"HX-Request": "true", "HX-Target": "groups"})
    response = table.respond(request, Groups(request, groups), "unused.html")
    assert response.content.decode().strip().startswith('<div class="tbl" id="groups"')
    assert "HX-Target" in response["Vary"]


def test_a_page_of_rows_costs_two_queries(groups: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):  # the rows, the capped count
        ask(groups, actions=[table.Action("Go", "/go/")], views=[table.View("All")]).render()


def test_actions_come_with_boxes_and_none_without(groups: Any) -> None:
    assert 'name="row"' in ask(groups, actions=[table.Action("Go", "/go/")]).render()
    assert 'name="row"' not in ask(groups).render()


def test_tab_of_the_saved_view_in_use_is_current(groups: Any) -> None:
    views = [table.View("All"), table.View("A", "letter=a")]
    assert [tab["active"] for tab in ask(groups, "letter=a&sort=-name", views=views).tabs] == [False, True]
