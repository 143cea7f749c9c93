"""Serial numbers that come back: which they are, and that this order was sent them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import Refused
from supplier.models import Lot, LotMovement, LotStock, ReturnOrder, Variant
from supplier.services.stock import lotted

Kind = LotMovement.Kind


def of_return(
    back: ReturnOrder, variant_id: int, codes: Sequence[str], pieces: int, others: Sequence[str]
) -> list[Lot]:
    """Give the pieces of a variant among the numbers told of a return, locked. Call inside a transaction.

    ``others``: what is told of its other pieces.

    :raises Refused: not as many as pieces came, one twice, one this order was not sent, or one that lies in stock.
    """
    told = [code.strip().upper() for code in codes]
    rows = Lot.objects.select_for_update(no_key=True).filter(variant_id=variant_id, serial=True, code__in=told)
    known = {lot.code: lot for lot in rows.order_by("id")}
    _check_sent(back, variant_id, told, set(known))
    before = [code.strip().upper() for code in others]
    twice = next((code for place, code in enumerate(told) if code in told[:place] or code in before), "")
    there = LotStock.objects.filter(lot__in=known.values(), pieces__gt=0).values_list("lot__code", flat=True).first()
    if twice or there:
        text = _("Serial number %(number)s is in stock already, or stands there twice.")
        raise Refused("serial_twice", text, field="serials", number=twice or there)
    if len(known) != pieces:
        sku = Variant.objects.values_list("sku", flat=True).get(pk=variant_id)
        text = _("%(sku)s: %(n)s pieces came back, and %(told)s of their serial numbers are written.")
        raise Refused("serials_missing", text, field="serials", sku=sku, n=pieces, told=len(known))
    return list(known.values())


def _check_sent(back: ReturnOrder, variant_id: int, told: list[str], known: set[str]) -> None:
    rows = Lot.objects.filter(variant_id=variant_id, serial=True, code__in=known)
    sent = set(rows.filter(picks__order=back.order_id).values_list("code", flat=True))
    wrong = next((code for code in told if code in known - sent), "")
    others = Lot.objects.filter(code__in=told, serial=True, picks__order=back.order_id)
    wrong = wrong or next(iter(sorted(set(told) - known - set(others.values_list("code", flat=True)))), "")
    if wrong:
        text = _("Serial number %(number)s was not sent with this order: look at the piece again.")
        raise Refused("serial_other", text, field="serials", number=wrong)


def take_back(
    restocked: Sequence[Lot], scrapped: Sequence[Lot], *, warehouse_id: int, number: str, actor_id: int | None
) -> None:
    """Write which pieces came back with a return, after stock has them; scrapped ones leave at once.

    Call inside a transaction.
    """
    for lot in restocked:
        lotted.come_in(lot, warehouse_id, 1, Kind.RETURN, f"return:{number}", actor_id)
    for lot in scrapped:
        lotted.add(lot.pk, warehouse_id, 1, Kind.RETURN, f"return:{number}", actor_id)
        lotted.add(lot.pk, warehouse_id, -1, Kind.SCRAP, f"scrap:{number}", actor_id)
