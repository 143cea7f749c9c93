"""Requests for quotation: asked, prolonged, given up; the links they are answered by. See docs/adr on quotations.

What vendors answer is in ``quoting``, what becomes of it in ``awarding``. Every step locks its request first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import Quote, QuoteItem, QuoteNote, QuoteRequest, Vendor
from s2b2c.kernel import clock, events, ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from supplier.models import Variant, Warehouse
from supplier.services import records

State = QuoteRequest.State
MOST_ITEMS, MOST_VENDORS, MOST_PIECES = 60, 20, 1_000_000
LINK_DAYS = 30  # so long after the last day a link still shows what was answered, and what became of it
_SIGNER = "enablement.quote"


@transaction.atomic
def ask(
    *,
    quantities: Mapping[int, int],
    vendor_ids: Sequence[int],
    warehouse_id: int,
    answer_by: datetime,
    note: str = "",
    actor_id: int | None,
) -> QuoteRequest:
    """Ask vendors what they want for variants (pieces by variant id), until an instant. Those with an address get a mail.

    :raises Refused: no or too many items or vendors, an archived vendor, no such warehouse, or a day that is past.
    """
    if answer_by <= clock.now():
        raise Refused("answer_by", _("This day is past."), field="answer_by")
    if not Warehouse.objects.filter(pk=warehouse_id, active=True).exists():
        raise Refused("warehouse", _("Choose a warehouse."), field="warehouse")
    _require_items(quantities)
    asked = _vendors(vendor_ids)
    made = QuoteRequest.objects.create(
        number=ids.order_number(), warehouse_id=warehouse_id, note=records.text(note, "note", 600),
        answer_by=answer_by, actor_id=actor_id, created_at=clock.now(),
    )  # fmt: skip
    QuoteItem.objects.bulk_create(QuoteItem(request=made, variant_id=v, quantity=n) for v, n in quantities.items())
    for vendor in asked:
        _invite(made, vendor)
    jot(made, "asked", actor_id, vendors=[vendor.name for vendor in asked])
    records.audit(actor_id, "quote.asked", made.number, vendors=len(asked))
    return made


def _require_items(quantities: Mapping[int, int]) -> None:
    if not quantities:
        raise Refused("items", _("Name at least one product."), field="items")
    if len(quantities) > MOST_ITEMS:
        raise Refused("items", _("At most %(most)s products."), field="items", most=MOST_ITEMS)
    if not all(0 < pieces <= MOST_PIECES for pieces in quantities.values()):
        raise Refused("items", _("Enter whole numbers of pieces."), field="items")
    if Variant.objects.filter(pk__in=quantities).count() < len(quantities):
        raise NotFound()


def _vendors(vendor_ids: Sequence[int]) -> list[Vendor]:
    chosen = set(vendor_ids)
    if not 1 <= len(chosen) <= MOST_VENDORS:
        raise Refused("vendors", _("Choose 1 to %(most)s vendors."), field="vendors", most=MOST_VENDORS)
    rows = Vendor.objects.select_for_update(no_key=True).filter(pk__in=chosen).order_by("id")
    found = list(rows)
    if len(found) < len(chosen):
        raise NotFound()
    for vendor in found:
        if not vendor.active:
            raise Refused("archived", _("%(vendor)s is archived."), field="vendors", vendor=vendor.name)
    return found


def _invite(request: QuoteRequest, vendor: Vendor) -> None:
    made = Quote.objects.create(request=request, vendor=vendor, currency=vendor.currency)
    _tell(made, vendor)


def _tell(quote: Quote, vendor: Vendor) -> None:
    if vendor.email:
        publisher.publish(events.QuoteAsked(reseller_id=0, order_number="", quote_id=quote.pk, access=quote.access))


@transaction.atomic
def prolong(*, number: str, answer_by: datetime, actor_id: int | None) -> QuoteRequest:
    """Let vendors answer until another instant.

    :raises Refused: it is past. :raises StateRefused: the request is not open.
    """
    found = locked(number)
    require_open(found)
    if answer_by <= clock.now():
        raise Refused("answer_by", _("This day is past."), field="answer_by")
    found.answer_by = answer_by
    found.save(update_fields=["answer_by"])
    jot(found, "prolonged", actor_id, until=answer_by.isoformat())
    return found


@transaction.atomic
def cancel(*, number: str, reason: str = "", actor_id: int | None) -> QuoteRequest:
    """Give a request up: nothing is awarded. Given up again, it stays so. :raises StateRefused: it is awarded."""
    found = locked(number)
    if found.state == State.CANCELLED:
        return found
    require_open(found)
    found.state, found.closed_at = State.CANCELLED, clock.now()
    found.save(update_fields=["state", "closed_at"])
    jot(found, "cancelled", actor_id, reason=reason.strip()[:160])
    records.audit(actor_id, "quote.cancelled", found.number)
    return found


# --- Links -------------------------------------------------------------------------------------------------
def link(quote: Quote) -> str:
    """Give the word that opens a quote for its vendor: signed, dead once ``access`` is raised or its time is over."""
    return Signer(salt=_SIGNER, sep=".").sign(f"{quote.pk}-{quote.access}")


def opened(word: str) -> Quote:
    """Give whose link this is. :raises NotFound: nobody's, a dead one, or one whose time is over."""
    try:
        pk, _dash, access = Signer(salt=_SIGNER, sep=".").unsign(word).partition("-")
    except BadSignature:
        raise NotFound() from None
    rows = Quote.objects.select_related("request__warehouse", "vendor").filter(pk=int(pk), access=int(access))
    since = clock.now() - timedelta(days=LINK_DAYS)
    found = rows.filter(request__answer_by__gt=since).exclude(request__state=State.CANCELLED).first()
    if found is None:
        raise NotFound()
    return found


def note_opened(quote: Quote) -> None:
    """Note that a vendor has opened its link, the first time."""
    Quote.objects.filter(pk=quote.pk, opened_at=None).update(opened_at=clock.now())


@transaction.atomic
def renew_link(*, number: str, vendor_id: int, actor_id: int | None) -> Quote:
    """Let a vendor's link be dead, and send it another one.

    :raises NotFound: it was not asked. :raises StateRefused: the request is not open.
    """
    request = locked(number)
    require_open(request)
    found = quote_of(request, vendor_id)
    found.access += 1
    found.save(update_fields=["access"])
    _tell(found, found.vendor)
    jot(request, "link_renewed", actor_id, quote=found, vendor=found.vendor.name)
    return found


# --- What its neighbours use too ---------------------------------------------------------------------------
def locked(number: str) -> QuoteRequest:
    """Lock a request. Call inside a transaction. :raises NotFound: there is none."""
    found = QuoteRequest.objects.select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def require_open(request: QuoteRequest) -> None:
    """Check that a request is open. :raises StateRefused: it is not."""
    if request.state != State.OPEN:
        raise StateRefused("quote_closed", _("This request is closed."))


def quote_of(request: QuoteRequest, vendor_id: int) -> Quote:
    """Give what a vendor was asked. :raises NotFound: it was not."""
    found = Quote.objects.select_related("vendor").filter(request=request, vendor_id=vendor_id).first()
    if found is None:
        raise NotFound()
    return found


def jot(request: QuoteRequest, kind: str, actor_id: int | None, quote: Quote | None = None, **data: object) -> None:
    """Note a step in a request's history. Call inside a transaction."""
    QuoteNote.objects.create(
        request=request, quote=quote, kind=kind, data=data, actor_id=actor_id, at=clock.now()
    )  # fmt: skip
