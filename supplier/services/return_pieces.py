"""The pieces of a return, as a warehouse has them: what was sent of a line, what comes back, and into which stock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Sum

from supplier.models import FulfilmentLine, ReturnLine, ReturnOrder, SalesLine
from supplier.selectors import lots as stocked
from supplier.services import lots, serials, stock


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the pieces of a line: back into stock, written off, sent back to c, or not in the parcel."""

    restocked: int = 0
    scrapped: int = 0
    sent_back: int = 0
    missing: int = 0

    @property
    def pieces(self) -> int:
        return self.restocked + self.scrapped + self.sent_back + self.missing


def sent(line: SalesLine) -> int:
    """Give how many pieces of a line were sent: whole ones, of a bundle."""
    rows = FulfilmentLine.objects.filter(line=line, lead=True)
    return rows.aggregate(sent=Sum(F("shipped") / F("per")))["sent"] or 0


@dataclass(frozen=True, slots=True)
class Serials:
    """The serial numbers of a line's pieces that came back: those that go into stock, and those written off."""

    restocked: tuple[str, ...] = ()
    scrapped: tuple[str, ...] = ()


def take_in(back: ReturnOrder, line: ReturnLine, found: Found, told: Serials, actor_id: int | None) -> None:
    """Take pieces into stock; scrapped ones leave it at once, so that both stand in the movements.

    Call inside a transaction.

    :raises Refused: the pieces have serial numbers, and those told are not as many, or none this order was sent.
    """
    arrived = found.restocked + found.scrapped
    made_of = _made_of(line) if arrived else []
    numbered = stocked.numbered([variant_id for variant_id, _per in made_of])
    for variant_id, per in made_of:
        common: dict[str, Any] = {"variant_id": variant_id, "warehouse_id": back.warehouse_id, "actor_id": actor_id}
        stock.take_back(quantity=arrived * per, reason=back.number, cause=f"return:{back.number}", **common)
        if found.scrapped:
            scrapped, why = -found.scrapped * per, f"Scrapped, {back.number}"
            stock.adjust(quantity=scrapped, reason=why, cause=f"scrap:{back.number}", **common)
        if variant_id in numbered:
            came = [
                serials.of_return(back, variant_id, mine, pieces * per, others)
                for mine, others, pieces in (
                    (told.restocked, told.scrapped, found.restocked),
                    (told.scrapped, told.restocked, found.scrapped),
                )
            ]
            serials.take_back(*came, warehouse_id=back.warehouse_id, number=back.number, actor_id=actor_id)
        elif found.restocked:
            pieces, cause = found.restocked * per, f"return:{back.number}"
            lots.come_back(order_id=back.order_id, quantity=pieces, cause=cause, **common)


def _made_of(line: ReturnLine) -> list[tuple[int, int]]:
    """Give the variants a line's pieces are in stock, and how many of each one of it is: several for a whole bundle."""
    if line.part:
        return [(line.variant_id, 1)]
    rows = FulfilmentLine.objects.filter(line=line.line_id).order_by("variant_id")
    return list(rows.values_list("variant_id", "per").distinct())


def count(back: ReturnOrder, settled: Mapping[int, int]) -> None:
    """Count pieces, by return line id, as returned: taken back, or made good. Call inside a transaction.

    The database refuses more than was sent.
    """
    for line in back.lines.select_related("line").order_by("id"):
        for variant_id, per in _made_of(line) if settled.get(line.id) else ():
            _count(line.line_id, variant_id, settled[line.id] * per)


def _count(line_id: int, variant_id: int, pieces: int) -> None:
    """Spread pieces over the parcels' lines that sent them; what none of them sent breaks the last one's constraint."""
    rows = list(FulfilmentLine.objects.filter(line=line_id, variant=variant_id).order_by("id"))
    for row in rows:
        taken = pieces if row is rows[-1] else min(pieces, row.shipped - row.returned)
        if taken:
            FulfilmentLine.objects.filter(id=row.id).update(returned=F("returned") + taken)
        pieces -= taken
