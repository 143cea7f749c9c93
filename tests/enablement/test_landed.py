"""Landed cost: what buying costs beside the price, shared exactly, in stock where the pieces lie, a variance where not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enablement.models import ChargePart, CostChange, PurchaseCharge, VariantCost
from enablement.selectors import audit_buying
from enablement.services import charges, purchases, receiving
from supplier.models import Account, FulfilmentOrder, Variant
from supplier.selectors import audit, ledger
from supplier.services import shipping
from tests import factories
from tests.enablement import buying
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    return factories.warehouse("OAK", name_en="Oakland")


@pytest.fixture
def mug():
    return weighing(buying.variant("MUG-1"), 300)


@pytest.fixture
def pot():
    return weighing(buying.variant("POT-1"), 1_200)


@pytest.fixture
def order(mug, pot, world):
    kiln = buying.vendor()
    buying.offer(kiln, mug, ((1, 900),))
    buying.offer(kiln, pot, ((1, 2_000),))
    return buying.sent(kiln, (mug, 100), (pot, 30), to=world)


def weighing(variant, grams):
    Variant.objects.filter(pk=variant.pk).update(weight_g=grams)
    variant.refresh_from_db()
    return variant


def add(order, minor, basis="value", key="k", **more):
    facts = {"kind": "freight", "currency": "USD", "actor_id": None, **more}
    return charges.add(number=order.number, amount_minor=minor, basis=basis, key=key, **facts)


def come(order, key="r", close=False, **pieces):
    told = {line.pk: pieces[line.variant.sku[:3].lower()] for line in order.lines.select_related("variant") if line.variant.sku[:3].lower() in pieces}  # fmt: skip
    return receiving.receive(number=order.number, pieces=told, key=key, difference="short", close=close, actor_id=None)


def average(variant):
    return VariantCost.objects.get(variant=variant).average_minor


def balance(kind):
    """What was debited, less what was credited."""
    account = Account.objects.filter(kind=kind, currency="USD").first()
    debit, credit = ledger.sums().get(account.pk, (0, 0)) if account else (0, 0)
    return debit - credit


def clean():
    return not [*audit.books(), *audit_buying.books()]


@pytest.mark.parametrize(
    ("basis", "parts"),
    [("value", (6_001, 4_000)), ("weight", (4_546, 5_455)), ("pieces", (7_693, 2_308))],
)
def test_cost_is_shared_to_the_minor_unit(order, mug, pot, basis, parts):
    made = add(order, 10_001, basis)
    found = dict(ChargePart.objects.filter(charge=made).values_list("line__variant__sku", "own_minor"))
    assert (found["MUG-1"], found["POT-1"]) == parts


def test_cost_told_before_the_goods_comes_with_them(order, mug, pot):
    add(order, 10_000)
    come(order, key="a", mug=50)
    assert average(mug) == 900 + Decimal(6_000) / 100
    come(order, key="b", mug=50, pot=30)
    assert (average(mug), average(pot).quantize(Decimal("0.01"))) == (960, Decimal("2133.33"))
    assert (balance("goods_bought"), balance("costs_unbilled"), balance("goods_unbilled")) == (
        160_000,
        -10_000,
        -150_000,
    )
    assert clean()


def test_cost_told_after_part_was_sold_goes_into_stock_for_what_is_left_and_the_rest_is_a_variance(order, mug, pot):
    come(order, mug=100, pot=30)
    office.order(factories.reseller("rose"), [(mug, 40)])
    ship(40)
    add(order, 10_000)
    change = CostChange.objects.get(line__variant=mug)
    assert (change.minor, change.on_hand, change.stock_minor, change.variance_minor) == (6_000, 60, 3_600, 2_400)
    assert (average(mug), balance("buying_variance")) == (960, 2_400)
    assert clean()


def ship(pieces):
    """Let pieces leave the house."""
    fulfilment = FulfilmentOrder.objects.get()
    line = fulfilment.lines.get()
    shipping.ship(number=fulfilment.number, carrier="P", tracking="", request_key="parcel", pieces={line.id: pieces})


def test_cost_in_another_currency_counts_at_its_rate(order, mug):
    made = add(order, 7_000, currency="CNY", rate=Decimal("0.14"))
    assert (made.own_minor, made.currency) == (980, "CNY")
    with buying.refuses("rate"):
        add(order, 7_000, currency="CNY", key="other")


def test_cost_of_what_never_came_is_a_variance(order, mug, pot):
    add(order, 10_000)
    come(order, mug=100, close=True)
    assert (average(mug), balance("buying_variance"), balance("costs_unbilled")) == (960, 4_000, -10_000)
    assert clean()


def test_cost_of_a_cancelled_order_is_a_variance(order):
    add(order, 10_000)
    purchases.cancel(number=order.number, reason="not needed", actor_id=None)
    assert (balance("buying_variance"), VariantCost.objects.count(), clean()) == (10_000, 0, True)


def test_fee_of_an_order_is_part_of_the_cost(mug, world):
    kiln = buying.vendor("Loom", order_fee_minor=1_000)
    buying.offer(kiln, mug, ((1, 900),))
    made = buying.sent(kiln, (mug, 100), to=world)
    come(made, mug=100)
    assert (average(mug), PurchaseCharge.objects.get().kind) == (910, "fee")


def test_cost_counts_once_by_the_key_of_its_form(order):
    assert add(order, 500).pk == add(order, 900).pk
    assert PurchaseCharge.objects.get().amount_minor == 500


def test_cost_by_weight_needs_weights(order, mug):
    weighing(mug, 0)
    with buying.refuses("weight"):
        add(order, 500, "weight")
    assert PurchaseCharge.objects.count() == 0


def test_draft_bears_no_costs(mug):
    kiln = buying.vendor("Loom")
    buying.offer(kiln, mug, ((1, 900),))
    with buying.refuses("purchase_state"):
        add(buying.draft(kiln, (mug, 5)), 500)


def test_buyer_adds_a_cost_on_the_page_of_the_order(order):
    buyer = office.client("catalogue")
    address = f"/buying/orders/{order.number}/"
    form = {"key": "k", "kind": "duty", "basis": "weight", "amount": "62.10", "currency": "USD", "rate": "", "note": "Customs 4711"}  # fmt: skip
    assert buyer.post(f"{address}costs/", {**form, "amount": "-3"}).status_code == 422
    assert buyer.post(f"{address}costs/", form).status_code == 302
    page = office.text(buyer.get(address))
    assert [word for word in ("Duty", "Customs 4711", "62.10") if word not in page] == []
    assert office.client("warehouse").post(f"{address}costs/", form).status_code == 403


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("cost"), st.integers(1, 99_999), st.sampled_from(["value", "weight", "pieces"])),
            st.tuples(st.just("come"), st.integers(0, 60), st.integers(0, 20)),
        ),
        min_size=1,
        max_size=7,
    ),
    st.booleans(),
)
def test_whatever_comes_when_every_cent_lands_once(order, mug, pot, moves, close):
    with transaction.atomic():
        told = 0
        for number, move in enumerate(moves):
            if move[0] == "cost":
                told += add(order, move[1], move[2], key=f"k{number}").own_minor
            elif move[1] or move[2]:
                try:
                    come(order, key=f"r{number}", mug=move[1], pot=move[2])
                except receiving.Refused:
                    continue
            assert clean()
        order.refresh_from_db()
        if order.state in ("sent", "part"):
            come(order, key="last", close=close, mug=1)
        order.refresh_from_db()
        landed = sum(CostChange.objects.values_list("minor", flat=True))
        assert landed == told if order.state == "received" else abs(landed) <= told
        assert balance("costs_unbilled") == -landed
        assert clean()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE enablement_purchasecharge SET amount_minor = 1",
        "DELETE FROM enablement_chargepart",
        "UPDATE enablement_chargepart SET own_minor = own_minor + 1",
        "DELETE FROM enablement_costchange",
        "INSERT INTO enablement_chargepart (charge_id, line_id, own_minor) SELECT charge_id, line_id + 1000, 1 FROM enablement_chargepart LIMIT 1",
    ],
)
def test_what_was_told_stays(order, sql):
    add(order, 500)
    come(order, mug=10)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{sql}; SET CONSTRAINTS ALL IMMEDIATE")


def test_parts_of_a_cost_sum_to_it(order, mug, world):
    charge = add(order, 500)
    elsewhere = buying.sent(order.vendor, (mug, 10), to=world).lines.get()
    for attack in (
        lambda: PurchaseCharge.objects.create(key="unshared", **_same(charge)),
        lambda: ChargePart.objects.create(charge=charge, line=elsewhere, own_minor=1),
    ):
        with pytest.raises(IntegrityError, match="do not sum"), transaction.atomic():
            _at_once(attack)


def _at_once(attack):
    attack()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _same(charge):
    names = ("order_id", "kind", "basis", "amount_minor", "currency", "rate", "own_minor", "at")
    return {name: getattr(charge, name) for name in names}
