"""A shop's look as style: preset + the shop's own choices → css, with contrast guarded.

A preset is a file ``reseller/looks/<code>.toml``: names and words, custom properties for every width
(``[base]``) and for 64rem and up (``[wide]``). The css is a pure function of preset and choices: the same
words give the same bytes, so it can be served under its digest and kept for ever.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static

from s2b2c.ui import colour

DEFAULT = "hearth"
Properties = dict[str, str]

# The shop's choices and what they set. ``accent`` also sets whatever the preset ties to var(--color-primary).
COLOURS = {
    "accent": "--color-primary",
    "ground": "--color-base-100",
    "ink": "--color-base-content",
    "sale": "--lk-sale",
}
CORNERS = {"square": "0px", "soft": "8px", "round": "18px"}
FONTS: dict[str, tuple[str, str, int]] = {  # word → (family stack, weight, tracking is per preset)
    "serif": ('"Newsreader Display", "Iowan Old Style", "Songti SC", Georgia, serif', "newsreader", 400),
    "clay": ('"Fraunces Variable", "Iowan Old Style", "Songti SC", Georgia, serif', "fraunces", 560),
    "plain": ('"Inter Variable", "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif', "", 600),
    "loud": (
        '"Bricolage Grotesque Variable", "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif',
        "bricolage",
        760,
    ),
    "evening": ('"Instrument Serif", "Iowan Old Style", "Songti SC", Georgia, serif', "instrument-serif", 400),
}
FACES = {
    "newsreader": (
        ("Newsreader Display", "newsreader", "400 500", "normal"),
        ("Newsreader Display", "newsreader-italic", "400", "italic"),
    ),
    "fraunces": (("Fraunces Variable", "fraunces", "100 900", "normal"),),
    "bricolage": (("Bricolage Grotesque Variable", "bricolage", "200 800", "normal"),),
    "instrument-serif": (
        ("Instrument Serif", "instrument-serif", "400", "normal"),
        ("Instrument Serif", "instrument-serif-italic", "400", "italic"),
    ),
}

# What is read on what: ink, its grounds, the ratio. Order matters: an ink is corrected once, on all its grounds.
PAIRS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    (
        "--color-base-content",
        ("--color-base-100", "--color-base-200", "--lk-card", "--lk-pick", "--lk-lab-bg", "--lk-keep-bg"),
        7,
    ),
    (
        "--lk-muted",
        (
            "--color-base-100",
            "--color-base-200",
            "--lk-card",
            "--lk-pick",
            "--lk-lab-bg",
            "--lk-card-bg",
            "--lk-keep-bg",
        ),
        4.5,
    ),
    ("--lk-eye", ("--color-base-100", "--color-base-200", "--lk-card", "--lk-keep-bg"), 4.5),
    ("--lk-sale", ("--color-base-100", "--lk-card", "--lk-card-bg", "--lk-lab-bg"), 4.5),
    ("--lk-ok", ("--color-base-100", "--lk-card"), 4.5),
    ("--color-primary-content", ("--color-primary",), 4.5),
    ("--lk-sale-ink", ("--lk-sale",), 4.5),
    ("--color-neutral-content", ("--color-neutral",), 4.5),
    ("--lk-bar-ink", ("--lk-bar",), 4.5),
    ("--lk-head-ink", ("--lk-head", "--lk-find"), 4.5),
    ("--lk-hero-ink", ("--lk-hero-bg",), 4.5),
    ("--lk-note-ink", ("--lk-note-bg",), 4.5),
    ("--lk-foot-ink", ("--lk-foot",), 4.5),
    ("--lk-count-ink", ("--lk-count",), 4.5),
    ("--lk-flag-ink", ("--lk-flag",), 4.5),
    ("--lk-field", ("--color-base-100", "--lk-card"), 3),
    ("--lk-focus", ("--color-base-100", "--lk-card"), 3),
    ("--lk-focus-alt", ("--lk-head",), 3),
    ("--lk-foot-focus", ("--lk-foot",), 3),
)
# A button moves rather than its letters: they stay as the look has them.
FILL = ("--color-primary", "--color-primary-content", 4.5)
VAR = re.compile(r"var\((--[\w-]+)\)")


@dataclass(frozen=True, slots=True)
class Correction:
    """A colour the guard changed: what was picked, what is served, both ratios on the worst ground."""

    name: str
    picked: str
    served: str
    picked_ratio: float
    served_ratio: float


def codes() -> tuple[str, ...]:
    """Give the presets' codes in the order they are offered."""
    return tuple(_presets())


