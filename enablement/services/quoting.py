"""What vendors answer to a request for quotation: prices, a no, or what they said before taken back.

A vendor answers by its link until the last day; what it says later, or by telephone, S enters. See ``quotes``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enablement.models import Quote, QuoteItem, QuoteLine, QuoteRequest
from enablement.services import quotes, vendors
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import Refused, StateRefused
from supplier.services import records

State = Quote.State


@dataclass(frozen=True, slots=True)
class Price:
    """What is asked for an item. ``steps``: (from pieces, minor units a piece); orders begin at ``minimum``, in packs."""

    steps: tuple[tuple[int, int], ...]
    minimum: int = 1
    pack: int = 1


@transaction.atomic
def answer(
    *,
    number: str,
    vendor_id: int,
    prices: Mapping[int, Price],
    lead_days: int,
    valid_until: date,
    freight_minor: int = 0,
    note: str = "",
    revision: int | None = None,
    by_vendor: bool = False,
    actor_id: int | None = None,
) -> Quote:
    """Write what a vendor asks (prices by item id), instead of what it asked before. What it can't deliver it leaves out.

    ``revision``: the answer it was written over, where that is known; another one meanwhile is not overwritten.

    :raises Refused: no price, one that makes no sense, a lead time above a year, or prices that hold no longer today.
    :raises StateRefused: the request is closed; for the vendor: its last day is over; or the answer changed meanwhile.
    """
    request, found = _theirs(number, vendor_id, by_vendor)
    if revision is not None and revision != found.revision:
        raise StateRefused("quote_changed", _("This answer was changed meanwhile: look at it first."))
    _check(request, prices, lead_days, valid_until, freight_minor)
    changed = found.state != State.ASKED
    found.state, found.revision = State.ANSWERED, found.revision + 1
    found.lead_days, found.valid_until, found.freight_minor = lead_days, valid_until, freight_minor
    found.note = records.text(note, "note", 600)
    _say(found, request, actor_id)
    found.lines.all().delete()
    QuoteLine.objects.bulk_create(
        QuoteLine(quote=found, item_id=item, minimum=each.minimum, pack=each.pack, steps=_rising(each))
        for item, each in prices.items()
    )
    told = {str(item): {"steps": _rising(each), "minimum": each.minimum, "pack": each.pack} for item, each in prices.items()}  # fmt: skip
    quotes.jot(
        request, "changed" if changed else "answered", actor_id, quote=found, vendor=found.vendor.name, prices=told,
        lead_days=lead_days, valid_until=valid_until.isoformat(), freight_minor=freight_minor, late=found.late,
    )  # fmt: skip
    return found


def _rising(price: Price) -> list[list[int]]:
    return [list(step) for step in sorted(price.steps)]


def _check(
    request: QuoteRequest, prices: Mapping[int, Price], lead_days: int, valid_until: date, freight_minor: int
) -> None:
    if not prices:
        raise Refused("prices", _("Say a price for at least one product, or decline."))
    asked = set(QuoteItem.objects.filter(request=request).values_list("pk", flat=True))
    for item, price in prices.items():
        if item not in asked:
            raise Refused("prices", _("This was not asked for."))
        vendors.check_steps(price.steps)
        units = [unit for _start, unit in price.steps]
        if min(units) <= 0 or max(units) > money.MAX_MINOR:
            raise Refused("prices", _("A piece costs more than nothing."), field=f"unit-{item}")
        if not 1 <= price.minimum <= quotes.MOST_PIECES or not 1 <= price.pack <= quotes.MOST_PIECES:
            raise Refused("minimum", _("Enter whole numbers of pieces."), field=f"minimum-{item}")
    if not 0 <= lead_days <= 365:
        raise Refused("lead_days", _("A lead time is at most a year."), field="lead_days")
    if valid_until < timezone.localdate(clock.now()):
        raise Refused("valid_until", _("This day is past."), field="valid_until")
    if not 0 <= freight_minor <= money.MAX_MINOR:
        raise Refused("freight", _("Enter an amount of zero or more."), field="freight")


@transaction.atomic
def decline(
    *, number: str, vendor_id: int, reason: str = "", by_vendor: bool = False, actor_id: int | None = None
) -> Quote:
    """Write that a vendor makes no offer. Again changes nothing. :raises StateRefused: as :func:`answer` does."""
    return _no(number, vendor_id, State.DECLINED, reason, by_vendor, actor_id)


@transaction.atomic
def withdraw(
    *, number: str, vendor_id: int, reason: str = "", by_vendor: bool = False, actor_id: int | None = None
) -> Quote:
    """Take an answer back; what it said stays in the history. Again changes nothing.

    :raises StateRefused: nothing was answered, or as :func:`answer` does.
    """
    return _no(number, vendor_id, State.WITHDRAWN, reason, by_vendor, actor_id)


def _no(number: str, vendor_id: int, to: str, reason: str, by_vendor: bool, actor_id: int | None) -> Quote:
    # One may take an answer back after the last day, too: better known than ordered and not delivered.
    request, found = _theirs(number, vendor_id, by_vendor and to != State.WITHDRAWN)
    if found.state == to:
        return found
    if to == State.WITHDRAWN and found.state != State.ANSWERED:
        raise StateRefused("quote_state", _("There is no answer to take back."))
    found.state, found.revision = to, found.revision + 1
    _say(found, request, actor_id)
    found.lines.all().delete()
    quotes.jot(request, str(to), actor_id, quote=found, vendor=found.vendor.name, reason=reason.strip()[:240])
    return found


def _theirs(number: str, vendor_id: int, by_vendor: bool) -> tuple[QuoteRequest, Quote]:
    request = quotes.locked(number)
    quotes.require_open(request)
    if by_vendor and request.answer_by <= clock.now():
        raise StateRefused("quote_over", _("The last day to answer is over. Please ask the buyer."))
    return request, quotes.quote_of(request, vendor_id)


def _say(quote: Quote, request: QuoteRequest, actor_id: int | None) -> None:
    """Write who answered and when. Call inside a transaction, with the request locked."""
    quote.answered_at, quote.actor_id = clock.now(), actor_id
    quote.late = request.answer_by <= quote.answered_at
    quote.save()
