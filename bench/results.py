"""What a measurement hands back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """One figure. ``ratio`` compares it with the reference of the same run; ``goal`` is what is asked of it."""

    name: str
    value: float
    unit: str
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value not in (None, "")}


def table(results: list[Result]) -> str:
    """Return the results as a table for a person."""
    rows = [("figure", "value", "unit", "ratio", "goal", "met", "note")]
    for result in results:
        ratio = "" if result.ratio is None else f"{result.ratio:.3g}"
        met = {None: "", True: "yes", False: "NO"}[result.met]
        rows.append((result.name, f"{result.value:,.4g}", result.unit, ratio, result.goal, met, result.note))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
