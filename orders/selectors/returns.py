"""Returns of a shop's orders: what may come back, until when, and who may say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from orders.models import Order, OrderLine, ReturnRequest
from orders.selectors import delivery, parts
from orders.selectors.parts import Content
from s2b2c.kernel import ids, texts
from s2b2c.kernel.errors import NotFound
from supplier.models import Variant

State = ReturnRequest.State
OPEN = (State.REQUESTED, State.APPROVED, State.SHIPPED, State.RECEIVED, State.INSPECTED)
RETURNABLE = (Order.Status.SHIPPED, Order.Status.PART_SHIPPED)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of an order's returns, frozen at sale; those of an order older than the rules are the usual ones."""

    days: int
    approval: str
    keep_below_minor: int
    postage_minor: int
    postage_by: str
    auto_below_minor: int
    parts: bool

    def allows_part(self, reason: str) -> bool:
        """Tell whether a single part of a bundle may be given back for this reason: what is wrong with one always may."""
        return self.parts or reason != ReturnRequest.Reason.MIND

    def approves(self, worth_minor: int) -> bool:
        """Tell whether a customer's return of this worth needs nobody's decision."""
        return self.approval == "auto" or 0 < worth_minor <= self.auto_below_minor


def policy(order: Order) -> Policy:
    """Give the rules an order was sold under."""
    terms = order.terms
    return Policy(
        int(terms.get("return_days", 14)), str(terms.get("return_approval", "shop")), int(terms.get("keep_below_minor", 0)),
        int(terms.get("return_postage_minor", 0)), str(terms.get("return_postage_by", "customer")),
        int(terms.get("return_auto_below_minor", 0)), bool(terms.get("return_parts", False)),
    )  # fmt: skip


def until(order: Order) -> datetime | None:
    """Give until when c may return: the window frozen at sale, after the last parcel. None: nothing left yet.

    It counts from the end of the day a parcel was delivered on, or, where nobody said so, from when it left.
    """
    steps = order.events.filter(kind__in=delivery.KINDS).order_by("id").values_list("kind", "at", "data")
    last = max((parcel.window_from for parcel in delivery.parcels(steps).values()), default=None)
    return last + timedelta(days=policy(order).days) if last else None


def of_order(order: Order) -> list[ReturnRequest]:
    """Give an order's returns, the oldest first."""
    return list(order.returns.order_by("opened_at", "id"))


def find(number: str, *, order: Order | None = None) -> ReturnRequest:
    """Give one return, with its order.

    :raises NotFound: this shop, or this order, has none of this number.
    """
    rows = ReturnRequest.objects.select_related("order").filter(id=ids.return_id_of(number))
    found = (rows if order is None else rows.filter(order=order)).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class PartLeft:
    """A part of a bundle that can come back by itself, ``pieces`` of it at most."""

    variant: Variant
    pieces: int


@dataclass(frozen=True, slots=True)
class Left:
    """What can come back of a line: ``pieces`` whole, or ``parts`` of what a bundle is made of.

    What is chosen of both must fit into ``together`` bundles: see :func:`fits`.
    """

    line: OrderLine
    pieces: int
    parts: list[PartLeft]
    content: Content | None
    together: int
    waiting: Mapping[int, int]

    def fits(self, whole: int, single: Mapping[int, int]) -> bool:
        """Tell whether c has so many whole pieces and, beside them, so many single parts by variant."""
        if self.content is None:
            return not single and 0 <= whole <= self.pieces
        if any(self.content.part(variant_id) is None for variant_id in single) or min(0, whole, *single.values()) < 0:
            return False
        asked = {part.variant_id: single.get(part.variant_id, 0) for part in self.content.parts}
        taken = {variant_id: n + self.waiting.get(variant_id, 0) for variant_id, n in asked.items()}
        return whole + self.content.opened(taken) <= self.together


def waiting_pieces(order: Order) -> dict[tuple[int, int], int]:
    """Give the pieces by line and variant that are on their way back or asked to be, or were replaced: c has them no more.

    The variant is the line's own, or that of a bundle's part that comes back by itself.
    """
    total: dict[tuple[int, int], int] = defaultdict(int)
    for back in order.returns.all():
        named = {row["line"]: row["variant"] for row in back.lines}
        for row in back.lines if back.state in OPEN else back.outcome.get("replaced", []):
            total[row["line"], row.get("variant") or named[row["line"]]] += row["quantity"]
    return total


