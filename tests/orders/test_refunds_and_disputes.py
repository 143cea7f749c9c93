"""What c's bank gave back is not given back again; and a hold ends with its own cause only."""

from __future__ import annotations

import pytest
from django.db import transaction

from orders.models import Order, Refund
from orders.services import cancellation, disputed, refund
from supplier.models import Dispute, PayoutHold, SalesOrder
from supplier.selectors import audit
from supplier.services import disputes, payout_holds, shortage
from tests import factories
from tests.orders import buying, returning
from tests.supplier import office
from tests.supplier.test_disputes import told

pytestmark = pytest.mark.django_db(transaction=True)


def lost(provider, *, decided: bool = True) -> str:
    made = provider.dispute(provider.all("charge")[0]["id"], "product_not_received")
    told(provider)
    if decided:
        provider.decide(made, won=False)
        told(provider)
    return made


def give_back(shop, order: Order, n: int, key: str = "k") -> Refund:
    with factories.inside(shop):
        line = order.lines.get().id
    with factories.context.entered(shop):
        made = refund.grant(
            order_number=order.number, pieces={line: n}, shipping=False, reason="goodwill", key=key, actor="B"
        )
    buying.drain()
    return made


def placed(shop, provider) -> Order:
    order = buying.paid_order(shop, provider)
    buying.drain()
    return order


def test_refund_after_a_lost_dispute_is_refused(shop, provider):
    order = placed(shop, provider)
    lost(provider)
    with returning.refused("disputed"):
        give_back(shop, order, 1)
    with factories.inside(shop):
        assert (Refund.objects.count(), order.lines.get().refunded) == (0, 0)
    assert (provider.all("refund"), buying.clean()) == ([], True)


def test_refund_while_the_bank_holds_the_money_is_refused_and_after_a_won_dispute_is_not(shop, provider):
    order = placed(shop, provider)
    made = lost(provider, decided=False)
    with returning.refused("disputed"):
        give_back(shop, order, 1)
    provider.decide(made, won=True)
    told(provider)
    assert (give_back(shop, order, 1).amount_minor, buying.clean()) == (2_200, True)


def test_after_a_part_was_lost_only_what_remains_goes_back(shop, provider):
    order = placed(shop, provider)  # 49.50
    Dispute.objects.create(
        provider_id="dp_part", reseller=shop, order_number=order.number, state="lost", reason="general", currency="USD",
        amount_minor=2_751, opened_at=order.placed_at, closed_at=order.placed_at,
    )  # fmt: skip
    with returning.refused("disputed"):
        give_back(shop, order, 1)  # 22.00 of 21.99
    Dispute.objects.update(amount_minor=2_750)
    assert give_back(shop, order, 1).amount_minor == 2_200
    with returning.refused("disputed"):
        give_back(shop, order, 1, key="again")


@pytest.mark.parametrize(("bearer", "account"), [("supplier", "return_cost"), ("shop", "reseller_payable")])
def test_order_cancelled_after_a_lost_dispute_sends_nothing_and_makes_good_who_bore_it(
    shop, provider, bearer, account
):
    order = placed(shop, provider)
    made = lost(provider, decided=False)
    disputes.set_bearer(dispute_pk=Dispute.objects.get().pk, bearer=bearer, reason="Agreed", actor_id=None)
    provider.decide(made, won=False)
    told(provider)
    assert buying.balance(account) == -4_950 + (1_880 if account == "reseller_payable" else 0)
    with factories.context.entered(shop):
        cancellation.cancel(order_number=order.number, actor="Bea", reason="customer")
    buying.drain()
    undone = buying.reread(shop, order)
    assert (undone.status, undone.refunded_minor, provider.all("refund")) == ("cancelled", 0, [])
    # nobody has won or lost: the goods never left, c has its money
    assert returning.balances(order.number) == {}
    assert (buying.free(shop), buying.clean()) == (10, True)


