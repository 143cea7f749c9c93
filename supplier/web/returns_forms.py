"""What is typed about a return: a decision, what became of its pieces, what a carrier paid."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import money
from supplier.models import FulfilmentLine, ReturnLine, ReturnOrder, Warehouse
from supplier.services.returns import Found, Serials
from supplier.web import shown

FATES = {
    "restocked": _("Back into stock"),
    "scrapped": _("Scrap"),
    "sent_back": _("Back to the consumer"),
    "missing": _("Not in the parcel"),
}


_NUMBERED = {
    "restocked": _("Serial numbers back into stock"),
    "scrapped": _("Serial numbers scrapped"),
}


def codes(text: str) -> tuple[str, ...]:
    """Give the codes in a text, however they are set apart: by spaces, lines, commas or semicolons."""
    return tuple(word for word in re.split(r"[\s,;，；]+", text) if word)


def _numbered(lines: list[ReturnLine]) -> set[int]:
    """Give the lines whose pieces, or what those were made of, have serial numbers."""
    whole = [line.line_id for line in lines if not line.part]
    made_of = set(FulfilmentLine.objects.filter(line__in=whole, variant__serials=True).values_list("line", flat=True))
    return {line.pk for line in lines if line.variant.serials or (not line.part and line.line_id in made_of)}


class Decide(forms.Form):
    """Approve, refuse or take back."""

    answer = forms.CharField(label=_("A word to the consumer"), max_length=300, required=False)
    keep = forms.BooleanField(label=_("The consumer keeps the pieces; nothing comes back"), required=False)
    fault = forms.ChoiceField(
        label=_("Who answers for it"),
        required=False,
        choices=lambda: [("", "–"), *ReturnOrder.Fault.choices],
        help_text=_("Needed where the consumer keeps the pieces"),
    )


class Receive(forms.Form):
    """Where the parcel arrived."""

    warehouse = forms.TypedChoiceField(
        label=_("Warehouse"),
        coerce=int,
        choices=lambda: [(each.pk, shown.local(each)) for each in Warehouse.objects.order_by("priority", "id")],
    )


class Inspect(forms.Form):
    """What became of each piece, why, and who answers for it."""

    reason = forms.ChoiceField(label=_("Why it came back"))
    fault = forms.ChoiceField(label=_("Who answers for it"), choices=ReturnOrder.Fault.choices)
    shipping = forms.BooleanField(label=_("Give back what delivery cost, too"), required=False)
    postage = forms.CharField(
        label=_("Return postage we paid"),
        max_length=20,
        required=False,
        help_text=_("0 where they sent it themselves"),
    )
    note = forms.CharField(label=_("A word to the consumer"), max_length=300, required=False)

    def __init__(self, data: QueryDict | None, back: ReturnOrder) -> None:
        super().__init__(data, auto_id="inspect-%s", initial={"reason": back.reason, "postage": _usual_postage(back)})
        self.lines = list(back.lines.all())
        self.numbered = _numbered(self.lines)
        at_door = back.reason == ReturnOrder.Reason.DOOR
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            choice for choice in ReturnOrder.Reason.choices if (choice[0] == "door") == at_door
        ]
        usual = "missing" if back.reason == ReturnOrder.Reason.LOST else "restocked"
        for line in self.lines:
            for fate, word in FATES.items():
                self.fields[f"{fate}_{line.pk}"] = forms.IntegerField(
                    label=word, min_value=0, max_value=line.quantity, required=False,
                    initial=line.quantity if fate == usual else 0,
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                )  # fmt: skip

            for fate, word in _NUMBERED.items() if line.pk in self.numbered else ():
                self.fields[f"{fate}_numbers_{line.pk}"] = forms.CharField(
                    label=word, max_length=4000, required=False,
                    widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
                )  # fmt: skip

    @property
    def rows(self) -> list[tuple[ReturnLine, list[Any], list[Any]]]:
        """Give each line with a field for each fate, and those for its serial numbers."""
        return [
            (
                line,
                [self[f"{fate}_{line.pk}"] for fate in FATES],
                [self[f"{fate}_numbers_{line.pk}"] for fate in _NUMBERED] if line.pk in self.numbered else [],
            )
            for line in self.lines
        ]

    @property
    def serials(self) -> dict[int, Serials]:
        """Give the serial numbers told of each line."""
        told = {
            line.pk: {fate: self.cleaned_data.get(f"{fate}_numbers_{line.pk}") or "" for fate in _NUMBERED}
            for line in self.lines
        }
        return {id_: Serials(**{fate: codes(text) for fate, text in each.items()}) for id_, each in told.items()}

    @property
    def found(self) -> dict[int, Found]:
        return {
            line.pk: Found(**{fate: self.cleaned_data.get(f"{fate}_{line.pk}") or 0 for fate in FATES})
            for line in self.lines
        }


def _usual_postage(back: ReturnOrder) -> str:
    """Give what the way back costs by the terms frozen on the order; nothing where nothing comes by post."""
    comes = back.reason not in (ReturnOrder.Reason.LOST, ReturnOrder.Reason.DOOR)
    return str(money.to_decimal(back.order.agreed.get("return_postage_minor", 0) if comes else 0, back.order.currency))


class Claim(forms.Form):
    """What the carrier paid; nothing writes the claim off."""

    amount = forms.CharField(
        label=_("Paid by the carrier"),
        max_length=20,
        help_text=_("0 writes the claim off; less than is owed writes the rest off"),
    )


class Start(forms.Form):
    """A return S starts for a consumer."""

    reason = forms.ChoiceField(label=_("Why it comes back"), choices=[
        choice for choice in ReturnOrder.Reason.choices if choice[0] != "door"
    ])  # fmt: skip
    wish = forms.ChoiceField(
        label=_("What the consumer gets"), choices=[("refund", _("Money back")), ("exchange", _("Exchange"))]
    )
    note = forms.CharField(label=_("A word to the consumer"), max_length=300, required=False)
