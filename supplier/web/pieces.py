"""A form field for pieces by SKU, a line each: ``MUG-1 12``."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supplier.selectors import transit

MOST_LINES = 500


class Pieces(forms.CharField):
    """Gives pieces by variant id. ``numbers``: each line needs how many; without, a SKU alone gives 0."""

    def __init__(self, *, numbers: bool = True, **more: Any) -> None:
        self.numbers = numbers
        super().__init__(widget=forms.Textarea(attrs={"rows": 6, "class": "code"}), max_length=40_000, **more)

    def clean(self, value: Any) -> dict[int, int]:
        lines = [line for line in (super().clean(value) or "").splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(_("At most %(n)s lines.") % {"n": MOST_LINES})
        told: dict[str, int] = {}
        for line in lines:
            sku, pieces = self._read(line)
            told[sku] = told.get(sku, 0) + pieces
        known = transit.by_skus(told)
        unknown = [sku for sku in told if sku not in known]
        if unknown:
            raise forms.ValidationError(_("Unknown SKU: %(skus)s") % {"skus": ", ".join(unknown[:5])})
        return {known[sku]: pieces for sku, pieces in told.items()}

    def _read(self, line: str) -> tuple[str, int]:
        words = [word for word in re.split(r"[\s,;]+", line.strip()) if word]
        if len(words) == 1 and not self.numbers:
            return words[0], 0
        if len(words) != 2 or not re.fullmatch(r"[1-9][0-9]{0,6}", words[1]):
            raise forms.ValidationError(_("Write a SKU and a number in each line: “%(line)s”") % {"line": line[:60]})
        return words[0], int(words[1])
