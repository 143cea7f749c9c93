"""Drawn product plates: the same words always give the same drawing.

A plate is a glyph (``mug``), the tint of the object and the tint of the ground; where a glyph is not
known, a parcel with the product's initials stands for it, so there is never a grey box. A glyph is SVG
markup with the roles ``{base}``, ``{shade}``, ``{light}``, ``{deep}`` (the object), ``{stripe…:rrggbb}``
(a second colour and what it is when none is given), ``{wall}``, ``{table}``, ``{cast}`` (the ground).
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from html import escape
from pathlib import Path

from s2b2c.ui import colour

FOLDER = Path(__file__).resolve().parent / "glyphs"
WIDTH, HEIGHT = 800, 1000
OPEN = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 500" width="{WIDTH}" height="{HEIGHT}">'

# base, shade, light, deep
TINTS: dict[str, tuple[str, str, str, str]] = {
    "pine": ("#456657", "#33503f", "#628573", "#1e3229"),
    "oat": ("#f8f2e6", "#e4d8c3", "#fffbf3", "#8a7a62"),
    "clay": ("#b96a42", "#98502f", "#d08d66", "#5e2e18"),
    "ink": ("#414244", "#2b2c2e", "#5f6063", "#17181a"),
    "moss": ("#6f7d45", "#586535", "#8c9a62", "#343d1c"),
    "ember": ("#d9572b", "#b5421d", "#ea8059", "#6b2009"),
    "ochre": ("#d49d40", "#b27f2a", "#e6bc6e", "#6e4a10"),
    "rose": ("#d3a797", "#b98877", "#e5c4b8", "#7a4c3d"),
    "celadon": ("#a9c0af", "#8aa592", "#c7d8cb", "#4a6152"),
    "oak": ("#c99d6f", "#ab7f52", "#dfbc93", "#6b4a2a"),
    "walnut": ("#7d573c", "#61412b", "#9b7354", "#38230f"),
    "enamel": ("#fbfaf6", "#e6e3da", "#ffffff", "#7d8d8f"),
    "harbour": ("#3f6585", "#2d4d69", "#6488a8", "#182f43"),
    "plum": ("#70465c", "#563246", "#926a80", "#331a28"),
    "slate": ("#6c7a83", "#535f67", "#8e9ba3", "#2f383e"),
    "butter": ("#efd98f", "#d9bd64", "#f8e9b8", "#7d651d"),
}
ALIASES = {
    "chalk": "enamel", "white": "enamel", "snow": "enamel", "milk": "enamel", "natural": "oat", "cream": "oat",
    "linen": "oat", "ivory": "oat", "sand": "oak", "ash": "oak", "beech": "oak", "birch": "oak", "brass": "ochre",
    "kelp": "pine", "green": "pine", "forest": "pine", "spruce": "pine", "olive": "moss", "fern": "moss",
    "terracotta": "clay", "rust": "clay", "copper": "clay", "brick": "clay", "red": "ember", "orange": "ember",
    "coral": "ember", "poppy": "ember", "mustard": "ochre", "amber": "ochre", "honey": "ochre", "yellow": "butter",
    "lemon": "butter", "pink": "rose", "blush": "rose", "shell": "rose", "mint": "celadon", "sage": "celadon",
    "sea": "celadon", "tide": "harbour", "blue": "harbour", "navy": "harbour", "indigo": "harbour", "sky": "harbour",
    "black": "ink", "charcoal": "ink", "coal": "ink", "iron": "ink", "brown": "walnut", "cocoa": "walnut",
    "grey": "slate", "gray": "slate", "stone": "slate", "steel": "slate", "fog": "slate", "purple": "plum",
    "wine": "plum", "berry": "plum", "lilac": "plum",
}  # fmt: skip
# wall, table, shadow
GROUNDS: dict[str, tuple[str, str, str]] = {
    "oat": ("#efe6d8", "#e2d5c1", "#cdbda4"),
    "rose": ("#f0ddd0", "#e5cbb9", "#cfae98"),
    "sage": ("#dde3d6", "#cad4c1", "#b1bea7"),
    "stone": ("#e7e4de", "#d8d3ca", "#bfb9ad"),
    "mist": ("#dce4e2", "#c8d4d1", "#adbdb9"),
    "fern": ("#cfdcc8", "#b9cbb0", "#9bb191"),
    "sand": ("#e9e3d2", "#d9d0b9", "#bdb296"),
    "honey": ("#f3e8ca", "#e9d8aa", "#cfba83"),
    "peach": ("#f4d3bd", "#eabb9d", "#d09b7a"),
    "night": ("#26382f", "#1d2c25", "#14201a"),
}
# Grounds an object stands out from, in the order tried.
PAIRS: dict[str, tuple[str, ...]] = {
    "pine": ("oat", "rose", "peach"), "oat": ("rose", "sage", "fern"), "clay": ("sage", "mist", "stone"),
    "ink": ("stone", "honey", "rose"), "moss": ("sand", "oat", "peach"), "ember": ("sand", "mist", "stone"),
    "ochre": ("mist", "stone", "fern"), "rose": ("oat", "mist", "sage"), "celadon": ("rose", "oat", "honey"),
    "oak": ("sage", "mist", "rose"), "walnut": ("rose", "mist", "honey"), "enamel": ("peach", "fern", "rose"),
    "harbour": ("sand", "peach", "honey"), "plum": ("oat", "sage", "stone"), "slate": ("honey", "oat", "peach"),
    "butter": ("mist", "fern", "rose"),
}  # fmt: skip
NATURAL = {
    "apron": "pine", "backpack": "moss", "basket": "oak", "blanket": "rose", "board": "oak", "bowls": "celadon",
    "campchair": "ember", "candle": "clay", "canister": "oat", "carafe": "enamel", "chair": "oak", "cushion": "clay",
    "flask": "pine", "kettle": "ink", "lamp": "clay", "lantern": "pine", "mill": "walnut", "skillet": "ink",
    "stool": "walnut", "teapot": "celadon", "tent": "oat", "towel": "clay", "tray": "walnut", "vase": "clay",
    "mug-set": "pine", "vase-bud": "celadon",
}  # fmt: skip
INITIALS = re.compile(r"\{letters(?::(\d+),(\d+))?\}")
STRIPE = re.compile(r"\{(stripe(?:_shade|_light|_deep)?):([0-9a-f]{6})\}")


@lru_cache(maxsize=1)
def glyphs() -> dict[str, str]:
    """Give every drawing by name."""
    return {path.stem: path.read_text(encoding="utf-8").strip() for path in sorted(FOLDER.glob("*.svg"))}


@lru_cache(maxsize=1)
def edition() -> str:
    """Give a short digest of all drawings: part of a plate's address, so that it may be cached for ever."""
    text = repr((sorted(glyphs().items()), sorted(TINTS.items()), sorted(GROUNDS.items())))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _pick(word: str, options: tuple[str, ...]) -> str:
    return options[hashlib.sha256(word.encode()).digest()[0] % len(options)]