def test_pieces_reported_short_after_a_lost_dispute_close_the_books(shop, provider):
    order = placed(shop, provider)
    lost(provider)
    fulfilment = SalesOrder.objects.get().fulfilments.get()
    line = fulfilment.lines.get()
    shortage.report_short(number=fulfilment.number, pieces={line.pk: 2}, reason="Broken", actor_id=None)
    buying.drain()
    assert (buying.reread(shop, order).status, returning.balances(order.number)) == ("cancelled", {})
    assert buying.clean()


def test_return_after_a_lost_dispute_closes_without_money(shop, provider):
    order = returning.sent(shop, provider)
    lost(provider)
    back = returning.ask(shop, order, 1)
    returning.approve(shop, back)
    closed = returning.look(back.number)
    assert (closed.state, closed.order.refunded_minor, closed.withheld_minor) == ("closed", 0, 0)
    assert (provider.all("refund"), buying.clean()) == ([], True)


def undone(shop, order: Order, n: int) -> Refund:
    """S can't send pieces: their refund can't be refused."""
    fulfilment = SalesOrder.objects.get().fulfilments.get()
    line = fulfilment.lines.get()
    shortage.report_short(number=fulfilment.number, pieces={line.pk: n}, reason="Broken", actor_id=None)
    buying.drain()
    with factories.inside(shop):
        return Refund.objects.latest("pk")


def test_refund_that_cant_be_refused_waits_while_the_payment_is_disputed_and_goes_once_that_is_won(
    shop, provider, mailoutbox
):
    order = placed(shop, provider)
    made = lost(provider, decided=False)
    mailoutbox.clear()
    waits = undone(shop, order, 1)
    assert (waits.state, waits.amount_minor, provider.all("refund"), mailoutbox) == ("held", 2_200, [], [])
    provider.decide(made, won=True)
    told(provider)
    with factories.inside(shop):
        waits.refresh_from_db()
    assert (waits.state, [each["amount"] for each in provider.all("refund")]) == ("done", [2_200])
    assert (len(mailoutbox), buying.clean()) == (1, True)


@pytest.mark.parametrize("bearer", ["supplier", "shop"])
def test_refund_that_waits_ends_with_a_lost_dispute_and_makes_good_who_bore_it(shop, provider, bearer):
    order = placed(shop, provider)
    made = lost(provider, decided=False)
    disputes.set_bearer(dispute_pk=Dispute.objects.get().pk, bearer=bearer, reason="Agreed", actor_id=None)
    waits = undone(shop, order, 2)
    assert waits.state == "held"
    provider.decide(made, won=False)
    told(provider)
    with factories.inside(shop):
        waits.refresh_from_db()
    assert (waits.state, waits.amount_minor, provider.all("refund")) == ("covered", 0, [])
    seen = buying.reread(shop, order)
    assert (seen.refunded_minor, seen.paid, SalesOrder.objects.get().refunded_minor) == (0, "paid", 0)
    assert (returning.balances(order.number), buying.clean()) == ({}, True)


def test_refund_the_provider_refused_because_of_a_dispute_ends_with_it(shop, provider):
    order = placed(shop, provider)
    made = provider.dispute(provider.all("charge")[0]["id"], "product_not_received")
    asked = give_back(shop, order, 1)  # nobody told us of the dispute yet
    with factories.inside(shop):
        asked.refresh_from_db()
    assert asked.state == "failed"
    told(provider)
    with factories.inside(shop):
        asked.refresh_from_db()
    assert asked.state == "held"
    provider.decide(made, won=False)
    told(provider)
    with factories.inside(shop):
        asked.refresh_from_db()
    assert (asked.state, asked.amount_minor, buying.clean()) == ("covered", 0, True)


