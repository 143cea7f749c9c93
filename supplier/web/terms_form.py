"""The form of new terms: what S takes, and when and how it pays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import money
from supplier.models import Terms

# field of the form → field of the terms, in hundredths of a per cent
_RATES = {"fee": "fee_bps", "fee_tax": "fee_tax_bps", "reserve": "reserve_bps"}
_PLAIN = ("return_days", "reserve_days", "payout_schedule", "payout_method")


def _rate(label: Any, most: int, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=Decimal(0), max_value=Decimal(most), decimal_places=2, **more)


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
    payout_method = forms.ChoiceField(label=_("By"), choices=Terms.Method.choices, required=False)
    min_payout = forms.DecimalField(label=_("Smallest payout"), min_value=Decimal(0), max_digits=12, required=False)
    reserve = _rate(_("Reserve"), 100, required=False, help_text=_("Share of sales kept back from payouts"))
    reserve_days = forms.IntegerField(label=_("Reserve kept for, days"), min_value=0, max_value=730, required=False)

    def __init__(self, data: Any = None, *, row: Terms | None, currency: str) -> None:
        self.currency = currency
        super().__init__(data, initial=_initial(row or Terms(fee_bps=0), currency))

    def agreed(self) -> dict[str, Any]:
        """Give the terms' fields that were filled in; amounts in minor units."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        found: dict[str, Any] = {name: given[name] for name in _PLAIN if name in given}
        found |= {field: int(given[name] * 100) for name, field in _RATES.items() if name in given}
        if "min_payout" in given:
            found["min_payout_minor"] = int(given["min_payout"] * 10 ** money.exponent(self.currency))
        return found


def _initial(row: Terms, currency: str) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in _PLAIN},
        **{name: Decimal(getattr(row, field)) / 100 for name, field in _RATES.items()},
        "min_payout": money.to_decimal(row.min_payout_minor, currency),
    }