def tint_name(tint: str, glyph: str = "") -> str:
    """Give the palette's name for a tint, an alias, or ``rrggbb``; any other word gets one of its own for good."""
    word = tint.strip().lower().lstrip("#")
    if re.fullmatch(r"[0-9a-f]{6}", word):
        return word
    if not word:
        return NATURAL.get(glyph, "") or _pick(glyph, tuple(TINTS))
    word = re.sub(r"[^a-z]", "", word)
    return word if word in TINTS else ALIASES.get(word) or _pick(word, tuple(TINTS))


def shades(tint: str) -> tuple[str, str, str, str]:
    """Give base, shade, light and deep of a palette name or of ``rrggbb``."""
    if tint in TINTS:
        return TINTS[tint]
    base = f"#{tint}"
    return base, colour.shift(base, -0.08), colour.shift(base, 0.09, 0.9), colour.shift(base, -0.24, 0.8)


def ground_name(ground: str, tint: str, glyph: str) -> str:
    """Give the ground asked for, or one the object stands out from."""
    if ground in GROUNDS:
        return ground
    if tint in PAIRS:
        return _pick(glyph + tint, PAIRS[tint])
    dark = colour.to_oklab(f"#{tint}")[0] < 0.72
    return _pick(glyph + tint, ("oat", "sand", "rose", "stone") if dark else ("mist", "fern", "rose"))


def initials(name: str) -> str:
    """Give up to two letters (or one Chinese character) that stand for a name."""
    words = re.findall(r"\w+", name)
    if not words:
        return ""
    if ord(words[0][0]) > 0x2E7F:
        return words[0][0]
    return "".join(word[0] for word in words[:2]).upper()


@lru_cache(maxsize=2048)
def svg(glyph: str, tint: str = "", ground: str = "", stripe: str | None = None, letters: str = "") -> str:
    """Draw a plate of 800 × 1000. Unknown words never fail: they choose for themselves, always the same."""
    body = glyphs().get(glyph)
    if body is None:
        body = glyphs()["parcel"]
        letters = letters or initials(glyph)
    tint = tint_name(tint, glyph)
    base, shade, light, deep = shades(tint)
    wall, table, cast = GROUNDS[ground_name(ground, tint, glyph)]
    second = (
        dict(zip(("stripe", "stripe_shade", "stripe_light", "stripe_deep"), shades(tint_name(stripe)), strict=True))
        if stripe
        else {}
    )
    body = STRIPE.sub(lambda found: second.get(found[1], f"#{found[2]}"), body)
    body = INITIALS.sub(lambda found: _letters(letters, found[1] or "158", found[2] or "379"), body)
    roles = {"base": base, "shade": shade, "light": light, "deep": deep, "wall": wall, "table": table, "cast": cast}
    return f"{OPEN}{re.sub(r'{(' + '|'.join(roles) + ')}', lambda found: roles[found[1]], body)}</svg>"


def _letters(letters: str, x: str, y: str) -> str:
    if not letters:
        return ""
    font = 'font-family="Georgia, Songti SC, serif" font-size="34"'
    return f'<text x="{x}" y="{y}" text-anchor="middle" {font} fill="#2b2c2e">{escape(letters[:2])}</text>'


def url(glyph: str, tint: str = "", ground: str = "", name: str = "") -> str:
    """Give the address of a plate: all words settled, so that equal plates share one address."""
    known = glyph if glyph in glyphs() else "parcel"
    settled = tint_name(tint, glyph or name)
    address = f"/_plate/{known}-{settled}-{ground_name(ground, settled, glyph or name)}.svg?v={edition()}"
    marked = initials(name) if "{letters" in glyphs()[known] else ""
    return f"{address}&l={marked}" if marked else address
