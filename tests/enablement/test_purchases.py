"""Orders to vendors from draft to the shelf."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from enablement.models import PurchaseOrder, Receipt, ReceiptLine, VariantCost
from enablement.selectors import purchases as selectors
from enablement.selectors import vendors as vendor_selectors
from enablement.services import purchases, receiving, vendors
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Arrival, Movement
from supplier.selectors import audit, stock, transit
from supplier.services import arrivals
from tests import factories
from tests.enablement import buying

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company():
    return factories.company()


@pytest.fixture
def mug():
    return buying.variant("MUG-1")


@pytest.fixture
def kiln(mug):
    made = buying.vendor(order_fee_minor=2_500)
    buying.offer(made, mug)
    return made


def free(variant):
    return stock.total(stock.find(variant.pk)).free


def incoming(variant):
    return sum(each.left for each in transit.incoming(variant))


def receive(order, pieces, key="k", **more):
    told = {buying.line(order, variant).pk: n for variant, n in pieces.items()}
    return receiving.receive(number=order.number, pieces=told, key=key, actor_id=None, **more)


# --- Writing ---------------------------------------------------------------------------------------------
def test_line_keeps_the_cost_it_was_written_at(kiln, mug):
    order = buying.draft(kiln, (mug, 120))
    buying.offer(kiln, mug, ((1, 500),))
    purchases.write(number=order.number, variant_id=mug.pk, quantity=120)
    assert buying.line(order, mug).unit_minor == 800
    purchases.write(number=order.number, variant_id=mug.pk, quantity=121)
    assert buying.line(order, mug).unit_minor == 500


def test_line_of_none_is_taken_out(kiln, mug):
    order = buying.draft(kiln, (mug, 120))
    purchases.write(number=order.number, variant_id=mug.pk, quantity=0)
    assert not order.lines.exists()


def test_quantity_a_vendor_does_not_sell_is_refused_with_one_it_does(kiln, mug):
    buying.offer(kiln, mug, minimum=24, pack=12)
    order = buying.draft(kiln)
    with pytest.raises(Refused) as refusal:
        purchases.write(number=order.number, variant_id=mug.pk, quantity=25)
    assert str(refusal.value) == "From 24 pieces on, in packs of 12: 36 would do."


def test_what_a_vendor_does_not_offer_is_not_ordered_from_it(kiln):
    with buying.refuses("not_offered"):
        buying.draft(kiln, (buying.variant("POT-1"), 5))


def test_drafts_begun_twice_are_one(kiln):
    assert buying.draft(kiln).number == buying.draft(kiln).number


# --- Sending ---------------------------------------------------------------------------------------------
def test_sent_order_is_expected_by_stock(kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    made = Arrival.objects.get()
    assert (made.quantity, made.source, made.warehouse_id) == (120, f"purchase:{order.number}", order.warehouse_id)
    assert made.arrives_on == timezone.localdate() + timedelta(days=10)
    assert incoming(mug) == 120


def test_order_beyond_a_weeks_capacity_takes_longer(kiln, mug):
    buying.offer(kiln, mug, weekly=50)
    order = buying.sent(kiln, (mug, 120))
    assert buying.line(order, mug).expected_on == timezone.localdate() + timedelta(days=10 + 14)


def test_order_sent_twice_is_expected_once(kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    purchases.send(number=order.number, actor_id=None)
    assert incoming(mug) == 120
    assert order.notes.filter(kind="sent").count() == 1


def test_order_below_the_vendors_minimum_is_not_sent(kiln, mug):
    vendors.change(
        vendor_id=kiln.pk, facts={"name": kiln.name, "currency": "USD", "minimum_minor": 9_001}, actor_id=None
    )
    order = buying.draft(kiln, (mug, 10))
    with pytest.raises(Refused) as refusal:
        purchases.send(number=order.number, actor_id=None)
    assert str(refusal.value) == "Kiln & Sons takes orders from $90.01 on: $0.01 are missing."
    assert (buying.state(order), incoming(mug)) == ("draft", 0)


def test_empty_order_is_not_sent(kiln):
    with buying.refuses("empty"):
        purchases.send(number=buying.draft(kiln).number, actor_id=None)


def test_sent_order_is_written_no_more(kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    with pytest.raises(StateRefused):
        purchases.write(number=order.number, variant_id=mug.pk, quantity=130)


def test_another_day_moves_what_stock_expects(kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    later = timezone.localdate() + timedelta(days=40)
    for _ in range(2):
        purchases.postpone(number=order.number, expected_on=later, actor_id=None)
    assert Arrival.objects.get().arrives_on == later
    assert order.notes.filter(kind="postponed").count() == 1
    with buying.refuses("expected_on"):
        purchases.postpone(number=order.number, expected_on=timezone.localdate() - timedelta(days=1), actor_id=None)


def test_cancelled_order_is_expected_no_more(kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    with buying.refuses("reason"):
        purchases.cancel(number=order.number, actor_id=None)
    for _ in range(2):
        purchases.cancel(number=order.number, actor_id=None, reason="too dear")
    assert (buying.state(order), incoming(mug), buying.line(order, mug).cancelled) == ("cancelled", 0, 120)
    with pytest.raises(StateRefused):
        purchases.send(number=order.number, actor_id=None)


def test_arrival_of_an_order_is_not_touched_by_hand(kiln, mug):
    buying.sent(kiln, (mug, 120))
    made = Arrival.objects.get()
    with pytest.raises(StateRefused):
        arrivals.receive(arrival_id=made.pk, quantity=1, actor_id=None)
    with pytest.raises(StateRefused):
        arrivals.cancel(arrival_id=made.pk)
    assert (incoming(mug), free(mug)) == (120, 0)


# --- Receiving -------------------------------------------------------------------------------------------
def test_order_is_received_in_parts(kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    receive(order, {mug: 50}, "a")
    assert (buying.state(order), free(mug), incoming(mug)) == ("part", 50, 70)
    receive(order, {mug: 70}, "b")
    assert (buying.state(order), free(mug), incoming(mug)) == ("received", 120, 0)
    assert [*audit.stock()] == []


def test_delivery_told_twice_counts_once(kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    assert receive(order, {mug: 50}, "a") == receive(order, {mug: 50}, "a")
    assert (free(mug), Receipt.objects.count(), ReceiptLine.objects.count()) == (50, 1, 1)
    assert receive(order, {mug: 70}, "b") == receive(order, {mug: 70}, "b")  # also once the order is closed
    assert free(mug) == 120


def test_missing_pieces_stay_expected_or_are_cancelled(kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    receive(order, {mug: 50}, "a")
    with buying.refuses("difference"):
        receive(order, {mug: 60}, "b", close=True)
    receive(order, {mug: 60}, "b", close=True, difference="kiln broke")
    line = buying.line(order, mug)
    assert (buying.state(order), line.received, line.cancelled, incoming(mug)) == ("received", 110, 10, 0)
    assert order.notes.last().data["off"] == 10


def test_rest_is_closed_with_a_reason(kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    with pytest.raises(StateRefused):
        receiving.close(number=order.number, reason="x", actor_id=None)
    receive(order, {mug: 50})
    for _ in range(2):
        receiving.close(number=order.number, reason="sold out there", actor_id=None)
    assert (buying.state(order), buying.line(order, mug).cancelled, incoming(mug)) == ("received", 70, 0)
    assert order.notes.filter(kind="closed").count() == 1


def test_more_than_ordered_is_booked_with_the_reason(kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    with buying.refuses("difference"):
        receive(order, {mug: 125})
    receive(order, {mug: 125}, difference="five for free")
    line = buying.line(order, mug)
    assert (line.received, line.over, line.left, free(mug), buying.state(order)) == (125, 5, 0, 125, "received")
    assert [*audit.stock()] == []


def test_surplus_of_a_line_that_is_complete_is_booked_too(kiln, mug):
    pot = buying.variant("POT-1")
    buying.offer(kiln, pot)
    order = buying.sent(kiln, (mug, 10), (pot, 10))
    receive(order, {mug: 10}, "a")
    receive(order, {mug: 2, pot: 9}, "b", difference="two more mugs, one pot broke")
    assert (free(mug), free(pot), buying.state(order)) == (12, 9, "part")
    assert Movement.objects.filter(variant=mug, cause=f"purchase:{order.number}:b").count() == 1
    assert [*audit.stock()] == []


def test_nothing_or_a_foreign_line_is_not_received(kiln, mug):
    order, other = buying.sent(kiln, (mug, 10)), buying.sent(kiln, (mug, 20))
    with buying.refuses("pieces"):
        receive(order, {mug: 0})
    with pytest.raises(NotFound):
        receiving.receive(number=order.number, pieces={buying.line(other, mug).pk: 5}, key="k", actor_id=None)
    assert free(mug) == 0


def test_draft_is_not_received(kiln, mug):
    order = buying.draft(kiln, (mug, 10))
    with pytest.raises(StateRefused):
        receive(order, {mug: 10})


# --- Cost ------------------------------------------------------------------------------------------------
def test_cost_moves_by_pieces_on_hand(kiln, mug):
    receive(buying.sent(kiln, (mug, 10)), {mug: 10})
    receive(buying.sent(kiln, (mug, 100)), {mug: 100})
    kept = VariantCost.objects.get()
    assert (kept.average_minor, kept.last_minor) == (Decimal("854.5455"), Decimal(800))  # with the fee of each order
    assert [row.on_hand for row in ReceiptLine.objects.order_by("id")] == [0, 10]


def test_pieces_of_unknown_cost_do_not_move_the_first_average(kiln):
    pot = buying.variant("POT-1", stock=500)
    buying.offer(kiln, pot, ((1, 700),))
    receive(buying.sent(kiln, (pot, 10)), {pot: 10})
    assert VariantCost.objects.get().average_minor == 700 + 2_500 // 10


def test_cost_is_in_ones_own_currency_at_the_rate_of_the_order(mug):
    loom = buying.vendor("Loom", currency="EUR", rate=Decimal("1.10"))
    buying.offer(loom, mug, ((1, 1_000),))
    order = buying.sent(loom, (mug, 10))
    vendors.change(vendor_id=loom.pk, facts={"name": "Loom", "currency": "EUR", "rate": Decimal(2)}, actor_id=None)
    receive(order, {mug: 10})
    assert VariantCost.objects.get().average_minor == 1_100
    assert PurchaseOrder.objects.get().rate == Decimal("1.10")


def test_draft_of_a_former_currency_is_not_taken_up_again(kiln):
    before = buying.draft(kiln)
    facts = {"name": kiln.name, "currency": "EUR", "rate": Decimal("1.1"), "lead_days": 10}
    kiln.offers.all().delete()
    vendors.change(vendor_id=kiln.pk, facts=facts, actor_id=None)
    again = buying.draft(kiln)
    assert (again.pk != before.pk, again.currency) == (True, "EUR")


def test_note_asked_for_last_stands_on_the_draft_taken_up_again(kiln):
    place = factories.warehouse().pk
    purchases.draft(vendor_id=kiln.pk, warehouse_id=place, actor_id=None)
    again = purchases.draft(vendor_id=kiln.pk, warehouse_id=place, note="Gate 4", actor_id=None)
    assert (PurchaseOrder.objects.count(), again.note) == (1, "Gate 4")


def test_vendor_that_delivers_at_once_is_expected_on_the_day_it_is_sent(kiln, mug):
    order = buying.draft(kiln, (mug, 20))
    kiln.lead_days = 0
    kiln.save()
    with clock.set_to(clock.now() + timedelta(days=40)):
        purchases.send(number=order.number, actor_id=None)
        assert buying.line(order, mug).expected_on == timezone.localdate(clock.now())


def test_next_day_is_of_lines_that_are_still_to_come(kiln, mug):
    pot = buying.variant("POT-1")
    buying.offer(kiln, pot, weekly=10)
    order = buying.sent(kiln, (mug, 20), (pot, 40))
    receive(order, {mug: 20})
    assert selectors.find(order.number).next_on == buying.line(order, pot).expected_on


def test_more_pieces_than_a_line_takes_are_refused(kiln, mug):
    with buying.refuses("quantity"):
        buying.draft(kiln, (mug, 3_000_000_000))


def test_vendor_counts_its_offers_and_open_orders_each_by_itself(kiln, mug):
    buying.offer(kiln, buying.variant("POT-1"))
    for _ in range(3):
        buying.sent(kiln, (mug, 20))
    found = vendor_selectors.find(kiln.pk)
    assert (found.offered, found.open_orders) == (2, 3)
