"""A listing's texts: b's own, S's under them, and what S changed since b wrote."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.fields.json import KT

from reseller.models import Listing

# Whose text of S stands under each of b's.
UNDER = {"title_en": "name_en", "title_zh": "name_zh", "text_en": "text_en", "text_zh": "text_zh"}


@dataclass(frozen=True, slots=True)
class Words:
    """One text in one language: b's own, S's of now, and what S changed since b wrote."""

    field: str
    own: str
    theirs: str
    changed: bool
    steps: list[tuple[str, str]]

    @property
    def state(self) -> str:
        return "changed" if self.changed else "yours" if self.own else "follows"


def of(listing: Listing) -> list[Words]:
    """Give the texts of a listing (with its product)."""
    found = []
    for name, under in UNDER.items():
        own, theirs = getattr(listing, name), getattr(listing.product, under)
        before = listing.seen.get(name)
        changed = bool(own) and before is not None and before != theirs
        found.append(Words(name, own, theirs, changed, steps(before or "", theirs) if changed else []))
    return found


def steps(before: str, after: str) -> list[tuple[str, str]]:
    """Give what became of a text as ``(same | del | ins, words)``, word by word (Chinese: sign by sign)."""
    old, new = (re.findall(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+\s*|\s+", text) for text in (before, after))
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(old[a:b])))
            continue
        if a < b:
            found.append(("del", "".join(old[a:b])))
        if c < d:
            found.append(("ins", "".join(new[c:d])))
    return found


def changed_words() -> Q:
    """Give the condition, on a listing, that S changed a text which b has written over."""
    condition = Q(pk__in=[])
    for own, under in UNDER.items():
        condition |= (
            Q(**{f"seen__{own}__isnull": False}) & ~Q(**{own: ""}) & ~Q(**{f"product__{under}": KT(f"seen__{own}")})
        )
    return condition