def looks() -> list[dict[str, Any]]:
    """Give every preset: ``code``, ``name_en``, ``name_zh``, ``about_en``, ``about_zh``, ``swatch``."""
    return list(_presets().values())


def look(code: str) -> dict[str, Any]:
    """Give a preset; an unknown code gives the default one."""
    presets = _presets()
    return presets.get(code) or presets[DEFAULT]


@lru_cache(maxsize=1)
def _presets() -> dict[str, dict[str, Any]]:
    folder = settings.BASE_DIR / "reseller" / "looks"
    read = [tomllib.loads(path.read_text(encoding="utf-8")) | {"code": path.stem} for path in folder.glob("*.toml")]
    found = {preset["code"]: preset for preset in sorted(read, key=lambda preset: preset["order"])}
    for preset in found.values():
        like = found.get(preset.get("like", ""), {})
        for part in ("base", "wide"):
            preset[part] = {**like.get(part, {}), **preset[part]}
    return found


def clean(overrides: Mapping[str, Any] | None) -> dict[str, str]:
    """Give the choices that are understood: colours ``#rrggbb``, ``corners`` and ``type`` by their words."""
    given = {key: str(value).lower() for key, value in (overrides or {}).items() if value}
    kept = {key: given[key] for key in COLOURS if colour.is_hex(given.get(key, ""))}
    kept |= {"corners": given["corners"]} if given.get("corners") in CORNERS else {}
    return kept | ({"type": given["type"]} if given.get("type") in FONTS else {})


def css(code: str, overrides: Mapping[str, Any] | None = None, *, selector: str = ":root") -> str:
    """Give the style of a look with a shop's choices; every text reads at 4.5:1 or better."""
    preset, chosen = look(code), clean(overrides)
    base, _corrections = _guarded(preset, chosen)
    wide = dict(preset["wide"])
    faces = "".join(_face(*face) for name in _fonts(preset, chosen) for face in FACES.get(name, ()))
    return f"{faces}{selector}{{{_block(base)}}}\n@media (width>=64rem){{{selector}{{{_block(wide)}}}}}\n"


def digest(code: str, overrides: Mapping[str, Any] | None = None) -> str:
    """Give the word that names this style in ``/theme.<digest>.css``."""
    return hashlib.sha256(css(code, overrides).encode()).hexdigest()[:12]


def properties(code: str, overrides: Mapping[str, Any] | None = None) -> Properties:
    """Give the custom properties as served, below 64rem."""
    return _guarded(look(code), clean(overrides))[0]


def corrections(code: str, overrides: Mapping[str, Any] | None = None) -> list[Correction]:
    """Give what the guard changed in the shop's own colours, for the editor to show both side by side."""
    return _guarded(look(code), clean(overrides))[1]


def _fonts(preset: dict[str, Any], chosen: dict[str, str]) -> list[str]:
    if "type" in chosen:
        return [FONTS[chosen["type"]][1]]
    return list(preset.get("fonts", ()))


def _face(family: str, file: str, weight: str, style: str) -> str:
    address = static(f"fonts/{file}.woff2")
    return (
        f'@font-face{{font-family:"{family}";src:url("{address}") format("woff2");'
        f"font-weight:{weight};font-style:{style};font-display:swap}}\n"
    )


def _block(values: Properties) -> str:
    return "".join(f"{name}:{value};" for name, value in values.items())