def test_refund_of_more_than_the_bank_left_sends_the_rest_once_the_dispute_is_lost(shop, provider):
    order = placed(shop, provider)  # 49.50
    part = Dispute.objects.create(
        provider_id="dp_part", reseller=shop, order_number=order.number, state="under_review", reason="general",
        currency="USD", amount_minor=3_000, opened_at=order.placed_at, bearer="supplier",
    )  # fmt: skip
    waits = undone(shop, order, 1)  # 22.00 of the 19.50 that are left for sure
    assert waits.state == "held"
    Dispute.objects.filter(pk=part.pk).update(state="lost", closed_at=order.placed_at)
    with factories.context.entered(shop), transaction.atomic():
        disputed.after(Order.objects.select_for_update().get(number=order.number))
    buying.drain()
    with factories.inside(shop):
        waits.refresh_from_db()
    assert (waits.state, waits.amount_minor, [each["amount"] for each in provider.all("refund")]) == (
        "done",
        1_950,
        [1_950],
    )
    assert SalesOrder.objects.get().refunded_minor == 1_950


def test_postage_told_is_what_the_customer_really_bore_where_the_bank_took_part_back(shop, provider):
    order = placed(shop, provider)  # 49.50, all of it wanted back less 5.00 postage
    for gone, sent, bore in ((0, 4_450, 500), (300, 4_450, 200), (500, 4_450, 0), (900, 4_050, 0)):
        Dispute.objects.all().delete()
        if gone:
            Dispute.objects.create(
                provider_id="dp_part", reseller=shop, order_number=order.number, state="lost", reason="general",
                currency="USD", amount_minor=gone, opened_at=order.placed_at, closed_at=order.placed_at,
            )  # fmt: skip
        with factories.inside(shop), transaction.atomic():
            found = disputed.there(Order.objects.get(), 4_950, 500, as_far=True)
        assert (found.amount_minor, found.way_back_minor) == (sent, bore)


# --- Holds ---------------------------------------------------------------------------------------------
def test_hold_ends_with_its_own_cause_only(shop, provider):
    placed(shop, provider)
    order, finance = SalesOrder.objects.get(), office.client("finance")
    first = lost(provider, decided=False)
    url = f"/orders/{shop.slug}/{order.order_number}/"
    assert finance.post(f"{url}payout/", {"held": "1", "reason": " "}).status_code == 302
    assert PayoutHold.objects.filter(cause="finance").count() == 0
    finance.post(f"{url}payout/", {"held": "1", "reason": "Odd address"})
    page = finance.get(url).content.decode()
    assert ("Held by finance" in page, "Odd address" in page, "Held by a dispute" in page) == (True, True, True)
    provider.decide(first, won=True)
    told(provider)
    order.refresh_from_db()
    open_ = list(PayoutHold.objects.filter(released_at=None).values_list("cause", flat=True))
    assert (order.payout_held, open_, buying.clean()) == (True, ["finance"], True)
    finance.post(f"{url}payout/", {"held": "0"})
    order.refresh_from_db()
    assert (order.payout_held, PayoutHold.objects.count(), buying.clean()) == (False, 2, True)


def test_finance_letting_go_leaves_the_dispute_holding(shop, provider):
    placed(shop, provider)
    order = SalesOrder.objects.get()
    lost(provider, decided=False)
    with returning.refused("payout_hold"):
        payout_holds.set_by_finance(slug=shop.slug, number=order.order_number, held=False, reason="", actor_id=None)
    order.refresh_from_db()
    assert order.payout_held


def test_check_finds_a_hold_without_cause_and_a_dispute_without_hold(shop, provider):
    placed(shop, provider)
    SalesOrder.objects.update(payout_held=True)
    assert [each.check for each in audit.books()] == ["payouts_are_held_while_something_holds_them"]
    SalesOrder.objects.update(payout_held=False)
    lost(provider, decided=False)
    PayoutHold.objects.all().delete()
    SalesOrder.objects.update(payout_held=False)
    assert [each.check for each in audit.books()] == ["open_disputes_hold_their_payouts_closed_ones_do_not"]


def test_check_finds_money_that_went_back_twice(shop, provider):
    order = placed(shop, provider)
    give_back(shop, order, 1)
    Dispute.objects.create(
        provider_id="dp_2", reseller=shop, order_number=order.number, state="lost", reason="general", currency="USD",
        amount_minor=2_751, opened_at=order.placed_at, closed_at=order.placed_at,
    )  # fmt: skip
    assert "nothing_goes_back_twice" in [each.check for each in audit.books()]
