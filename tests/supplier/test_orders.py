"""Orders as S sees them: the list, the page, who may read and write."""

from __future__ import annotations

import pytest
from django.urls import reverse

from s2b2c.kernel.errors import Refused
from s2b2c.outbox.models import OutboxEvent
from supplier.models import FulfilmentOrder, OrderNote
from supplier.selectors import orders, today
from supplier.services import notes, picking
from supplier.web import shown
from tests import factories
from tests.supplier import office

pytestmark = pytest.mark.django_db
URLS = "s2b2c.urls.supply"


@pytest.fixture(autouse=True)
def _urls(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    factories.warehouse("OAK", priority=1, name_en="Oakland")


@pytest.fixture
def variant():
    product = factories.product("Tidewater Mug", variants=0)
    made = factories.variant(product, stock=0, sku="MUG-1", barcode="4006381333931")
    factories.receive(made, 50, at=factories.warehouse("OAK"))
    return made


@pytest.fixture
def shop():
    return factories.reseller("juniper-row", name="Juniper Row")


def page_of(order) -> str:
    return reverse("supply:order", urlconf=URLS, args=[order.reseller.slug, order.order_number])


def test_list_shows_orders_of_all_shops(variant, shop):
    other = factories.reseller("blue-kettle", name="Blue Kettle")
    first, second = office.order(shop, [(variant, 2)]), office.order(other, [(variant, 1)])
    shown = office.text(office.client().get("/orders/"))
    assert [first.order_number in shown, second.order_number in shown] == [True, True]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True), ("?q=ABCD", True), ("?q=abcd12", True), ("?q=maya", True), ("?q=MUG-1", True), ("?q=MUG", False),
        ("?state=queued", True), ("?state=picking", False), ("?state=shipped", False), ("?shop=juniper-row", True),
        ("?shop=Juniper", True), ("?shop=nobody", False), ("?from=OAK", True), ("?method=cod", True), ("?method=card", False),
        ("?placed_from=2020-01-01", True), ("?placed_to=2020-01-01", False), ("?short=1", False),
        ("?state=queued&state=picking&q=lindqvist", True),
    ],
)  # fmt: skip
def test_list_is_narrowed_by_its_address(variant, shop, query, found):
    office.order(shop, [(variant, 2)], number="ABCD1234")
    assert ("ABCD1234" in office.text(office.client().get(f"/orders/{query}"))) is found


@pytest.mark.parametrize(
    "query", ["?q=%00", "?after=zzz", "?sort=nothing", "?shop=%F0%9F%98%80", "?placed_from=yesterday", "?state=x"]
)
def test_list_survives_nonsense(variant, shop, query):
    assert office.client().get(f"/orders/{query}").status_code in (200, 400)


def test_list_takes_few_queries(variant, shop):
    for _ in range(6):
        office.order(shop, [(variant, 1)])
    reader = office.client()
    answer, few = office.selects(lambda: reader.get("/orders/"))
    for _ in range(20):
        office.order(shop, [(variant, 1)])
    _answer, many = office.selects(lambda: reader.get("/orders/"))
    assert answer.status_code == 200
    assert few == many
    assert many <= 12


def test_csv_holds_what_the_view_shows(variant, shop):
    made = office.order(shop, [(variant, 2)])
    lines = b"".join(office.client().get("/orders/?csv=1").streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].split(",")[0] == made.order_number
    assert "45.00" in lines[1]


def test_step_is_that_of_the_slowest_warehouse(variant, shop):
    factories.receive(variant, 50, at=factories.warehouse("EWR", priority=2))
    made = office.order(shop, [(variant, 60)])
    first, second = office.fulfilments(made)
    picking.start_picking(number=first.number, actor_id=None)
    assert orders.step(orders.find(slug=shop.slug, number=made.order_number)) == "queued"
    picking.start_picking(number=second.number, actor_id=None)
    assert orders.step(orders.find(slug=shop.slug, number=made.order_number)) == "picking"


def test_page_shows_split_lines_and_entries(variant, shop):
    made = office.order(shop, [(variant, 3)])
    shown = office.text(office.client().get(page_of(made)))
    for word in (
        "$65.00",
        "30.00",
        "28.20",
        "1.80",
        "MUG-1",
        "Oakland",
        "Wholesale, deferred to shipment",
        "Maya Lindqvist",
    ):
        assert word in shown, word
    assert 'href="#e-wholesale"' in shown
    assert 'id="e-wholesale"' in shown


