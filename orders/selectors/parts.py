"""What a bundle sold is made of, part by part: what each is worth in it, and what went back of it. See ADR 0029."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from orders.models import OrderLine
from supplier.selectors import bundles


@dataclass(frozen=True, slots=True)
class Part:
    """``pieces`` of a variant in one bundle, of ``weight`` each in the bundle's price.

    ``back``: pieces that went back singly, of the bundles taken ``apart``.
    """

    variant_id: int
    pieces: int
    weight: int
    back: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """What is in each piece of a line; ``apart``: pieces of the line of which some parts went back and some did not."""

    parts: tuple[Part, ...]
    apart: int = 0

    @property
    def weight(self) -> int:
        """What one whole bundle weighs."""
        return sum(part.pieces * part.weight for part in self.parts)

    @property
    def left(self) -> int:
        """What is left of the bundles taken apart weighs."""
        return self.apart * self.weight - sum(part.back * part.weight for part in self.parts)

    def part(self, variant_id: int) -> Part | None:
        return next((part for part in self.parts if part.variant_id == variant_id), None)

    def weighs(self, pieces: Mapping[int, int]) -> int:
        """Give what pieces by variant weigh."""
        return sum(part.weight * pieces.get(part.variant_id, 0) for part in self.parts)

    def opened(self, pieces: Mapping[int, int]) -> int:
        """Give how many bundles are taken apart once these pieces went back, too."""
        return max(
            self.apart, *(-(-(part.back + pieces.get(part.variant_id, 0)) // part.pieces) for part in self.parts)
        )

    def after(self, pieces: Mapping[int, int]) -> tuple[Content, int]:
        """Give the content once these pieces went back, too, and how many bundles are gone whole by that."""
        parts = [replace(part, back=part.back + pieces.get(part.variant_id, 0)) for part in self.parts]
        gone = min(part.back // part.pieces for part in parts)
        kept = tuple(replace(part, back=part.back - gone * part.pieces) for part in parts)
        return Content(kept, self.opened(pieces) - gone), gone

    def as_json(self) -> list[dict[str, int]]:
        """Give it as a line keeps it."""
        return [
            {"variant": part.variant_id, "pieces": part.pieces, "worth": part.weight, "back": part.back}
            for part in self.parts
        ]


def frozen(insides: Iterable[Mapping[int, int] | None]) -> dict[int, int]:
    """Give the wholesale price now, in minor units, of all that is in bundles; one statement, none without bundles."""
    wanted = {variant_id for inside in insides if inside for variant_id in inside}
    return bundles.worth(wanted) if wanted else {}


def noted(inside: Mapping[int, int] | None, worth: Mapping[int, int]) -> list[dict[str, int]] | None:
    """Give what a line that is sold keeps of what is in it; None where it is no bundle."""
    if not inside:
        return None
    return _content(inside, worth).as_json()


def of(lines: Iterable[OrderLine]) -> dict[int, Content]:
    """Give what those of the lines are made of that are bundles, by line id.

    What was sold before its parts were noted is made of what the bundle is, at what the parts cost now: two statements.
    """
    found, unsaid = {}, []
    for line in lines:
        if line.parts:
            found[line.id] = Content(tuple(_part(row) for row in line.parts), line.apart or 0)
        elif line.parts is None:
            unsaid.append(line)
    insides = bundles.parts({line.variant_id for line in unsaid}) if unsaid else {}
    worth = frozen(insides.values())
    return found | {
        line.id: _content(insides[line.variant_id], worth) for line in unsaid if line.variant_id in insides
    }


def _part(row: dict[str, Any]) -> Part:
    return Part(row["variant"], row["pieces"], row["worth"], row.get("back", 0))


def _content(inside: Mapping[int, int], worth: Mapping[int, int]) -> Content:
    """Weigh parts by what they cost; where none costs anything, by the piece."""
    costs = any(worth.get(variant_id, 0) for variant_id in inside)
    return Content(tuple(Part(id_, n, worth.get(id_, 0) if costs else 1) for id_, n in inside.items()))
