"""The books and the outbox in the office: read, checked, and what failed put right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from s2b2c.accounts.models import AuditEntry
from s2b2c.kernel import clock
from s2b2c.outbox import watch
from s2b2c.outbox.models import OutboxEvent
from supplier.models import Account, AccountSum, Journal
from supplier.selectors import ledger, outbox
from supplier.services import ledger as services
from supplier.services import sealing
from supplier.services.ledger import Leg
from tests import factories
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    factories.warehouse("PVD")


@pytest.fixture
def shop():
    return factories.reseller("juniper-row", name="Juniper Row")


@pytest.fixture
def order(shop):
    variant = factories.first_variant(factories.product(stock=50, wholesale=1_000))
    return office.order(shop, [(variant, 2)])


def test_accounts_balance_on_the_side_they_are_meant_for(order):
    found = {each.account.kind: each.balance_minor for each in ledger.of_platform()}
    assert found == {
        "cod_clearing": 4_500,
        "wholesale_deferred": 2_000,
        "reseller_payable": 1_880,
        "fee": 120,
        "shipping": 500,
    }
    shown = office.text(office.client("finance").get("/ledger/"))
    for word in ("45.00", "20.00", "18.80", "Juniper Row"):
        assert word in shown, word


def test_sums_kept_at_a_seal_are_the_sums_anew(order, shop, monkeypatch):
    before = ledger.of_platform()
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(days=2))
    assert sealing.seal_due() == 1
    monkeypatch.undo()
    assert figures() == figures_of(before)
    office.order(shop, [(factories.first_variant(factories.product(stock=5, wholesale=700)), 3)])
    with_kept = figures()
    AccountSum.objects.all().delete()
    assert with_kept == figures() != figures_of(before)


def figures_of(balances):
    return [(each.account.kind, each.balance_minor) for each in balances]


def figures():
    return figures_of(ledger.of_platform())


def test_payables_are_those_of_each_reseller(order, shop):
    other = factories.reseller("blue-kettle")
    office.order(other, [(factories.first_variant(factories.product(stock=5, wholesale=2_000)), 1)])
    lines = b"".join(office.client("finance").get("/ledger/?csv=1").streaming_content).decode("utf-8-sig").splitlines()
    assert [line.rsplit(",", 1)[1] for line in lines] == ["Balance", "18.80", "19.40"]


def test_accounts_take_few_queries(order):
    for number in range(10):
        services.post(key=f"k{number}", kind="sale", currency="USD", at=clock.now(), reseller_id=factories.reseller().pk,
                      legs=[services.Leg(Account.Kind.CLEARING, Account.Kind.RESELLER_PAYABLE, 100)])  # fmt: skip
    reader = office.client("finance")
    answer, count = office.selects(lambda: reader.get("/ledger/"))
    assert answer.status_code == 200
    assert count <= 15


@pytest.mark.parametrize(
    ("query", "found"),
    [("", True), ("?kind=sale", True), ("?kind=refund", False), ("?shop=juniper", True), ("?shop=nobody", False), ("?account=fee", True),
     ("?account=tax_payable", False), ("?at_to=2020-01-01", False), ("?q=sale:", True), ("?q=NOPE", False), ("?kind=x&after=%00", None)],
)  # fmt: skip
def test_journals_are_narrowed(order, query, found):
    answer = office.client("finance").get(f"/ledger/journals/{query}")
    assert found is None or (order.order_number in office.text(answer)) is found
    assert answer.status_code in (200, 400)


def test_journals_of_an_order_are_found_by_its_number(order):
    answer = office.client("finance").get(f"/ledger/journals/?q={order.order_number.lower()}")
    assert order.order_number in office.text(answer)


def test_journals_take_few_queries(order, shop):
    for number in range(20):
        services.post(key=f"k{number}", kind="sale", currency="USD", at=clock.now(), reseller_id=shop.pk,
                      legs=[services.Leg(Account.Kind.CLEARING, Account.Kind.FEE, 100)])  # fmt: skip
    reader = office.client("finance")
    answer, count = office.selects(lambda: reader.get("/ledger/journals/"))
    assert answer.status_code == 200
    assert count <= 12


def test_journal_page_shows_both_sides(order):
    shown = office.text(office.client("finance").get(f"/ledger/journals/{Journal.objects.get().pk}/"))
    for word in ("Cash on delivery to collect", "Wholesale, deferred to shipment", "45.00", order.order_number):
        assert word in shown, word
    assert office.client("finance").get("/ledger/journals/99999999999999999999/").status_code == 404


def test_check_says_whether_the_books_add_up_and_when(order):
    person = office.client("finance")
    assert "Not checked yet" in office.text(person.get("/ledger/"))
    assert person.post("/ledger/check/").status_code == 302
    assert "checks of books and stock pass" in office.text(person.get("/ledger/"))
    order.wholesale_minor, order.margin_minor = order.wholesale_minor - 1, order.margin_minor + 1
    order.save()
    person.post("/ledger/check/")
    assert "sale_is_split_as_frozen" in office.text(person.get("/ledger/"))


@pytest.mark.parametrize(
    ("role", "status"), [("finance", 200), ("warehouse", 403), ("support", 403), ("catalogue", 403)]
)
def test_books_are_for_finance(role, status):
    assert office.client(role).get("/ledger/").status_code == status


# --- Events ----------------------------------------------------------------------------------------
def event(state: str = "dead", key: str = "1:ABC", **fields) -> OutboxEvent:
    return OutboxEvent.objects.create(
        **{"topic": "ShipmentSent", "key": key, "reseller_id": 1, "payload": {"order_number": "ABC <b>"}, "state": state,
           "next_at": clock.now(), "tries": 12, "error": "Traceback …\nKeyError: 'number'\n", **fields}
    )  # fmt: skip


def test_desk_shows_flow_and_what_failed():
    event()
    event("pending", key="2:X")
    event("done", key="3:X", done_at=clock.now())
    flow = next(flow for flow in watch.flows() if flow.way == watch.TO_SHOP)
    assert (flow.waiting, outbox.dead(), flow.handled) == (1, 1, 1)
    assert flow.p50 is not None
    shown = office.text(office.client("support").get("/events/"))
    assert "KeyError: &#x27;number&#x27;" in shown


def test_desk_and_today_say_that_events_wait_for_too_long(settings):
    settings.OUTBOX_ALARM_SECONDS = 60
    waits = event("pending", key="2:X")
    assert "has been waiting for" not in office.text(office.client("support").get("/events/"))
    assert "wait for too long" not in office.text(office.client("support").get("/"))
    OutboxEvent.objects.filter(pk=waits.pk).update(created_at=clock.now() - timedelta(seconds=200))
    assert "has been waiting for 200 s" in office.text(office.client("support").get("/events/"))
    assert "Events that wait for too long" in office.text(office.client("support").get("/"))


def test_desk_takes_few_queries():
    for number in range(20):
        event(key=f"k{number}")
    reader = office.client("support")
    answer, count = office.selects(lambda: reader.get("/events/"))
    assert answer.status_code == 200
    assert count <= 21  # four for each of the three ways


def test_page_shows_payload_trace_and_who_waits_behind():
    failed = event()
    event("pending")
    shown = office.text(office.client().get(f"/events/{failed.pk}/"))
    for word in ("Traceback", "ABC &lt;b&gt;", "1 later event of this order waits behind it"):
        assert word in shown, word


def test_failed_event_is_tried_again():
    failed = event()
    assert office.client().post(f"/events/{failed.pk}/retry/").status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.tries) == ("pending", 0)
    assert AuditEntry.objects.filter(action="outbox.retried").count() == 1
    assert office.client().post(f"/events/{failed.pk}/retry/").status_code == 409


def test_failed_event_is_passed_over_only_with_a_reason():
    failed, person = event(), office.client()
    assert person.post(f"/events/{failed.pk}/skip/", {"reason": " "}).status_code == 422
    assert person.post(f"/events/{failed.pk}/skip/", {"reason": "Order was a test"}).status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.skip_reason) == ("skipped", "Order was a test")
    assert AuditEntry.objects.get(action="outbox.skipped").detail["reason"] == "Order was a test"
    assert person.post(f"/events/{failed.pk}/skip/", {"reason": "again"}).status_code == 422


def test_only_administrators_act_on_events():
    failed = event()
    person = office.client("support")
    assert person.get(f"/events/{failed.pk}/").status_code == 200
    assert person.post(f"/events/{failed.pk}/retry/").status_code == 403
    assert office.client("finance").get("/events/").status_code == 403


def test_books_are_shown_as_of_the_end_of_a_day(order):
    client = office.client("finance")
    today = clock.now().date()
    assert "45.00" in office.text(client.get("/ledger/", {"on": today}))
    assert "45.00" not in office.text(client.get("/ledger/", {"on": today - timedelta(days=1)}))
    assert f"at_to={today}" in client.get("/ledger/", {"on": today}).content.decode()


def test_journals_are_found_by_amount(order):
    client = office.client("finance")
    assert order.order_number in office.text(client.get("/ledger/journals/", {"amount": "18.80"}))
    assert order.order_number not in office.text(client.get("/ledger/journals/", {"amount": "18.81"}))
    assert order.order_number not in office.text(client.get("/ledger/journals/", {"amount": "much"}))


def test_reversal_leads_to_what_it_reverses_and_back():
    first = services.post(
        key="first", kind="cash", currency="USD", at=clock.now(), legs=[Leg("cash", "cod_clearing", 5)]
    )
    second = services.post(
        key="second",
        kind="reversal",
        currency="USD",
        at=clock.now(),
        reverses=first,
        legs=[Leg("cod_clearing", "cash", 5)],
    )
    client = office.client("finance")
    assert "Reversed by" in office.text(client.get(f"/ledger/journals/{first.pk}/"))
    assert f"/journals/{first.pk}/" in client.get(f"/ledger/journals/{second.pk}/").content.decode()