def left(order: Order) -> list[Left]:
    """Give of each line what c has and is not on its way back; some may be nothing. At most six statements."""
    lines, waiting = list(order.lines.order_by("id")), waiting_pieces(order)
    made_of = parts.of(lines)
    variants = Variant.objects.select_related("product").in_bulk(
        {part.variant_id for content in made_of.values() for part in content.parts}
    )
    return [_left(line, made_of.get(line.id), waiting, variants) for line in lines]


def _left(
    line: OrderLine, content: Content | None, waiting: Mapping[tuple[int, int], int], variants: Mapping[int, Variant]
) -> Left:
    whole = waiting.get((line.id, line.variant_id), 0)
    if content is None:
        pieces = max(0, line.received - whole)
        return Left(line, pieces, [], None, pieces, {})
    single = {part.variant_id: waiting.get((line.id, part.variant_id), 0) for part in content.parts}
    there = max(0, line.with_customer - whole)
    singly = [
        PartLeft(variants[part.variant_id], there * part.pieces - part.back - single[part.variant_id])
        for part in content.parts
        if part.variant_id in variants and (len(content.parts) > 1 or part.pieces > 1)
    ]
    most = max(0, there - content.opened(single))
    return Left(line, most, [each for each in singly if each.pieces > 0], content, there, single)


def returnable(order: Order) -> list[Left]:
    """Give the lines of which something can come back, with how many pieces, or which parts."""
    if order.status not in RETURNABLE or order.paid in (Order.Paid.UNPAID, Order.Paid.DUE):
        return []
    return [each for each in left(order) if each.pieces or each.parts]


@dataclass(frozen=True, slots=True)
class Thing:
    """Pieces of a return: of a line, or, where ``part`` is given, of that part of a bundle alone."""

    line: OrderLine
    quantity: int
    part: Variant | None

    @property
    def title(self) -> str:
        return texts.local(self.part.product, "name") if self.part else self.line.title

    @property
    def label(self) -> str:
        return texts.local(self.part, "label") if self.part else self.line.label

    @property
    def sku(self) -> str:
        return self.part.sku if self.part else self.line.sku


def things(back: ReturnRequest) -> list[Thing]:
    """Give what a return is of, in the active language. Two statements."""
    lines = {line.id: line for line in back.order.lines.select_related("product")}
    rows = [row for row in back.lines if row["line"] in lines]
    single = {row["variant"] for row in rows if row["variant"] != lines[row["line"]].variant_id}
    found = Variant.objects.select_related("product").in_bulk(single) if single else {}
    return [Thing(lines[row["line"]], row["quantity"], found.get(row["variant"])) for row in rows]


def swaps(line: OrderLine) -> dict[int, Variant]:
    """Give the variants of a line's product that may be had instead: those that cost b the same."""
    sold = Variant.objects.filter(id=line.variant_id).first()
    if sold is None:
        return {}
    same = Variant.objects.filter(product_id=sold.product_id, wholesale_minor=sold.wholesale_minor, status="active")
    return {each.id: each for each in same.order_by("position", "id")}


def worth(back: ReturnRequest) -> int:
    """Give what c paid for the pieces of a return, in minor units."""
    lines = {line.id: line for line in back.order.lines.all()}
    rows = [(lines[row["line"]], row["variant"], row["quantity"]) for row in back.lines]
    single = [line for line, variant_id, _n in rows if variant_id != line.variant_id]
    made_of = parts.of(single) if single else {}
    return sum(_share(line, variant_id, quantity, made_of) for line, variant_id, quantity in rows)


def _share(line: OrderLine, variant_id: int, quantity: int, made_of: Mapping[int, Content]) -> int:
    if variant_id == line.variant_id:
        return line.paid_minor * quantity // line.quantity
    content = made_of[line.id]
    return line.paid_minor * content.weighs({variant_id: quantity}) // (line.quantity * content.weight)


def waiting_for_shop() -> Iterable[ReturnRequest]:
    """Give the returns the shop itself has to decide on, the oldest first, at most 20."""
    unsaid = ~Q(order__terms__has_key="return_approval")  # see policy()
    own = Q(order__terms__return_approval="shop") | unsaid
    asked = ReturnRequest.objects.filter(own, state=State.REQUESTED)
    return asked.select_related("order").order_by("opened_at")[:20]
