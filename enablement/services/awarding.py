"""What becomes of quotes: items awarded to vendors, their prices written as offers, drafts made where wished."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enablement.models import PurchaseOrder, Quote, QuoteLine, QuoteRequest
from enablement.selectors.ladder import Ladder
from enablement.services import purchases, quotes, vendors
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.services import records


@transaction.atomic
def award(
    *, number: str, choices: Mapping[int, int], order: bool = False, actor_id: int | None
) -> tuple[QuoteRequest, list[PurchaseOrder]]:
    """Award items to vendors (vendor id by item id), all or none; give the request and the drafts made.

    Each awarded price becomes the vendor's offer until its last day. With ``order`` the pieces asked for – or the next
    number that vendor takes – are put into one draft a vendor. Items nobody is named for are not awarded. Asked again
    once it is awarded, nothing changes.

    :raises Refused: nothing is chosen, a vendor has no price for its item, its prices hold no longer, or it is archived.
    :raises StateRefused: the request was given up.
    """
    request = quotes.locked(number)
    if request.state == QuoteRequest.State.AWARDED:
        return request, _orders(request)
    quotes.require_open(request)
    if not choices:
        raise Refused("choices", _("Choose a vendor for at least one product."))
    lines = _chosen(request, choices)
    for line in lines:
        _offer(line, actor_id)
    made = _drafts(request, lines, actor_id) if order else []
    QuoteLine.objects.filter(pk__in=[line.pk for line in lines]).update(awarded_at=clock.now())
    request.state, request.closed_at = QuoteRequest.State.AWARDED, clock.now()
    request.save(update_fields=["state", "closed_at"])
    names = sorted({line.quote.vendor.name for line in lines})
    quotes.jot(request, "awarded", actor_id, vendors=names, orders=[each.number for each in made])
    records.audit(actor_id, "quote.awarded", request.number, vendors=names)
    return request, made


def _chosen(request: QuoteRequest, choices: Mapping[int, int]) -> list[QuoteLine]:
    rows = QuoteLine.objects.filter(quote__request=request, quote__state=Quote.State.ANSWERED)
    known = {(line.item_id, line.quote.vendor_id): line for line in rows.select_related("quote__vendor", "item")}
    today = timezone.localdate(clock.now())
    found = []
    for pair in sorted(choices.items(), key=lambda pair: (pair[1], pair[0])):
        line = known.get(pair)
        if line is None:
            raise Refused("choices", _("This vendor has no price for it any more: look again."))
        vendor, until = line.quote.vendor, line.quote.valid_until
        if until is None or until < today:
            raise Refused(
                "valid_until", _("The prices of %(vendor)s hold no longer: ask it anew."), vendor=vendor.name
            )
        if vendor.currency != line.quote.currency:
            raise StateRefused("currency", _("%(vendor)s counts in another currency by now."), vendor=vendor.name)
        found.append(line)
    return found


def _offer(line: QuoteLine, actor_id: int | None) -> None:
    quote, steps = line.quote, [(start, unit) for start, unit in line.steps]
    before = quote.vendor.offers.filter(variant_id=line.item.variant_id).first()
    vendors.put_offer(
        vendor_id=quote.vendor_id, variant_id=line.item.variant_id, steps=steps, minimum=line.minimum, pack=line.pack,
        weekly=before.weekly if before else None, code=before.code if before else "", lead_days=quote.lead_days,
        valid_until=quote.valid_until, actor_id=actor_id,
    )  # fmt: skip


def _drafts(request: QuoteRequest, lines: list[QuoteLine], actor_id: int | None) -> list[PurchaseOrder]:
    made: dict[int, PurchaseOrder] = {}
    for line in lines:
        vendor_id = line.quote.vendor_id
        if vendor_id not in made:
            vendor = purchases.locked_vendor(vendor_id)
            made[vendor_id] = purchases.begin(vendor, request.warehouse_id, "", actor_id)
        steps = Ladder(tuple((start, unit) for start, unit in line.steps), line.minimum, line.pack)
        put = purchases.put(made[vendor_id], line.item.variant_id, steps.fitting(line.item.quantity))
        if put is None:
            raise NotFound()
        QuoteLine.objects.filter(pk=line.pk).update(order=made[vendor_id])
    return list(made.values())


def _orders(request: QuoteRequest) -> list[PurchaseOrder]:
    ids = QuoteLine.objects.filter(item__request=request, order__isnull=False).values("order_id")
    return list(PurchaseOrder.objects.filter(pk__in=ids).order_by("id"))
