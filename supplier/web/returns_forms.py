"""What is typed about a return: a decision, what became of its pieces, what a carrier paid."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import money
from supplier.models import ReturnLine, ReturnOrder, Warehouse
from supplier.services.returns import Found
from supplier.web import shown

FATES = {
    "restocked": _("Back into stock"),
    "scrapped": _("Scrap"),
    "sent_back": _("Back to the consumer"),
    "missing": _("Not in the parcel"),
}


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

    @property
    def rows(self) -> list[tuple[ReturnLine, list[Any]]]:
        """Give each line with a field for each fate."""
        return [(line, [self[f"{fate}_{line.pk}"] for fate in FATES]) for line in self.lines]

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