def _guarded(preset: dict[str, Any], chosen: dict[str, str]) -> tuple[Properties, list[Correction]]:
    values: Properties = {"--lk-sale-ink": "var(--color-primary-content)", **preset["base"]}
    for word, name in COLOURS.items():
        if word in chosen:
            values[name] = chosen[word]
    moved = _regrounded(values) if "ground" in chosen or "ink" in chosen else None
    if "corners" in chosen:
        values |= dict.fromkeys(
            ("--radius-field", "--radius-box", "--lk-pic-r", "--lk-box-r", "--lk-chip-r"), CORNERS[chosen["corners"]]
        )
    if "type" in chosen:
        family, _file, weight = FONTS[chosen["type"]]
        values |= {"--lk-display": family, "--lk-dw": str(weight)}
    found = [moved, _fill(values, *FILL), *(_ink(values, *each) for each in PAIRS)]
    own = {COLOURS[word] for word in chosen if word in COLOURS}
    return values, [each for each in found if each and each.name in own]


def _regrounded(values: Properties) -> Correction | None:
    """Derive what stands around a new ground or ink: second ground, card, lines, muted text.

    A ground of middle lightness, on which neither black nor white reads well, is moved to the nearer side.
    """
    picked = values["--color-base-100"]
    far = "#ffffff" if colour.contrast(picked, "#ffffff") > colour.contrast(picked, "#000000") else "#000000"
    ground = values["--color-base-100"] = colour.readable(picked, [far], 11)
    second, card = colour.mix(ground, far, 0.05), colour.mix(ground, far, 0.04)
    if far == "#000000":
        card = colour.mix(ground, "#ffffff", 0.6)
    ink = values["--color-base-content"] = colour.readable(values["--color-base-content"], [ground, second, card], 7)
    values |= {
        "--color-base-200": second,
        "--color-base-300": colour.mix(ground, ink, 0.14),
        "--lk-card": card,
        "--lk-rule": colour.mix(ground, ink, 0.16),
        "--lk-field": colour.mix(ground, ink, 0.5),
        "--lk-muted": colour.mix(ground, ink, 0.72),
        "--lk-pick": colour.mix(ground, card, 0.5),
        "--lk-track-bg": colour.mix(ground, ink, 0.14),
        "--lk-focus": "var(--color-base-content)",
    }
    values |= {
        name: "var(--lk-card)"
        for name in ("--lk-lab-bg", "--lk-keep-bg", "--lk-card-bg")
        if colour.is_hex(values[name])
    }
    if ground == picked:
        return None
    return Correction("--color-base-100", picked, ground, colour.contrast(picked, far), colour.contrast(ground, far))


def resolve(values: Mapping[str, str], name: str) -> str | None:
    """Give the colour a property comes to in the end, or None when it is no plain colour (none, transparent)."""
    value = values.get(name, "").strip()
    for _step in range(5):
        found = VAR.fullmatch(value)
        if not found:
            break
        value = values.get(found[1], "").strip()
    return value.lower() if colour.is_hex(value) else None


def _worst(ink: str, grounds: list[str]) -> float:
    return min(colour.contrast(ink, ground) for ground in grounds)


def _fill(values: Properties, fill: str, ink: str, ratio: float) -> Correction | None:
    picked, lettered = resolve(values, fill), resolve(values, ink)
    if picked is None or lettered is None or colour.contrast(picked, lettered) >= ratio:
        return None
    light = colour.luminance(picked) > 0.45
    if light:  # a light button keeps its colour and gets dark letters
        values[ink] = colour.readable("#1a1a1a", [picked], ratio)
        return None
    values[fill] = colour.readable(picked, [lettered], ratio)
    return Correction(
        fill, picked, values[fill], colour.contrast(picked, lettered), colour.contrast(values[fill], lettered)
    )


def _ink(values: Properties, ink: str, grounds: tuple[str, ...], ratio: float) -> Correction | None:
    picked = resolve(values, ink)
    there = [ground for ground in (resolve(values, name) for name in grounds) if ground]
    if picked is None or not there or _worst(picked, there) >= ratio:
        return None
    values[ink] = colour.readable(picked, there, ratio)
    return Correction(ink, picked, values[ink], _worst(picked, there), _worst(values[ink], there))
