"""What always holds of resellers' money, checked against the shops' own rows, the provider and the bank's files."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.db.models import Sum

from orders.models import Order, OrderLine, Refund
from orders.services import shares
from s2b2c.kernel import clock
from s2b2c.tenancy.models import Reseller
from supplier.models import Account, Clawback, Dispute, Journal, Payout
from supplier.selectors import audit, ledger
from tests import factories
from tests.fakestripe import FakeStripe


@dataclasses.dataclass
class Sold:
    shop: Reseller
    order: Order
    sent_at: datetime | None = None
    ripe: bool = False  # a run took it: sent, and the time for returns over


def at_its_time(step: Callable[..., None]) -> Callable[..., None]:
    """Let a step happen at the walk's time."""

    @wraps(step)
    def timed(self: Any, *given: Any, **more: Any) -> None:
        with clock.set_to(self.now):
            step(self, *given, **more)

    return timed


class Held:
    """The proof beside a walk: nothing here knows how settlement computes."""

    fake: FakeStripe
    shops: list[Any]
    sold: list[Sold]
    now: datetime

    def __init__(self) -> None:
        self.told_to_bank: dict[str, int] = {}
        self.checked: set[int] = set()

    @at_its_time
    def check(self) -> None:
        assert [*audit.books(), *audit.stock()] == []
        for shop in self.shops:
            self._adds_up(shop)
            self._paid_no_more_than_ripe(shop)
        for payout in Payout.objects.filter(method="stripe").select_related("settlement"):
            self._sent_at_most_once(payout)
        for taken in Clawback.objects.all():
            self._taken_at_most_once(taken)
        self._bank_was_told_once()

    def _adds_up(self, shop: Reseller) -> None:
        """Payouts, reserve and balance are earnings less what was given back and taken back, to the cent."""
        kinds = ("reseller_payable", "reseller_reserve", "payout_transit")
        here = {kind: self._balance(kind, shop) for kind in kinds}
        assert sum(here.values()) + self._paid(shop, "paid") == self._earned(shop), here

    def _balance(self, kind: str, shop: Reseller | None) -> int:
        account = Account.objects.filter(kind=kind, reseller=shop, currency="USD").first()
        return ledger.balances([account])[account.pk] if account else 0

    def _paid(self, shop: Reseller, *states: str) -> int:
        sent = Payout.objects.filter(reseller=shop, state__in=states).aggregate(n=Sum("amount_minor", default=0))["n"]
        back = Clawback.objects.filter(payout__reseller=shop, state="done")
        return sent - back.aggregate(n=Sum("amount_minor", default=0))["n"]

    def _earned(self, shop: Reseller, *, ripe: bool = False) -> int:
        """Give what the shop's own rows say it earned, as far as the books have heard of it."""
        mine = {one.order.number for one in self.sold if one.shop.id == shop.id and (one.ripe or not ripe)}
        booked = set(Journal.objects.filter(reseller_id=shop.id).values_list("key", flat=True))
        with factories.inside(shop):
            earned = sum(
                line.margin_minor
                for line in OrderLine.objects.filter(order__number__in=mine).select_related("order")
                if f"sale:{shop.id}:{line.order.number}" in booked
            )
            back = [
                row["margin"]
                for made in Refund.objects.filter(order__number__in=mine)
                if f"refund:{shop.id}:{made.key}" in booked
                for row in made.lines
            ]
            covered: dict[str, int] = defaultdict(int)  # what its bank gave c instead makes the shop good that bore it
            for made in Refund.objects.filter(order__number__in=mine).select_related("order"):
                if any(key.startswith(f"refund:{shop.id}:{made.key}:bank:") for key in booked):
                    covered[made.order.number] += shares.withheld(made)
        lost = Dispute.objects.filter(reseller=shop, order_number__in=mine, state="lost", bearer="shop")
        bore = sum(minor - covered[number] for number, minor in lost.values_list("order_number", "amount_minor"))
        return earned - sum(back) - bore

    def _paid_no_more_than_ripe(self, shop: Reseller) -> None:
        """When a payout is made, all payouts and the reserve are within what was sent and can't come back any more."""
        made = set(Payout.objects.filter(reseller=shop).values_list("pk", flat=True))
        if not made - self.checked:
            return
        self.checked |= made
        paid = self._paid(shop, "created", "sent", "unresolved", "paid")
        assert paid + self._balance("reseller_reserve", shop) <= self._earned(shop, ripe=True)

    def _sent_at_most_once(self, payout: Payout) -> None:
        sent = [row for row in self.fake.all("transfer") if row["metadata"]["statement"] == payout.settlement.number]
        assert {row["amount"] for row in sent} <= {payout.amount_minor}
        least, most = {"paid": (1, 1), "created": (0, 0), "failed": (0, 0)}.get(payout.state, (0, 1))
        assert least <= len(sent) <= most, (payout.state, sent)

    def _taken_at_most_once(self, row: Clawback) -> None:
        taken = [each for each in self.fake.all("transfer_reversal") if row.key in each["metadata"].values()]
        assert {each["amount"] for each in taken} <= {row.amount_minor}
        least, most = {"done": (1, 1), "failed": (0, 0)}.get(row.state, (0, 1))
        assert least <= len(taken) <= most, (row.state, taken)

    def _bank_was_told_once(self) -> None:
        """A payout stands in one file, and in the same one for ever."""
        now = dict(Payout.objects.exclude(file=None).values_list("key", "file_id"))
        assert {key: now.get(key) for key in self.told_to_bank} == self.told_to_bank
        self.told_to_bank = now

    def _refused(self) -> int:
        """Give what was granted and is not sent: the provider refused it, or a dispute is open."""
        total = 0
        for shop in self.shops:
            with factories.inside(shop):
                rows = Refund.objects.filter(state__in=("failed", "held"))
                total += rows.aggregate(n=Sum("amount_minor", default=0))["n"]
        return total
