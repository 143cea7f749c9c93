"""Requests for quotation, and their answers side by side."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from enablement.models import Quote, QuoteItem, QuoteLine, QuoteNote, QuoteRequest
from enablement.selectors import ladder, scores, vendors
from enablement.selectors.ladder import Ladder
from s2b2c.kernel import money
from s2b2c.kernel.errors import NotFound


def listed() -> QuerySet[QuoteRequest]:
    """Give requests with how many vendors were asked, have answered and said no, and how many items they are about."""
    return QuoteRequest.objects.select_related("warehouse", "actor").annotate(
        asked=Count("quotes", distinct=True),
        answered=Count("quotes", filter=Q(quotes__state="answered"), distinct=True),
        wanted=Count("items", distinct=True),
    )


def find(number: str) -> QuoteRequest:
    """Give a request. :raises NotFound: there is none."""
    found = listed().filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def items(request: QuoteRequest) -> list[QuoteItem]:
    """Give what a request is about."""
    rows = request.items.select_related("variant__product").prefetch_related(
        "variant__product__media", "variant__media"
    )
    return list(rows.order_by("variant__sku"))


def quotes(request: QuoteRequest) -> list[Quote]:
    """Give the vendors that were asked, with their answers."""
    rows = request.quotes.select_related("vendor", "actor").prefetch_related("lines")
    return list(rows.order_by("vendor__name"))


def notes(request: QuoteRequest) -> list[QuoteNote]:
    """Give a request's history, the newest first."""
    return list(request.notes.select_related("actor", "quote__vendor").order_by("-id")[:100])


@dataclass(frozen=True, slots=True)
class Cell:
    """What one vendor's answer means for one item: ``pieces`` it would take at least for what is asked.

    ``unit_minor`` in the vendor's currency; ``landed_minor`` in S's own, with its part of freight and order fee.
    """

    line: QuoteLine
    pieces: int
    unit_minor: int
    landed_minor: Decimal
    best: bool = False

    @property
    def shown_minor(self) -> int:
        """Give the landed cost of a piece, rounded to the minor unit."""
        return round(self.landed_minor)


@dataclass(frozen=True, slots=True)
class Column:
    """A vendor beside the others. ``total_minor``: all it answered for, landed, in S's own; None: nothing answered."""

    quote: Quote
    score: int | None
    cells: dict[int, Cell]
    total_minor: int | None
    whole: bool


def compared(request: QuoteRequest, wanted: list[QuoteItem], answers: list[Quote]) -> list[Column]:
    """Give the answers side by side; the cheapest landed cost of each item is marked, of those that hold equal the first."""
    own = vendors.own_currency()
    drafts = [(quote, _cells(quote, wanted, own)) for quote in answers]
    least = {
        item.pk: min((cells[item.pk].landed_minor for _quote, cells in drafts if item.pk in cells), default=None)
        for item in wanted
    }
    found = []
    for quote, cells in drafts:
        marked = {}
        for pk, cell in cells.items():
            best = cell.landed_minor == least[pk]
            if best:
                least[pk] = None
            marked[pk] = Cell(cell.line, cell.pieces, cell.unit_minor, cell.landed_minor, best)
        total = sum((cell.landed_minor * cell.pieces for cell in cells.values()), Decimal(0))
        score = scores.of(quote.vendor).points
        found.append(Column(quote, score, marked, round(total) if cells else None, len(cells) == len(wanted)))
    return found


def _cells(quote: Quote, wanted: list[QuoteItem], own: str) -> dict[int, Cell]:
    """Reckon one answer: freight and order fee are shared over its goods by value, to the minor unit."""
    if quote.state != Quote.State.ANSWERED:
        return {}
    lines = {line.item_id: line for line in quote.lines.all()}
    mine = [item for item in wanted if item.pk in lines]
    taken = []
    for item in mine:
        line = lines[item.pk]
        steps = Ladder(tuple((start, unit) for start, unit in line.steps), line.minimum, line.pack)
        pieces = steps.fitting(item.quantity)
        taken.append((item.pk, line, pieces, steps.unit(pieces)))
    extra = quote.freight_minor + quote.vendor.order_fee_minor
    parts = money.split(extra, [pieces * unit for _pk, _line, pieces, unit in taken]) if taken else []
    return {
        pk: Cell(
            line, pieces, unit, ladder.in_own(pieces * unit + part, quote.currency, quote.vendor.rate, own) / pieces
        )
        for (pk, line, pieces, unit), part in zip(taken, parts, strict=True)
    }
