"""What is typed about a fulfilment order: a parcel, pieces that cannot be sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from supplier.models import FulfilmentLine


class Pieces(forms.Form):
    """How many of each line; fields ``p<line id>``."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=80, required=False)

    def __init__(
        self, data: QueryDict | None, lines: list[FulfilmentLine], usual: Callable[[FulfilmentLine], int]
    ) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}-%s", initial={"key": uuid.uuid4().hex})
        self.lines = [line for line in lines if left(line)]
        for line in self.lines:
            self.fields[f"p{line.pk}"] = forms.IntegerField(
                label=line.variant.sku, min_value=0, max_value=left(line), initial=usual(line), required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[FulfilmentLine, Any, int]]:
        """Give each line with its field and what is left of it."""
        return [(line, self[f"p{line.pk}"], left(line)) for line in self.lines]

    @property
    def pieces(self) -> dict[int, int]:
        return {line.pk: self.cleaned_data.get(f"p{line.pk}") or 0 for line in self.lines}

    @property
    def request_key(self) -> str:
        return self.cleaned_data.get("key") or uuid.uuid4().hex


class Parcel(Pieces):
    """A parcel on its way."""

    carrier = forms.CharField(label=_("Carrier"), max_length=60, widget=forms.TextInput(attrs={"list": "carriers"}))
    tracking = forms.CharField(
        label=_("Tracking number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tracking_url = forms.URLField(
        label=_("Tracking page"), max_length=300, required=False, help_text=_("Where the consumer can follow it")
    )


class Short(Pieces):
    """Pieces that cannot be sent."""

    reason = forms.CharField(label=_("Reason"), max_length=160, widget=forms.TextInput(attrs={"list": "reasons"}))
    wait = forms.BooleanField(
        label=_("More will come: let the order wait for them"),
        required=False,
        help_text=_("They are kept for it on arrival. The shop may give their money back instead."),
    )
    expected_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    write_off = forms.BooleanField(
        label=_("Take them out of stock too: they are not there, or can't be sold"), required=False, initial=True
    )


def left(line: FulfilmentLine) -> int:
    """Give how many pieces of a line can be sent now."""
    return line.left
