"""Colours: contrast by WCAG 2.2 and corrections in OKLab, where equal steps look equal."""

from __future__ import annotations

import re
from functools import lru_cache

RGB = tuple[float, float, float]
HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def is_hex(text: str) -> bool:
    """Tell whether a text is a colour written ``#rrggbb``."""
    return bool(HEX.fullmatch(text))


def parse(code: str) -> RGB:
    """Read ``#rrggbb`` (or ``#rgb``) as red, green, blue of 0–1."""
    digits = code.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def write(rgb: RGB) -> str:
    """Write red, green, blue of 0–1 as ``#rrggbb``, clipped to what a screen can show."""
    return "#" + "".join(f"{round(min(max(part, 0), 1) * 255):02x}" for part in rgb)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * max(part, 0) ** (1 / 2.4) - 0.055


@lru_cache(maxsize=4096)
def luminance(code: str) -> float:
    """Give the relative luminance of WCAG."""
    red, green, blue = (_linear(part) for part in parse(code))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of WCAG, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def to_oklab(code: str) -> RGB:
    """Give lightness, a, b of OKLab (Ottosson 2020)."""
    red, green, blue = (_linear(part) for part in parse(code))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def from_oklab(lab: RGB) -> str:
    """Give the colour of lightness, a, b."""
    light, a, b = lab
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return write(
        (
            _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
            _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
            _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
        )
    )


def shift(code: str, lightness: float, chroma: float = 1.0) -> str:
    """Move a colour's lightness by an amount (–1 … 1) and scale its chroma."""
    light, a, b = to_oklab(code)
    return from_oklab((min(max(light + lightness, 0), 1), a * chroma, b * chroma))


def mix(one: str, other: str, share: float) -> str:
    """Mix in OKLab; ``share`` of the other."""
    first, second = to_oklab(one), to_oklab(other)
    light, a, b = (x * (1 - share) + y * share for x, y in zip(first, second, strict=True))
    return from_oklab((light, a, b))


def readable(ink: str, grounds: list[str], ratio: float = 4.5) -> str:
    """Give the nearest colour of the same hue that reads on every ground; unchanged if it does already."""
    if all(contrast(ink, ground) >= ratio for ground in grounds):
        return ink
    light, a, b = to_oklab(ink)
    for step in range(1, 101):
        for sign in (-1, 1):
            level = light + sign * step / 100
            if not 0 <= level <= 1:
                continue
            fade = 1 - step / 140
            tried = from_oklab((level, a * fade, b * fade))
            if all(contrast(tried, ground) >= ratio for ground in grounds):
                return tried
    return max(("#000000", "#ffffff"), key=lambda code: min(contrast(code, ground) for ground in grounds))
