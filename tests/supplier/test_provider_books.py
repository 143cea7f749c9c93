"""The provider's books where two shops have orders of the same number, and where nobody knows a payment."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.html import escape

from s2b2c.kernel import clock
from s2b2c.tenancy.models import Reseller
from supplier.gateways.facts import BookedFact
from supplier.models import ProviderEntry
from supplier.selectors import differences
from supplier.services.settlement import reconciling
from supplier.web.differences import WHY
from tests import factories
from tests.supplier import office

pytestmark = pytest.mark.django_db
NUMBER = "K7Q2M9XA"


@pytest.fixture
def shops() -> tuple[Reseller, Reseller]:
    """Two shops, each with an order of the same number; one was paid 25.00, the other 45.00."""
    factories.company()
    factories.warehouse("PVD")
    factories.terms(300)
    both = factories.reseller("juniper-row"), factories.reseller("larder")
    for pieces, shop in enumerate(both, 1):
        variant = factories.first_variant(factories.product(stock=50, wholesale=1_000))
        office.order(shop, [(variant, pieces)], number=NUMBER, method="card", fee_tax=10 * pieces)
    return both


def fact(name: str, slug: str, amount: int, kind: str = "charge", **more: Any) -> BookedFact:
    at = clock.now()
    return BookedFact(
        id=name, kind=kind, type=kind, source=f"ch_{name}", amount_minor=amount, fee_minor=0, net_minor=amount,
        currency="USD", created_at=at, available_at=at, available=True,
        **{"order_number": NUMBER, "reseller_slug": slug, **more},
    )  # fmt: skip


def states() -> dict[str, str]:
    reconciling.match()
    return dict(ProviderEntry.objects.values_list("provider_id", "state"))


def test_two_shops_with_one_number_are_each_matched_by_themselves(shops) -> None:
    reconciling.keep([fact("txn_1", "juniper-row", 2_500), fact("txn_2", "larder", 4_400)])
    assert states() == {"txn_1": "matched", "txn_2": "open"}
    reconciling.keep([fact("txn_3", "larder", 100)])
    assert set(states().values()) == {"matched"}


def test_what_one_shop_lacks_is_not_made_up_for_by_the_other(shops) -> None:
    reconciling.keep([fact("txn_1", "juniper-row", 2_600), fact("txn_2", "larder", 4_400)])
    assert states() == {"txn_1": "open", "txn_2": "open"}


def test_a_number_without_its_shop_fits_only_where_one_shop_has_it(shops) -> None:
    variant = factories.first_variant(factories.product(stock=50, wholesale=1_000))
    office.order(shops[1], [(variant, 1)], number="B3C4D5E6", method="card", fee_tax=10)
    reconciling.keep([fact("txn_1", "", 2_500), fact("txn_2", "", 2_500, order_number="B3C4D5E6")])
    assert states() == {"txn_1": "open", "txn_2": "matched"}
    assert ProviderEntry.objects.get(provider_id="txn_2").reseller == shops[1]


def test_a_line_of_a_shop_that_is_not_ours_is_of_no_order(shops) -> None:
    reconciling.keep([fact("txn_1", "somebody-else", 2_500)])
    assert states() == {"txn_1": "open"}
    assert ProviderEntry.objects.get().order_number == ""


@pytest.mark.parametrize(
    ("facts", "code", "difference"),
    [
        ([fact("txn_1", "juniper-row", 2_600)], "sums", 100),
        ([fact("txn_1", "juniper-row", 2_500), fact("txn_2", "juniper-row", -700, "refund")], "sums", -700),
        ([fact("txn_1", "", 2_500)], "no_shop", 0),
        ([fact("txn_1", "larder", 100, order_number="B3C4D5E6")], "not_booked", 100),
        ([fact("txn_1", "", -100, "refund", order_number="")], "no_order", 0),
        ([fact("txn_1", "", -100, "dispute", order_number="")], "no_dispute", 0),
        ([fact("txn_1", "", -100, "transfer", order_number="")], "no_payout", 0),
    ],
)
def test_page_of_a_line_says_why_it_fits_nothing_and_what_is_next(shops, facts, code, difference) -> None:
    reconciling.keep(facts)
    assert set(states().values()) == {"open"}
    row = ProviderEntry.objects.order_by("provider_id").last()
    told = differences.why(row)
    assert (told.code, told.theirs - told.ours) == (code, difference)
    shown = office.text(office.client("finance").get(f"/settlement/provider/{row.pk}/"))
    assert tuple(escape(str(words)) in shown for words in WHY[code]) == (True, True)


def test_list_finds_a_line_by_its_shop(shops) -> None:
    reconciling.keep([fact("txn_1", "juniper-row", 2_500), fact("txn_2", "larder", 4_400)])
    shown = office.text(office.client("finance").get("/settlement/provider/?shop=larder"))
    assert ("txn_1" in shown, "txn_2" in shown) == (False, True)
