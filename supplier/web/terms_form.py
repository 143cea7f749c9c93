"""The form of new terms: what S takes, when and how it pays, and the rules of returns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2b2c.kernel import money
from supplier.models import Dispute, Terms

# field of the form → field of the terms, in hundredths of a per cent
_RATES = {"fee": "fee_bps", "fee_tax": "fee_tax_bps", "reserve": "reserve_bps"}
# field of the form → field of the terms, in minor units
_AMOUNTS = {
    "min_payout": "min_payout_minor",
    "keep_below": "keep_below_minor",
    "auto_below": "return_auto_below_minor",
    "return_postage": "return_postage_minor",
}
_PLAIN = (
    *("return_days", "reserve_days", "payout_schedule", "payout_method"),
    *("return_approval", "return_postage_by", "return_parts"),
)


def _rate(label: Any, most: int, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=Decimal(0), max_value=Decimal(most), decimal_places=2, **more)


def _bearer(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Dispute.Bearer.choices, required=False)


def _amount(label: Any, places: int, **more: Any) -> forms.DecimalField:
    least = Decimal(0)
    return forms.DecimalField(
        label=label, min_value=least, max_digits=12, decimal_places=places, required=False, **more
    )


class NewTerms(forms.Form):
    """What isn't filled in stays as it is."""

    fee = _rate(
        _("Platform fee"),
        50,
        max_digits=4,
        help_text=_("Share of the retail price; orders already placed keep theirs"),
    )
    fee_tax = _rate(_("Tax inside the fee"), 50, required=False)
    return_days = forms.IntegerField(label=_("Return window, days"), min_value=0, max_value=365, required=False)
    payout_schedule = forms.ChoiceField(label=_("Payouts"), choices=Terms.Schedule.choices, required=False)
    payout_method = forms.ChoiceField(
        label=pgettext_lazy("payout", "Paid by"), choices=Terms.Method.choices, required=False
    )
    reserve = _rate(_("Reserve"), 100, required=False, help_text=_("Share of sales kept back from payouts"))
    reserve_days = forms.IntegerField(label=_("Reserve kept for, days"), min_value=0, max_value=730, required=False)

    return_approval = forms.ChoiceField(label=_("A customer's return"), choices=Terms.Approval.choices, required=False)
    return_parts = forms.TypedChoiceField(
        label=_("Single parts of sets"),
        choices=[("0", _("Only where something is wrong")), ("1", _("Also where they changed their mind"))],
        coerce=lambda text: text == "1",
        empty_value=None,
        required=False,
    )
    dispute_fraud = _bearer(_("Not made by the cardholder"))
    dispute_not_received = _bearer(_("Not received"))
    dispute_goods = _bearer(_("Not as described, or damaged"))
    dispute_refund = _bearer(_("Charged twice, or not refunded"))
    dispute_other = _bearer(pgettext_lazy("dispute", "Another reason"))
    return_postage_by = forms.ChoiceField(
        label=_("Return postage, nobody at fault"),
        choices=Terms.PostageBy.choices,
        required=False,
        help_text=_("Where somebody is at fault, they bear it"),
    )

    def __init__(self, data: Any = None, *, row: Terms | None, currency: str) -> None:
        row = row or Terms(fee_bps=0)
        named = {kind: row.dispute_bearers.get(kind, Dispute.Bearer.SUPPLIER) for kind in Dispute.Category.values}
        self.currency, self.bearers = currency, {kind: str(who) for kind, who in named.items()}
        super().__init__(data, initial=_initial(row, currency))
        places = money.exponent(currency)
        self.fields["min_payout"] = _amount(_("Smallest payout"), places)
        self.fields["auto_below"] = _amount(
            _("Approved by the rule, up to"),
            places,
            help_text=_("What a customer asks to send back for so much or less is approved at once; 0: nothing is"),
        )
        self.fields["keep_below"] = _amount(
            _("May be kept, up to"),
            places,
            help_text=_("So much the shop may give back without the pieces coming back"),
        )
        self.fields["return_postage"] = _amount(
            _("Return postage"),
            places,
            help_text=_("What the way back usually costs us; 0: customers send it themselves"),
        )

    def agreed(self) -> dict[str, Any]:
        """Give the terms' fields that were filled in; amounts in minor units."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        found: dict[str, Any] = {name: given[name] for name in _PLAIN if name in given}
        found |= {field: int(given[name] * 100) for name, field in _RATES.items() if name in given}
        bearers = {kind: given[f"dispute_{kind}"] for kind in Dispute.Category.values if f"dispute_{kind}" in given}
        if bearers:
            found["dispute_bearers"] = {**self.bearers, **bearers}
        unit = 10 ** money.exponent(self.currency)
        return found | {field: int(given[name] * unit) for name, field in _AMOUNTS.items() if name in given}


def _initial(row: Terms, currency: str) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in _PLAIN},
        "return_parts": "1" if row.return_parts else "0",
        **{f"dispute_{kind}": who for kind, who in row.dispute_bearers.items()},
        **{name: Decimal(getattr(row, field)) / 100 for name, field in _RATES.items()},
        **{name: money.to_decimal(getattr(row, field), currency) for name, field in _AMOUNTS.items()},
    }
