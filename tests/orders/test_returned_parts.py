"""Sets that come back part by part: what each part is worth, who pays, and that nothing comes back twice."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Order, OrderLine, Refund, ReturnRequest
from orders.selectors import returns as selectors
from orders.selectors.parts import Content, Part
from orders.services import refund, returns, shares
from s2b2c.kernel.errors import NotFound
from supplier.models import FulfilmentLine, ReturnOrder, SalesOrder, Stock, Terms
from supplier.services import bundles
from supplier.services import returns as supply
from supplier.services.returns import Found
from tests import factories
from tests.api.conftest import ApiClient
from tests.orders import buying, returning

pytestmark = pytest.mark.django_db(transaction=True)
CENTS = 6_592  # what is paid for a set of 59.93 with its tax


@pytest.fixture
def tea(shop):
    """Two cups, a pot and a spoon in a set at 59.93, which cost the shop 7.00, 13.00 and 1.00 each by themselves."""
    shop.cup, shop.pot, shop.spoon = (
        factories.first_variant(factories.product(name, stock=20, wholesale=worth))
        for name, worth in (("Cup", 700), ("Pot", 1_300), ("Spoon", 100))
    )
    made = factories.product("Tea for two", variants=0)
    shop.variant = factories.variant(made, stock=0, wholesale=2_600, suggested=5_993, floor=3_000, ceiling=9_000)
    bundles.put(variant_id=shop.variant.id, parts={shop.cup.id: 2, shop.pot.id: 1, shop.spoon.id: 1})
    factories.listing(shop, made)
    return shop


def ask(shop, order, parts, *, pieces=0, reason="defect", actor="customer", **more) -> ReturnRequest:
    """Ask for parts, pieces by variant, and whole sets."""
    with factories.inside(shop):
        line_id = order.lines.get().id
    with factories.context.entered(shop):
        back = returns.request(
            order_number=order.number, pieces={line_id: pieces}, reason=reason, wish=more.pop("wish", "refund"),
            parts={(line_id, variant.id): n for variant, n in parts.items()}, actor=actor, **more,
        )  # fmt: skip
    buying.drain()
    return back


def close(shop, back, *, fault="supplier", scrapped=False) -> ReturnOrder:
    """Approve, receive and look: everything goes back into stock, or none of it can be sold again."""
    returning.approve(shop, back)
    returning.arrive(back)
    found = {
        line.id: Found(**{"scrapped" if scrapped else "restocked": line.quantity})
        for line in ReturnOrder.objects.get(number=back.number).lines.all()
    }
    supply.inspect(number=back.number, found=found, fault=fault, actor_id=None)
    buying.drain()
    return ReturnOrder.objects.get(number=back.number)


def give_back(shop, order, parts, **more) -> int:
    """Take a return to its end; give the money that went back."""
    with factories.inside(shop):
        before = Order.objects.get(id=order.id).refunded_minor
    close(shop, ask(shop, order, parts, **more))
    return buying.reread(shop, order).refunded_minor - before


def line_of(shop, order) -> OrderLine:
    with factories.inside(shop):
        return OrderLine.objects.get(order=order)


def free(variant) -> int:
    return sum(Stock.objects.filter(variant=variant).values_list("available", flat=True))


def test_one_part_comes_back_for_its_share(tea, provider):
    order = returning.sent(tea, provider, 1)
    assert give_back(tea, order, {tea.cup: 1}) == CENTS * 700 // 2_800
    line = line_of(tea, order)
    assert (line.refunded, line.returned, line.apart, line.received) == (0, None, 1, 0)
    assert (free(tea.cup), free(tea.pot), buying.clean()) == (19, 19, True)
    assert buying.reread(tea, order).paid == "part_refunded"


def test_parts_and_the_rest_sum_to_the_set(tea, provider):
    Terms.objects.update(return_parts=True)
    order = returning.sent(tea, provider, 2)
    back = [
        give_back(tea, order, {tea.cup: 1}, reason="mind"),
        give_back(tea, order, {tea.spoon: 1, tea.pot: 1}, reason="mind"),
        give_back(tea, order, {}, pieces=1, reason="mind"),
        give_back(tea, order, {tea.cup: 1}, reason="mind"),
    ]
    line = line_of(tea, order)
    assert (sum(back), min(back) > 0) == (order.total_minor - 550, True)
    assert (line.refunded, line.returned, line.apart, line.received) == (2, 2, None, 0)
    assert [part["back"] for part in line.parts] == [0, 0, 0]
    books = returning.balances(order.number)
    assert books == {"clearing": -550, "shipping": 500, "tax_payable": 50}
    assert (free(tea.cup), free(tea.pot), buying.clean()) == (20, 20, True)


def test_shares_are_those_of_the_sale(tea, provider):
    order = returning.sent(tea, provider, 1)
    type(tea.cup).objects.filter(id=tea.cup.id).update(wholesale_minor=99)
    assert give_back(tea, order, {tea.cup: 1}) == CENTS * 700 // 2_800


def test_set_sold_before_its_parts_were_noted_takes_their_prices_of_today(tea, provider):
    order = returning.sent(tea, provider, 1)
    with factories.inside(tea):
        OrderLine.objects.update(parts=None)
    first = give_back(tea, order, {tea.cup: 2})
    type(tea.pot).objects.filter(id=tea.pot.id).update(wholesale_minor=1)
    assert (first, give_back(tea, order, {tea.pot: 1, tea.spoon: 1})) == (CENTS // 2, CENTS - CENTS // 2)


@pytest.mark.parametrize("reason", ["mind", "defect", "wrong", "lost"])
@pytest.mark.parametrize("fault", ["supplier", "reseller", "carrier"])
def test_who_pays_for_a_part_closes_to_zero(tea, provider, reason, fault):
    Terms.objects.update(return_parts=True)
    order = returning.sent(tea, provider, 1)
    back = ask(tea, order, {tea.cup: 1}, reason=reason)
    closed = close(tea, back, fault=fault, scrapped=True)
    rest = close(
        tea, ask(tea, order, {tea.cup: 1, tea.pot: 1, tea.spoon: 1}, reason=reason), fault=fault, scrapped=True
    )
    books = returning.balances(order.number)
    whole = returning.sent(tea, provider, 1)
    other = close(tea, ask(tea, whole, {}, pieces=1, reason=reason), fault=fault, scrapped=True)
    assert books == returning.balances(whole.number)
    assert (closed.claim_minor + rest.claim_minor, sum(books.values()), buying.clean()) == (other.claim_minor, 0, True)


def test_who_changed_their_mind_sends_the_set_back_whole_unless_agreed(tea, provider):
    order = returning.sent(tea, provider, 1)
    with returning.refused("parts"):
        ask(tea, order, {tea.cup: 1}, reason="mind")
    with returning.refused("parts"):
        ask(tea, order, {tea.cup: 1}, reason="mind", actor="Bea")
    Terms.objects.update(return_parts=True)
    with returning.refused("parts"):  # the terms of the sale stay
        ask(tea, order, {tea.cup: 1}, reason="mind")
    assert ask(tea, returning.sent(tea, provider, 1), {tea.cup: 1}, reason="mind").state == "requested"


def test_no_part_comes_back_twice(tea, provider):
    order = returning.sent(tea, provider, 2)
    ask(tea, order, {tea.pot: 1})
    for parts, pieces in (({tea.pot: 2}, 0), ({tea.cup: 5}, 0), ({}, 2), ({tea.cup: 3}, 1), ({tea.pot: -1}, 0)):
        with returning.refused("pieces"):
            ask(tea, order, parts, pieces=pieces)
    with pytest.raises(NotFound):
        ask(tea, order, {factories.first_variant(factories.product("Lid")): 1})
    assert ask(tea, order, {tea.cup: 2}, pieces=1).state == "requested"
    with returning.refused("pieces"):
        ask(tea, order, {tea.cup: 1})


def test_what_the_desk_gave_back_meanwhile_is_not_given_back_again(tea, provider):
    order = returning.sent(tea, provider, 1)
    back = ask(tea, order, {tea.pot: 1})
    line_id = line_of(tea, order).id
    with factories.context.entered(tea):
        refund.grant(
            order_number=order.number, pieces={}, received={line_id: 1}, shipping=False, reason="damaged", key="k",
            actor="Bea",
        )  # fmt: skip
    buying.drain()
    close(tea, back)
    assert (buying.reread(tea, order).refunded_minor, buying.clean()) == (CENTS, True)


def test_rest_of_a_set_that_is_still_to_be_sent_earns_its_whole_price(tea, provider):
    order = buying.paid_order(tea, provider, 2)
    buying.drain()
    from supplier.models import FulfilmentOrder
    from supplier.services import shipping

    parcel = FulfilmentOrder.objects.get()
    first = {line.id: line.per for line in parcel.lines.all()}
    shipping.ship(number=parcel.number, carrier="UPS", tracking="", request_key="a", pieces=first)
    buying.drain()
    give_back(tea, order, {tea.cup: 1})
    line_id = line_of(tea, order).id
    with factories.context.entered(tea):
        refund.grant(
            order_number=order.number, pieces={line_id: 1}, shipping=False, reason="changed_mind", key="k", actor="Bea"
        )
    buying.drain()
    assert (buying.balance("wholesale_deferred"), buying.balance("wholesale_revenue")) == (0, 2_600 - 650)
    assert (line_of(tea, order).apart, buying.clean()) == (1, True)


def test_a_part_is_exchanged_for_the_same_part(tea, provider):
    order = returning.sent(tea, provider, 1)
    close(tea, ask(tea, order, {tea.pot: 1}, wish="exchange"), scrapped=True)
    with factories.inside(tea):
        replacement = Order.objects.get(terms__replaces=order.number)
        line = replacement.lines.get()
    assert (line.variant_id, line.title, line.quantity, replacement.total_minor) == (tea.pot.id, "Pot", 1, 0)
    with returning.refused("pieces"):
        ask(tea, order, {tea.pot: 1})
    with returning.refused("pieces"):
        ask(tea, order, {}, pieces=1)
    assert give_back(tea, order, {tea.cup: 2}) == CENTS // 2
    assert buying.clean()


def test_small_part_is_kept_within_the_limit(tea, provider):
    Terms.objects.update(keep_below_minor=300)
    order = returning.sent(tea, provider, 1)
    with returning.refused("limit"):
        returning.approve(tea, ask(tea, order, {tea.cup: 1}), keep=True)
    back = ask(tea, order, {tea.spoon: 1})
    with factories.inside(tea):
        assert selectors.worth(ReturnRequest.objects.get(id=back.id)) == 235
    returning.approve(tea, back, keep=True)
    assert (buying.reread(tea, order).refunded_minor, free(tea.spoon), buying.clean()) == (235, 19, True)


def test_supplier_starts_a_return_of_a_part(tea, provider):
    returning.sent(tea, provider, 1)
    sales = SalesOrder.objects.get()
    line = sales.lines.get()
    wish = {"order_id": sales.id, "pieces": {}, "wish": "refund", "reason": "mind", "note": "", "actor_id": None}
    with returning.refused("pieces"):
        supply.start(**wish, parts={(line.id, tea.cup.id): 3})
    number = supply.start(**wish, parts={(line.id, tea.cup.id): 1})
    buying.drain()
    back = ReturnOrder.objects.get(number=number)
    assert (back.state, back.lines.get().variant_id, back.lines.get().part) == ("approved", tea.cup.id, True)


def test_part_is_returned_over_both_apis(tea, provider):
    order = returning.sent(tea, provider, 1)
    c, address = ApiClient(f"{tea.slug}.localhost"), f"/api/v1/orders/{order.token}/returns/"
    row = c.send("get", address).json()["returnable"][0]
    assert [(part["name"], part["quantity"]) for part in row["parts"]] == [("Cup", 2), ("Pot", 1), ("Spoon", 1)]
    wanted = {"line": row["line"], "sku": tea.pot.sku, "quantity": 1}
    body = {"reason": "defect", "wish": "refund", "lines": [wanted]}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    made = c.send("post", address, body, **key)
    assert (made.status_code, made.json()["lines"]) == (201, [wanted])
    wrong = {**body, "lines": [{**wanted, "sku": "NO-SUCH"}]}
    assert c.send("post", address, wrong, **{"Idempotency-Key": uuid.uuid4().hex}).status_code == 404
    assert "worth" not in str(c.send("get", address).json())


_ATTACKS = {
    "more parts than the set has": """UPDATE orders_orderline SET parts = jsonb_set(parts, '{0,back}', '3')""",
    "parts of no opened set": """UPDATE orders_orderline SET apart = NULL""",
    "more sets opened than sent": "UPDATE orders_orderline SET apart = 2",
}


@pytest.mark.parametrize("attack", _ATTACKS)
def test_database_refuses_parts_that_are_not_there(tea, provider, attack):
    order = returning.sent(tea, provider, 1)
    give_back(tea, order, {tea.cup: 1})
    with pytest.raises(IntegrityError), factories.inside(tea), connection.cursor() as cursor:
        cursor.execute(_ATTACKS[attack])


def test_database_refuses_to_take_back_more_than_was_sent(tea, provider):
    order = returning.sent(tea, provider, 1)
    give_back(tea, order, {tea.cup: 2})
    rows = FulfilmentLine.objects.filter(variant=tea.cup)
    assert list(rows.values_list("returned", "shipped")) == [(2, 2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(returned=3)


# --- To the cent, whatever comes back in which order ----------------------------------------------------
@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_mixed_return_sums_to_the_line(data):
    draw = data.draw
    sets = draw(st.integers(1, 4))
    made_of = [
        Part(n, draw(st.integers(1, 3)), draw(st.sampled_from([0, 1, 7, 100, 999])))
        for n in range(draw(st.integers(2, 4)))
    ]
    if not any(part.weight for part in made_of):
        made_of = [Part(part.variant_id, part.pieces, 1) for part in made_of]
    amounts = {f"{part}_minor": draw(st.integers(0, 9_999)) for part in shares.PARTS}
    amounts["margin_minor"] -= 50
    line = OrderLine(id=1, quantity=sets, shipped=sets, refunded=0, returned=0, apart=None, **amounts)
    content, gone = Content(tuple(made_of)), dict.fromkeys(shares.PARTS, 0)
    rest, total = dict(gone), dict(gone)
    while line.refunded < sets:
        if line.received and draw(st.booleans()):
            made = shares.share_of(line, draw(st.integers(1, line.received)), gone)
            gone = {part: gone[part] + getattr(made, part) for part in shares.PARTS}
        else:
            most = {part.variant_id: line.with_customer * part.pieces - part.back for part in content.parts}
            there = [id_ for id_, n in most.items() if n]
            some = draw(st.lists(st.sampled_from(there), min_size=1, max_size=2, unique=True))
            pieces = {id_: draw(st.integers(1, most[id_])) for id_ in some}
            made = shares._single(line, (0, 0), gone, rest, content, pieces)
            gone = {part: gone[part] + made.aside[part] for part in shares.PARTS}
            rest = {part: rest[part] + made.aside[part] - getattr(made, part) for part in shares.PARTS}
            assert made.content is not None
            content, line.apart = made.content, made.content.apart
        total = {part: total[part] + getattr(made, part) for part in shares.PARTS}
        line.refunded += made.quantity
        line.returned = line.refunded
        assert all(value >= 0 for part, value in rest.items() if part != "margin")
    assert total == {part: amounts[f"{part}_minor"] for part in shares.PARTS}
    assert not any(rest.values())


def test_nothing_of_a_part_is_refunded_twice_when_its_event_comes_again(tea, provider):
    from s2b2c.outbox.models import OutboxEvent

    order = returning.sent(tea, provider, 1)
    give_back(tea, order, {tea.cup: 1})
    OutboxEvent.objects.filter(topic__in=("ReturnInspected", "RefundMade", "ReturnClosed")).update(state="pending")
    buying.drain()
    with factories.inside(tea):
        assert Refund.objects.count() == 1
    assert (buying.reread(tea, order).refunded_minor, free(tea.cup), buying.clean()) == (CENTS // 4, 19, True)
