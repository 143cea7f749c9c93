"""Saved views, columns and row height: whose they are, who sees them, who changes them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from s2b2c.accounts.models import Membership, SavedView
from s2b2c.accounts.selectors import views as selectors
from s2b2c.accounts.services import views
from s2b2c.kernel.errors import NotFound, Refused
from tests import factories
from tests.supplier import office

pytestmark = pytest.mark.django_db
SAVE = {"name": "Late", "query": "status=active&after=xyz&sort=-updated_at&v=3", "back": "/catalogue/?status=active"}


@pytest.fixture(autouse=True)
def _one_factor(settings: Any) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False


def member(role: str = "catalogue", reseller: Any = None) -> Membership:
    user = factories.staff(role) if reseller is None else factories.member(reseller, role)
    return Membership.objects.select_related("user").get(user=user)


def save(membership: Membership, **more: Any) -> SavedView:
    return views.save(**{"membership": membership, "table": "products", "name": "Late", "query": "q=a", **more})


def names(membership: Membership) -> list[str]:
    return [view.name for view in selectors.of(membership, "products")]


def test_mine_are_mine_and_shared_ones_are_seen_by_colleagues_only() -> None:
    rose = factories.reseller("rose")
    me, colleague, elsewhere = member(), member("warehouse"), member("owner", rose)
    save(me)
    save(me, name="Ours", shared=True)
    save(elsewhere, name="Theirs", shared=True)
    assert [names(each) for each in (me, colleague, elsewhere)] == [["Late", "Ours"], ["Ours"], ["Theirs"]]


def test_the_same_name_again_changes_the_view() -> None:
    me = member()
    first, again = save(me), save(me, query="q=b")
    assert (first.pk, again.query) == (again.pk, "q=b")


def test_a_shared_view_is_changed_by_its_owner_and_the_chief_alone() -> None:
    me, colleague, chief = member(), member(), member("admin")
    view = save(me, shared=True)
    for change in (views.remove, views.change):
        with pytest.raises(Refused) as refusal:
            change(view_id=view.pk, membership=colleague)
        assert refusal.value.status == 403
    assert views.change(view_id=view.pk, membership=chief, name="Ours").name == "Ours"
    views.change(view_id=view.pk, membership=me, shared=False)
    with pytest.raises(NotFound):
        views.change(view_id=view.pk, membership=chief, name="Mine")


def test_a_removed_view_comes_back() -> None:
    me = member()
    view = save(me)
    views.remove(view_id=view.pk, membership=me)
    assert names(me) == []
    with pytest.raises(NotFound):
        views.restore(view_id=view.pk, membership=member())
    views.restore(view_id=view.pk, membership=me)
    assert names(me) == ["Late"]


def test_views_of_another_organisation_cannot_be_reached_by_their_number() -> None:
    rose, tulip = factories.reseller("rose"), factories.reseller("tulip")
    view = save(member("owner", rose), shared=True)
    for stranger in (member("owner", tulip), member("admin")):
        for change in (views.change, views.remove):
            with pytest.raises(NotFound):
                change(view_id=view.pk, membership=stranger)
        with pytest.raises(NotFound):
            views.open_with(membership=stranger, table="products", view_id=view.pk)


def test_saving_from_the_list_shows_a_tab_that_opens_it() -> None:
    client = office.client("catalogue")
    answer = client.post("/lists/products/views/", SAVE)
    view = SavedView.objects.get()
    assert view.query == "status=active&sort=-updated_at"
    assert answer.headers["Location"] == f"/catalogue/?status=active&sort=-updated_at&v={view.pk}"
    page = office.text(client.get(answer.headers["Location"]))
    assert f'href="?status=active&amp;sort=-updated_at&amp;v={view.pk}" aria-current="page">Late' in page
    assert "Save changes" not in page
    assert "Save changes" in office.text(client.get(f"/catalogue/?status=draft&v={view.pk}"))


def test_the_list_opens_with_the_view_chosen_and_everything_is_one_click_away() -> None:
    client = office.client("catalogue")
    client.post("/lists/products/views/", {**SAVE, "open": "1"})
    view = SavedView.objects.get()
    answer = client.get("/catalogue/")
    assert answer.headers["Location"] == f"/catalogue/?status=active&sort=-updated_at&v={view.pk}"
    page = office.text(client.get("/catalogue/?v=0"))
    assert '<a href="?v=0" aria-current="page">All' in page
    client.post(f"/lists/products/views/{view.pk}/", {"do": "close"})
    assert client.get("/catalogue/").status_code == 200


def test_columns_and_height_stay_until_the_standard_is_asked_for() -> None:
    client = office.client("catalogue")
    chosen = {"columns": "1", "col": ["brand", "free"], "back": "/catalogue/?q=a&col=price"}
    assert client.post("/lists/products/keep/", chosen).headers["Location"] == "/catalogue/?q=a"
    client.post("/lists/products/keep/", {"rows": "compact", "back": "/catalogue/"})
    table = client.get("/catalogue/").context["table"]
    assert ([column.key for column in table.shown], table.compact) == (["name", "brand", "free"], True)
    client.post("/lists/products/keep/", {"columns": "1"})
    table = client.get("/catalogue/").context["table"]
    assert ("picture" in [column.key for column in table.shown], table.compact) == (True, True)


def test_a_view_without_a_name_is_asked_for_one_and_keeps_the_words() -> None:
    answer = office.client("catalogue").post("/lists/products/views/", {**SAVE, "name": " "})
    assert answer.status_code == 422
    assert "Give the view a name." in office.text(answer)
    assert 'value="status=active&amp;after=xyz' in office.text(answer)


def test_pages_of_views_work_in_a_shop_too() -> None:
    rose = factories.reseller("rose")
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(rose, "clerk"), "allauth.account.auth_backends.AuthenticationBackend")
    client.post("/rose/lists/orders/views/", {"name": "To send", "query": "status=placed", "back": "/rose/orders/"})
    view = SavedView.objects.get()
    assert (view.reseller, client.get("/rose/orders/?status=placed").status_code) == (rose, 200)
    assert "To send" in office.text(client.get("/rose/lists/orders/views/?back=/rose/orders/"))
    client.post(f"/rose/lists/orders/views/{view.pk}/", {"do": "delete", "back": "/rose/orders/"})
    assert not SavedView.objects.filter(removed_at=None).exists()


def test_saved_views_cost_the_list_one_query() -> None:
    client = office.client("catalogue")
    _answer, none = office.selects(lambda: client.get("/catalogue/"))
    for number in range(12):
        client.post("/lists/products/views/", {**SAVE, "name": f"View {number}"})
    _answer, many = office.selects(lambda: client.get("/catalogue/"))
    assert many == none
