"""How S pays its shops: where to, two runs that were released and paid through the bank, and one that waits."""

from __future__ import annotations

from functools import partial

from s2b2c.accounts.models import User
from s2b2c.management.worlds.demo.afterwards import later, shop
from s2b2c.management.worlds.demo.trade import Trade
from supplier.models import PaperParty, Payout, Terms
from supplier.selectors import terms
from supplier.services import resellers
from supplier.services.settlement import accounts, bank, parties, payouts, runs

# Made-up numbers; shanye was asked to set up an account at Stripe, and has not done so yet.
BANKS = {
    "juniper-row": ("Juniper Row LLC", "000482910067", "First Bank of the Hudson"),
    "larder": ("Tom Ashby", "000117730254", "Harvest Credit Union"),
    "plain-room": ("Plain Room Studio", "000960341188", "Northline Savings"),
}
ROUTING = "011000015"
# Name, street, postcode, city, region, country, tax number; all made up. The supplier's own comes first.
PARTIES = {
    "": ("Harbour & Loom Supply Inc.", "48 Dock Street", "02903", "Providence", "RI", "US", "05-0000000"),
    "juniper-row": ("Juniper Row LLC", "212 Warren Street", "12534", "Hudson", "NY", "US", "14-0000000"),
    "plain-room": ("Plain Room Studio", "9 Mill Lane", "97209", "Portland", "OR", "US", "93-0000000"),
    "shanye": ("杭州山野生活用品有限公司", "文三路 398 号", "310012", "杭州", "浙江", "CN", "91330106MA00000000"),
}
CURRENCY = "USD"


def plan(trade: Trade) -> None:
    """Put terms, bank accounts and runs into the calendar."""
    later(trade, 58, _agree)
    for slug in BANKS:
        later(trade, 57, partial(_bank, slug))
    for slug in PARTIES:
        later(trade, 56, partial(_on_papers, slug))
    later(trade, 21, _settle)
    later(trade, 20, _to_the_bank)
    later(trade, 18, partial(_heard, ""))
    later(trade, 7, _settle)
    later(trade, 6, _to_the_bank)
    later(trade, 4, partial(_heard, "larder"))
    later(trade, 0.05, lambda: runs.start(currency=CURRENCY, actor=_finance()))


def _agree() -> None:
    """Pay through the bank, and keep a part of what one shop earns back."""
    fee = terms.row_of(None)
    fee_bps = fee.fee_bps if fee else 0
    for slug in BANKS:
        resellers.set_terms(
            reseller=shop(slug), actor=_admin(), fee_bps=fee_bps, payout_method=Terms.Method.BANK,
            reserve_bps=500 if slug == "larder" else 0, reserve_days=30,
        )  # fmt: skip


def _bank(slug: str) -> None:
    holder, account, name = BANKS[slug]
    accounts.set_bank(
        reseller=shop(slug), actor=_admin(), holder=holder, account=account, routing=ROUTING, bank=name, country="US"
    )


def _on_papers(slug: str) -> None:
    details = dict(zip(PaperParty.FIELDS, PARTIES[slug], strict=True))
    parties.describe(reseller=shop(slug) if slug else None, actor=_admin(), **details)


def _settle() -> None:
    """One begins, another reviews and releases."""
    run = runs.start(currency=CURRENCY, actor=_finance())
    runs.review(run_id=run.pk, actor=_admin())
    runs.release(run_id=run.pk, actor=_admin())


def _to_the_bank() -> None:
    bank.make(currency=CURRENCY, actor=_finance())


def _heard(failed: str) -> None:
    """What the bank did with its last file; the newest payout is still on its way where one failed."""
    sent = Payout.objects.filter(state=Payout.State.SENT).select_related("reseller").order_by("id")
    for payout in sent:
        if payout.reseller.slug == failed:
            payouts.tell(payout_id=payout.pk, actor=_finance(), paid=False, reason="Account closed")
        elif not failed or payout.reseller.slug == "juniper-row":
            payouts.tell(payout_id=payout.pk, actor=_finance(), paid=True)


def _finance() -> User:
    return User.objects.get(email="finance@harbour-loom.example")


def _admin() -> User:
    return User.objects.get(email="admin@harbour-loom.example")
