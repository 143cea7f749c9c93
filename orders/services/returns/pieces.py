"""Pieces of a return, as their order knows them: which of them have money to go back."""

from __future__ import annotations

from orders.models import OrderLine, ReturnRequest
from orders.selectors import parts

Pieces = dict[tuple[int, int], int]  # by line and variant: the line's own, or a bundle's part


def still_there(back: ReturnRequest, accepted: Pieces) -> tuple[dict[int, int], Pieces]:
    """Give of pieces that came back what was not refunded meanwhile: whole pieces first, then parts of the others."""
    lines = {
        line.id: line for line in OrderLine.objects.filter(order=back.order, id__in={id_ for id_, _v in accepted})
    }
    paid = {name: n for name, n in accepted.items() if lines[name[0]].paid_minor}
    whole = {
        id_: min(n, lines[id_].received) for (id_, variant), n in paid.items() if variant == lines[id_].variant_id
    }
    single: Pieces = {}
    asked = {name: n for name, n in paid.items() if name[1] != lines[name[0]].variant_id}
    made_of = parts.of(lines[id_] for id_ in {id_ for id_, _variant in asked}) if asked else {}
    for (id_, variant), n in asked.items():
        part = made_of[id_].part(variant)
        there = (lines[id_].with_customer - whole.get(id_, 0)) * part.pieces - part.back if part else 0
        if min(n, there) > 0:
            single[id_, variant] = min(n, there)
    return whole, single
