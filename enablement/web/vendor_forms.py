"""Forms about vendors and their ladders of prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from enablement.models import Vendor, VendorOffer
from enablement.selectors import vendors
from enablement.services.vendors import MOST_STEPS
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from s2b2c.ui import countries

STEPS = 5  # empty ones are offered up to so many
_NUMBER = {"inputmode": "numeric"}
_AMOUNT = {"inputmode": "decimal"}


def _amount(form: forms.Form, name: str, currency: str) -> int:
    """Give an amount typed into a field, nothing as 0; what is no amount stands on the form."""
    try:
        return money.parse_amount(form.cleaned_data.get(name) or "0", currency)
    except Refused as refusal:
        form.add_error(name, str(refusal))
        return 0


class VendorForm(forms.Form):
    """A vendor."""

    name = forms.CharField(label=_("Name"), max_length=80)
    contact = forms.CharField(label=pgettext_lazy("vendor", "Contact"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    address = forms.CharField(label=pgettext_lazy("vendor", "Address"), max_length=240, required=False)
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=lambda: [("", gettext("Not said")), *countries.choices()]
    )
    language = forms.ChoiceField(label=_("Papers in"), choices=settings.LANGUAGES)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in money.OFFERED])
    rate = forms.DecimalField(
        label=_("Exchange rate"), min_value=Decimal(0), max_digits=14, decimal_places=6, required=False
    )
    lead_days = forms.IntegerField(label=_("Lead time, days"), min_value=0, max_value=365, initial=14)
    order_fee = forms.CharField(label=_("Fee per order"), max_length=20, required=False)
    minimum = forms.CharField(label=_("Smallest order"), max_length=20, required=False)

    def __init__(self, data: Any = None, *, vendor: Vendor | None = None) -> None:
        own = vendors.own_currency()
        super().__init__(data, initial=_told(vendor) if vendor else {"currency": own})
        self.fields["rate"].help_text = gettext("What one unit of its currency costs in %(own)s") % {"own": own}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        currency = found.get("currency") or vendors.own_currency()
        found["order_fee_minor"] = _amount(self, "order_fee", currency)
        found["minimum_minor"] = _amount(self, "minimum", currency)
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """Give the vendor's fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("order_fee", "minimum")}


def _told(vendor: Vendor) -> dict[str, Any]:
    plain = ("name", "contact", "email", "phone", "address", "country", "language", "currency", "lead_days")
    return {
        **{name: getattr(vendor, name) for name in plain},
        "rate": vendor.rate.normalize() if vendor.rate != 1 else 1,
        "order_fee": money.to_decimal(vendor.order_fee_minor, vendor.currency),
        "minimum": money.to_decimal(vendor.minimum_minor, vendor.currency),
    }


class OfferForm(forms.Form):
    """What a vendor asks for a variant, with the steps of its ladder."""

    sku = forms.CharField(label=_("SKU"), max_length=60)
    code = forms.CharField(label=_("Its own number"), max_length=60, required=False)
    minimum = forms.IntegerField(
        label=_("Smallest quantity"), min_value=1, max_value=1_000_000, initial=1, widget=forms.NumberInput(_NUMBER)
    )
    pack = forms.IntegerField(
        label=_("Pack of"), min_value=1, max_value=100_000, initial=1, widget=forms.NumberInput(_NUMBER)
    )
    weekly = forms.IntegerField(
        label=_("Most in a week"), min_value=1, max_value=10_000_000, required=False, widget=forms.NumberInput(_NUMBER)
    )

    lead_days = forms.IntegerField(
        label=_("Lead time, days"), min_value=0, max_value=365, required=False, widget=forms.NumberInput(_NUMBER)
    )
    valid_until = forms.DateField(
        label=_("Prices hold until"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, data: Any = None, *, vendor: Vendor, offer: VendorOffer | None = None) -> None:
        self.currency = vendor.currency
        super().__init__(data, initial=_asked(offer) if offer else {"from_1": 1})
        if offer:
            self.fields["sku"].disabled = True
        known = offer.breaks.count() if offer else 0
        self.steps = range(1, min(MOST_STEPS, max(STEPS, known + 1)) + 1)
        for index in self.steps:
            start = forms.IntegerField(
                label=_("From pieces"),
                min_value=1,
                max_value=10_000_000,
                required=False,
                widget=forms.NumberInput(_NUMBER),
            )
            unit = forms.CharField(label=_("Each"), max_length=20, required=False, widget=forms.TextInput(_AMOUNT))
            self.fields[f"from_{index}"], self.fields[f"unit_{index}"] = start, unit

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Give the fields of the ladder, step by step."""
        return [(self[f"from_{index}"], self[f"unit_{index}"]) for index in self.steps]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        steps = []
        for index in self.steps:
            start, unit = found.get(f"from_{index}"), found.get(f"unit_{index}")
            if not unit:
                continue
            if not start:
                self.add_error(f"from_{index}", gettext_lazy("From how many pieces on?"))
                continue
            steps.append((start, _amount(self, f"unit_{index}", self.currency)))
        found["steps"] = steps
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """Give the offer's fields."""
        return {name: self.cleaned_data[name] for name in ("steps", "minimum", "pack", "weekly", "code", "lead_days", "valid_until")}  # fmt: skip


def _asked(offer: VendorOffer) -> dict[str, Any]:
    told: dict[str, Any] = {
        "sku": offer.variant.sku, "code": offer.code, "minimum": offer.minimum, "pack": offer.pack, "weekly": offer.weekly,
        "lead_days": offer.lead_days, "valid_until": offer.valid_until.isoformat() if offer.valid_until else "",
    }  # fmt: skip
    steps = sorted(offer.breaks.all(), key=lambda each: each.quantity)
    for index, each in enumerate(steps, 1):
        told |= {
            f"from_{index}": each.quantity,
            f"unit_{index}": money.to_decimal(each.unit_minor, offer.vendor.currency),
        }
    return told
