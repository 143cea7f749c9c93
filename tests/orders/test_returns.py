"""A return from c's request to the last cent, over both sides of the house."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orders.models import Order, OrderEvent, OrderLine, Refund, ReturnRequest
from orders.selectors import returns as selectors
from orders.services import returns
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, StateRefused
from s2b2c.outbox.models import OutboxEvent
from supplier.models import Movement, OrderNote, ReturnOrder, SalesOrder, Terms
from supplier.services import cash
from supplier.services import returns as supply
from supplier.tasks import lapse_returns
from tests import factories
from tests.orders import buying, returning

pytestmark = pytest.mark.django_db(transaction=True)


def state(shop, back: ReturnRequest) -> str:
    with factories.inside(shop):
        return ReturnRequest.objects.get(id=back.id).state


def kinds(shop, order: Order) -> list[str]:
    with factories.inside(shop):
        rows = OrderEvent.objects.filter(order=order, kind__startswith="return_").order_by("id")
        return list(rows.values_list("kind", flat=True))


def test_return_goes_from_request_to_money_back(shop, provider):
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order)
    returning.approve(shop, back)
    assert returning.arrive(back).state == "received"
    closed = returning.look(back.number)
    with factories.inside(shop):
        refund = Refund.objects.get(order=order)
        line = OrderLine.objects.get(order=order)
    assert (state(shop, back), closed.state, refund.state) == ("closed", "closed", "done")
    assert (refund.amount_minor, line.refunded, line.returned) == (2_200, 1, 1)
    assert kinds(shop, order) == [
        f"return_{step}" for step in ("requested", "approved", "received", "inspected", "closed")
    ]
    assert buying.free(shop) == 9
    assert buying.clean()


def test_s_reads_every_step_in_its_history(shop, provider):
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order)
    returning.approve(shop, back)
    returning.arrive(back)
    returning.look(back.number)
    rows = OrderNote.objects.filter(order__order_number=order.number, kind__startswith="return_").order_by("id")
    assert list(rows.values_list("kind", flat=True)) == kinds(shop, order)


def test_c_gets_a_mail_at_each_public_step(shop, provider):
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order)
    returning.approve(shop, back)
    returning.arrive(back)
    returning.look(back.number)
    steps = [row.payload["data"]["step"] for row in OutboxEvent.objects.filter(topic="MailRequested", payload__kind="return").order_by("id")]  # fmt: skip
    assert steps == ["requested", "approved", "received", "closed"]


def test_scrapped_pieces_come_in_and_are_written_off(shop, provider):
    back = returning.ask(shop, returning.sent(shop, provider), 2, reason="defect")
    returning.approve(shop, back)
    returning.arrive(back)
    returning.look(back.number, restocked=1, scrapped=1)
    moved = Movement.objects.filter(cause__contains=back.number).order_by("id")
    assert list(moved.values_list("kind", "quantity")) == [("return", 2), ("adjustment", -1)]
    assert (buying.free(shop), buying.clean()) == (9, True)


def test_pieces_sent_back_to_c_are_not_refunded(shop, provider):
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order, 2)
    returning.approve(shop, back)
    returning.arrive(back)
    returning.look(back.number, restocked=1, sent_back=1)
    with factories.inside(shop):
        assert Order.objects.get(id=order.id).refunded_minor == 2_200
    assert buying.free(shop) == 9


def test_nothing_accepted_gives_nothing_back(shop, provider):
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order)
    returning.approve(shop, back)
    returning.arrive(back)
    returning.look(back.number, sent_back=1)
    with factories.inside(shop):
        assert (Order.objects.get(id=order.id).refunded_minor, state(shop, back)) == (0, "closed")


def test_window_ends_for_c_but_not_for_the_shop(shop, provider):
    order = returning.sent(shop, provider)
    with clock.set_to(clock.now() + timedelta(days=15)):
        with returning.refused("window"):
            returning.ask(shop, order)
        assert returning.ask(shop, order, actor="Bea").state == "requested"


def test_window_is_that_of_the_terms_at_sale(shop, provider):
    Terms.objects.update(return_days=3)
    order = returning.sent(shop, provider)
    Terms.objects.update(return_days=90)
    with clock.set_to(clock.now() + timedelta(days=4)), returning.refused("window"):
        returning.ask(shop, order)


def test_only_what_was_sent_and_is_not_on_its_way_back_is_returned(shop, provider):
    order = returning.sent(shop, provider)
    returning.ask(shop, order, 1)
    with returning.refused("pieces"):
        returning.ask(shop, order, 2)
    with returning.refused("pieces"):
        returning.ask(shop, order, 0)
    waiting = buying.buy(shop, 1)
    buying.drain()
    with returning.refused("not_sent"):
        returning.ask(shop, waiting)


def test_same_form_twice_is_one_return(shop, provider):
    order = returning.sent(shop, provider)
    assert returning.ask(shop, order, key="form").id == returning.ask(shop, order, key="form").id
    assert ReturnOrder.objects.count() == 1


def test_terms_may_approve_by_themselves(shop, provider):
    Terms.objects.update(return_approval="auto")
    back = returning.ask(shop, returning.sent(shop, provider))
    assert (state(shop, back), ReturnOrder.objects.get().state) == ("approved", "approved")


def test_terms_may_leave_it_to_the_supplier(shop, provider):
    Terms.objects.update(return_approval="supplier")
    back = returning.ask(shop, returning.sent(shop, provider))
    with returning.refused("not_yours"):
        returning.approve(shop, back)
    supply.decide(number=back.number, action="approve", actor_id=None)
    buying.drain()
    assert (state(shop, back), ReturnOrder.objects.get().state) == ("approved", "approved")


def test_what_the_supplier_decides_does_not_wait_for_the_shop(shop, provider):
    Terms.objects.update(return_approval="supplier")
    returning.ask(shop, returning.sent(shop, provider))
    Terms.objects.update(return_approval="shop")
    own = returning.ask(shop, returning.sent(shop, provider))
    with factories.inside(shop):
        assert [each.number for each in selectors.waiting_for_shop()] == [own.number]


def test_shop_refuses_with_a_reason_c_reads(shop, provider):
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order)
    with factories.context.entered(shop):
        with returning.refused("answer"):
            returns.refuse(number=back.number, actor="Bea", answer=" ")
        returns.refuse(number=back.number, actor="Bea", answer="Worn already")
    buying.drain()
    assert (state(shop, back), ReturnOrder.objects.get().state) == ("refused", "refused")
    with pytest.raises(StateRefused):
        returning.approve(shop, back)


def test_faster_decision_stands(shop, provider):
    back = returning.ask(shop, returning.sent(shop, provider))
    supply.decide(number=back.number, action="refuse", answer="No", actor_id=None)
    with factories.context.entered(shop):
        returns.approve(number=back.number, actor="Bea")
    buying.drain()
    assert (state(shop, back), ReturnOrder.objects.get().state) == ("approved", "approved")


def test_c_withdraws_before_sending_and_not_after(shop, provider):
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order)
    with factories.context.entered(shop):
        returns.withdraw(number=back.number, actor="customer")
    buying.drain()
    assert (state(shop, back), ReturnOrder.objects.get().state) == ("withdrawn", "withdrawn")
    second = returning.ask(shop, order, 2)
    returning.approve(shop, second)
    with factories.context.entered(shop):
        returns.note_sent(number=second.number, tracking="RT1", actor="customer")
        with pytest.raises(StateRefused):
            returns.withdraw(number=second.number, actor="customer")
    buying.drain()
    assert ReturnOrder.objects.get(number=second.number).tracking == "RT1"


def test_shop_lets_small_things_be_kept(shop, provider):
    Terms.objects.update(keep_below_minor=2_200)
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order, reason="defect")
    returning.approve(shop, back, keep=True)
    with factories.inside(shop):
        assert Order.objects.get(id=order.id).refunded_minor == 2_200
    assert (state(shop, back), ReturnOrder.objects.get().state, buying.free(shop)) == ("closed", "closed", 8)
    assert buying.clean()


def test_shop_does_not_give_more_away_than_its_limit(shop, provider):
    Terms.objects.update(keep_below_minor=2_199)
    back = returning.ask(shop, returning.sent(shop, provider), reason="defect")
    with returning.refused("limit"):
        returning.approve(shop, back, keep=True)
    supply.decide(number=back.number, action="approve", keep=True, fault="carrier", actor_id=None)
    buying.drain()
    closed = ReturnOrder.objects.get()
    assert (state(shop, back), closed.claim_state, buying.clean()) == ("closed", "open", True)


def test_supplier_starts_a_return(shop, provider):
    order = returning.sent(shop, provider)
    sales = SalesOrder.objects.get()
    number = supply.start(
        order_id=sales.id,
        pieces={sales.lines.get().id: 1},
        wish="refund",
        reason="wrong",
        note="Recalled",
        actor_id=None,
    )
    buying.drain()
    with factories.inside(shop):
        assert selectors.find(number, order=order).state == "approved"
    assert ReturnOrder.objects.get(number=number).state == "approved"


def test_lost_parcel_is_settled_without_being_received(shop, provider):
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order, 2, reason="lost")
    returning.approve(shop, back)
    closed = returning.look(back.number, fault="carrier", missing=2, shipping=True)
    with factories.inside(shop):
        assert Order.objects.get(id=order.id).paid == "refunded"
    assert closed.claim_minor == 2 * (1_000 + 940 + 60) + 500
    assert (buying.free(shop), buying.clean()) == (8, True)


def test_inspection_twice_moves_stock_once(shop, provider):
    back = returning.ask(shop, returning.sent(shop, provider))
    returning.approve(shop, back)
    returning.arrive(back)
    returning.look(back.number)
    returning.look(back.number)
    assert buying.free(shop) == 9
    with pytest.raises(StateRefused):
        returning.look(back.number, scrapped=1)


def test_every_piece_is_accounted_for(shop, provider):
    back = returning.ask(shop, returning.sent(shop, provider), 2)
    returning.approve(shop, back)
    returning.arrive(back)
    with returning.refused("pieces"):
        returning.look(back.number, restocked=1)
    with returning.refused("pieces"):
        returning.look(back.number, restocked=3, missing=-1)
    with returning.refused("fault"):
        returning.look(back.number, fault="moon")


def test_exchange_is_an_order_that_costs_nothing(shop, provider):
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order, wish="exchange", reason="defect")
    returning.approve(shop, back)
    returning.arrive(back)
    returning.look(back.number, scrapped=1)
    with factories.inside(shop):
        replacement = Order.objects.get(terms__replaces=order.number)
        assert (replacement.total_minor, replacement.status) == (0, "processing")
        assert ReturnRequest.objects.get().outcome["exchange"] == replacement.number
        assert Order.objects.get(id=order.id).refunded_minor == 0
    buying.ship_all(shop, replacement)
    buying.drain()
    assert (buying.free(shop), buying.reread(shop, replacement).status, buying.clean()) == (7, "shipped", True)
    with returning.refused("pieces"):
        returning.ask(shop, order, 2)
    with returning.refused("wish"):
        returning.ask(shop, replacement)


def test_exchange_that_is_sold_out_becomes_a_refund(shop, provider):
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order, wish="exchange", reason="defect")
    returning.approve(shop, back)
    returning.arrive(back)
    buying.buy(shop, 8)
    returning.look(back.number, scrapped=1)
    with factories.inside(shop):
        assert Order.objects.get(id=order.id).refunded_minor == 2_200


def test_pieces_refused_at_the_door_are_received(shop, provider):
    order = buying.buy(shop, 2)
    buying.drain()
    buying.ship_all(shop, order)
    buying.drain()
    cash.settle(order_id=SalesOrder.objects.get().pk, outcome="refused", actor_id=None)
    buying.drain()
    back = ReturnOrder.objects.get()
    assert (back.reason, back.state, back.lines.get().quantity) == ("door", "shipped", 2)
    supply.receive(number=back.number, warehouse_id=None, actor_id=None)
    assert returning.look(back.number, restocked=1, scrapped=1, fault="carrier").state == "closed"
    assert (buying.free(shop), buying.clean()) == (9, True)
    assert returning.balances(order.number) == {"carrier_claim": -1_000, "return_cost": 1_000}


def test_foreign_return_is_not_found(shop, provider):
    back = returning.ask(shop, returning.sent(shop, provider))
    other = factories.reseller()
    with factories.context.entered(other), pytest.raises(NotFound):
        returns.approve(number=back.number, actor="Eve")


def _approved_long_ago(shop, provider, **asked) -> tuple[Order, ReturnRequest]:
    order = returning.sent(shop, provider)
    back = returning.ask(shop, order, **asked)
    returning.approve(shop, back)
    ReturnOrder.objects.filter(number=back.number).update(approved_at=clock.now() - timedelta(days=31))
    return order, back


def test_return_nobody_sent_ends_by_itself_and_the_shops_earnings_are_free_again(shop, provider):
    order, back = _approved_long_ago(shop, provider)
    assert [lapse_returns(), lapse_returns()] == [1, 0]
    buying.drain()
    assert (state(shop, back), ReturnOrder.objects.get().state) == ("withdrawn", "withdrawn")
    with factories.inside(shop):
        told = OrderEvent.objects.get(order=order, kind="return_withdrawn")
        assert "please write to us" in told.data["answer"]
        assert selectors.left(order)[0].pieces == 2  # c may ask again, or write
    assert buying.clean()


@pytest.mark.parametrize("why", ["sent", "fresh", "lost"])
def test_return_on_its_way_or_with_nothing_to_send_goes_on(shop, provider, why):
    _order, back = _approved_long_ago(shop, provider, reason="lost" if why == "lost" else "mind")
    if why == "fresh":
        ReturnOrder.objects.update(approved_at=clock.now() - timedelta(days=29))
    if why == "sent":
        with factories.context.entered(shop):
            returns.note_sent(number=back.number, tracking="RT1", actor="customer")
    assert lapse_returns() == (why == "sent")  # S has not heard of it yet
    buying.drain()
    assert state(shop, back) == ("shipped" if why == "sent" else "approved")
