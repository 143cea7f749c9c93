"""Small charts as SVG with presentation attributes only; sizes come from classes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Number = int | float


def _line(values: Sequence[Number], low: float, high: float, slots: int) -> str:
    step = 236 / max(slots - 1, 1)
    span = (high - low) or 1
    points = [f"{2 + i * step:.1f} {33 - (value - low) / span * 30:.1f}" for i, value in enumerate(values)]
    return "M" + "L".join(points)


def sparkline(now: Sequence[Number], was: Sequence[Number] = (), *, label: str = "") -> SafeString:
    """Draw a line of figures, with the line it is compared to behind it (longer: the rest of that day)."""
    if not now and not was:
        return mark_safe("")
    every = [*now, *was]
    low, high, slots = min(every), max(every), max(len(now), len(was))
    paths = [
        format_html('<path class="{}" d="{}" vector-effect="non-scaling-stroke"/>', css, _line(line, low, high, slots))
        for css, line in (("was", was), ("now", now))
        if line
    ]
    return format_html(
        '<svg class="spark" viewBox="0 0 240 36" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        label, mark_safe("".join(paths)),  # noqa: S308
    )  # fmt: skip


def bars(values: Sequence[Number], *, labels: Sequence[str] = (), label: str = "", mark: int = -1) -> SafeString:
    """Draw bars; ``mark`` is the index of the filled one; labels: one each, or first, middle and last."""
    if not values:
        return mark_safe("")
    count, high = len(values), max(*values, 1) if len(values) > 1 else max(values[0], 1)
    slot = 320 / count
    marked = mark % count
    rects = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>',
        (
            (
                "now" if i == marked else "",
                f"{i * slot + slot * 0.18:.1f}",
                f"{84 - max(value, 0) / high * 80:.1f}",
                f"{slot * 0.64:.1f}",
                f"{max(max(value, 0) / high * 80, 1):.1f}",
            )
            for i, value in enumerate(values)
        ),
    )
    if len(labels) == count:
        places = [(i * slot + slot / 2, "middle", text) for i, text in enumerate(labels)]
    else:
        anchors = [(2, "start"), (160, "middle"), (318, "end")]
        places = [(x, anchor, text) for (x, anchor), text in zip(anchors, labels, strict=False)]
    texts = format_html_join(
        "", '<text x="{}" y="102" text-anchor="{}">{}</text>', ((f"{x:.0f}", a, t) for x, a, t in places)
    )
    return format_html(
        '<svg class="bars" viewBox="0 0 320 {}" role="img" aria-label="{}">{}<path class="base" d="M0 84.5h320"/>{}</svg>',
        108 if labels else 86, label, rects, texts,
    )  # fmt: skip


def ring(done: int, of: int, *, label: str = "", size: int = 72) -> SafeString:
    """Draw one arc per step of a checklist, done ones filled."""
    of = max(of, 1)
    gap = 7 if of > 1 else 0
    arcs = []
    for i in range(of):
        a, b = (math.radians(-90 + 360 / of * i + gap / 2), math.radians(-90 + 360 / of * (i + 1) - gap / 2))
        if of == 1:
            b -= 0.001
        start, end = (f"{40 + 34 * math.cos(t):.2f} {40 + 34 * math.sin(t):.2f}" for t in (a, b))
        large = 1 if of == 1 else 0
        arcs.append(f'<path class="{"fg" if i < done else "bg"}" d="M{start}A34 34 0 {large} 1 {end}"/>')
    return format_html(
        '<svg class="dial" width="{}" height="{}" viewBox="0 0 80 80" role="img" aria-label="{}">{}</svg>',
        size, size, label, mark_safe("".join(arcs)),  # noqa: S308
    )  # fmt: skip