def test_shares_of_a_line_split_over_warehouses_sum_to_the_line(variant, shop):
    factories.receive(variant, 50, at=factories.warehouse("EWR", priority=2))
    made = office.order(shop, [(variant, 61)])
    pieces = [piece for _each, served in orders.fulfilments(made) for piece in served]
    assert [piece.row.quantity for piece in pieces] == [50, 11]
    assert sum(piece.wholesale_minor for piece in pieces) == made.wholesale_minor


def test_unknown_order_is_not_found(shop):
    for address in ("/orders/juniper-row/NOPE/", "/orders/nobody/ABCD1234/", "/orders/juniper-row/%F0%9F%98%80/"):
        assert office.client().get(address).status_code == 404


def test_comment_is_added_once(variant, shop):
    made = office.order(shop, [(variant, 1)])
    writer = office.client("support")
    for _ in range(2):
        answer = writer.post(page_of(made), {"text": " Gift flag set. "})
    assert (answer.status_code, answer.url) == (302, page_of(made))
    assert list(OrderNote.objects.filter(kind="comment").values_list("text", flat=True)) == ["Gift flag set."]


def test_empty_comment_is_told_on_the_form(variant, shop):
    made = office.order(shop, [(variant, 1)])
    answer = office.client("support").post(page_of(made), {"text": "   "})
    assert answer.status_code == 422
    assert OrderNote.objects.filter(kind="comment").count() == 0
    with pytest.raises(Refused):
        notes.comment(slug=shop.slug, number=made.order_number, text="\x00 ", actor_id=None)


def test_reader_without_the_role_adds_no_comment(variant, shop):
    made = office.order(shop, [(variant, 1)])
    office.client("quality").post(page_of(made), {"text": "Hello"})
    assert OrderNote.objects.filter(kind="comment").count() == 0


@pytest.mark.parametrize(
    ("role", "status"), [("warehouse", 200), ("finance", 200), ("support", 200), ("catalogue", 403)]
)
def test_roles_at_the_door(variant, shop, role, status):
    assert office.client(role).get("/orders/").status_code == status


def test_today_counts_queues_and_compares_with_last_week(variant, shop):
    made = office.order(shop, [(variant, 3)])
    office.order(shop, [(variant, 1)])
    picking.start_picking(number=office.fulfilments(made)[0].number, actor_id=None)
    OutboxEvent.objects.update(state="dead")
    factories.tenancy_services.apply(slug="two-herons", name="Two Herons", currency="USD", country="US")
    queues = today.queues()
    assert [queues[name].count for name in ("queued", "picking", "applied")] == [1, 1, 1]
    assert queues["dead"].count > 0
    shown = office.text(office.client().get("/"))
    assert "$90.00" in shown
    assert office.client().get("/?period=week").status_code == 200


def test_today_takes_few_queries(variant, shop):
    for _ in range(5):
        office.order(shop, [(variant, 1)])
    reader = office.client()
    _answer, count = office.selects(lambda: reader.get("/"))
    assert count <= 26


def test_today_hides_what_the_role_may_not_open(variant, shop):
    office.order(shop, [(variant, 1)])
    shown = office.text(office.client("catalogue").get("/"))
    assert "state=queued" not in shown


def test_search_finds_order_sku_and_reseller(variant, shop):
    made = office.order(shop, [(variant, 1)])
    reader = office.client()
    for words, address in (
        (made.order_number[:4].lower(), page_of(made)),
        ("MUG", f"/stock/{variant.pk}/"),
        ("junip", "/resellers/juniper-row/"),
        (office.fulfilments(made)[0].number[:5], f"/fulfilment/{office.fulfilments(made)[0].number}/"),
        ("fulfil", "/fulfilment/"),
    ):
        answer = reader.get("/search/", {"q": words}, headers={"HX-Request": "true"})
        assert f'href="{address}"' in office.text(answer), words


@pytest.mark.parametrize(
    ("code", "title", "note"),
    [
        ("customer", "Cancelled by the customer", None),
        ("changed_mind", "Cancelled by the shop", "Customer changed their mind"),
        ("typed by hand", "Cancelled by the shop", "typed by hand"),
    ],
)
def test_history_says_in_words_who_cancelled_and_why(code, title, note):
    told = shown.event(OrderNote(kind="cancelled", data={"reason": code}), {})
    assert (told["title"], told.get("note")) == (title, note)


def test_search_keeps_to_the_role(variant, shop):
    made = office.order(shop, [(variant, 1)])
    answer = office.client("catalogue").get("/search/", {"q": made.order_number})
    assert page_of(made) not in office.text(answer)
    assert FulfilmentOrder.objects.count() == 1
