"""A list from a carrier: a line for each order or parcel, typed or as a CSV file."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_LONGEST_FILE = 500_000
_SEPARATORS = str.maketrans(
    {";": ",", "\t": ",", "，": ","}
)  # also as a spreadsheet and a Chinese keyboard write them


class Lines(forms.Form):
    """What a carrier says; ``cleaned_data["told"]`` is what :meth:`told` makes of it, and never empty."""

    lines = forms.CharField(
        label=_("Numbers"), required=False, max_length=200_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    file = forms.FileField(label=_("Or a CSV file"), required=False, help_text=_("The same two columns, in UTF-8"))
    help_text: str | Promise = ""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["lines"].help_text = str(self.help_text)

    def told(self, rows: list[list[str]]) -> list[Any]:
        """Make of each row of cells, the first never empty, what is said.

        :raises ValidationError: a row can't be read.
        """
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text = data.get("lines") or ""
        if data.get("file"):
            if data["file"].size > _LONGEST_FILE:
                raise forms.ValidationError(_("This file is too large."))
            try:
                text = data["file"].read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError(_("This file is not text in UTF-8.")) from None
        data["told"] = self.told(_rows(text))
        if not data["told"]:
            raise forms.ValidationError(_("Give at least one number."))
        return data


def _rows(text: str) -> list[list[str]]:
    """Read rows of cells; a head that names the columns is left out."""
    found = []
    for row in csv.reader(text.replace("\0", "").translate(_SEPARATORS).splitlines()):
        cells = [cell.strip() for cell in row]
        if cells and cells[0] and cells[0].lower() not in ("number", "reference", "order"):
            found.append(cells)
    return found
