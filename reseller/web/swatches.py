"""The six looks as small drawings: colours reach the page as SVG attributes, never as style."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from s2b2c.kernel import texts
from s2b2c.ui import theme


@dataclass(frozen=True, slots=True)
class Swatch:
    """A look's name, words and the colours its drawing needs."""

    code: str
    name: str
    about: str
    ground: str
    ink: str
    accent: str
    lettering: str
    card: str
    muted: str
    serif: bool
    radius: int


def of(code: str, overrides: dict[str, Any] | None = None) -> Swatch:
    """Give the swatch of a look, with a shop's own choices as they will be served."""
    preset = theme.look(code)
    values = theme.properties(code, overrides)

    def colour(name: str, instead: str) -> str:
        return theme.resolve(values, name) or instead

    ground = colour("--color-base-100", "#ffffff")
    return Swatch(
        code=preset["code"],
        name=texts.local(_Texts(preset), "name"),
        about=texts.local(_Texts(preset), "about"),
        ground=ground,
        ink=colour("--color-base-content", "#111111"),
        accent=colour("--color-primary", "#111111"),
        lettering=colour("--color-primary-content", "#ffffff"),
        card=colour("--color-base-200", ground),
        muted=colour("--lk-muted", "#666666"),
        serif="serif" in values.get("--lk-display", "").rpartition(",")[2].replace("sans-serif", ""),
        radius=6 if values.get("--radius-field", "0px") not in ("0px", "0", "2px") else 1,
    )


def all() -> list[Swatch]:
    """Give the swatches of every look, in the order they are offered."""
    return [of(code) for code in theme.codes()]


def phone(code: str, overrides: dict[str, Any] | None = None) -> Swatch:
    """Give what the drawing of a shop on a phone needs; an unknown look gives the first one."""
    return of(code if code in theme.codes() else theme.DEFAULT, overrides)


class _Texts:
    """Lets a preset's dictionary be read like content in two languages."""

    def __init__(self, preset: dict[str, Any]) -> None:
        self.__dict__.update(preset)
