"""The form of a consumer's bank account, on the shop's page of the order and in its office alike."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import Refused
from s2b2c.ui import countries
from supplier.services import bank_refunds


class Account(forms.Form):
    """Where a refund of cash is to be paid."""

    holder = forms.CharField(label=_("Holder of the account"), max_length=70)
    country = forms.ChoiceField(label=_("Country of the bank"), choices=lazy(countries.choices, list))
    account = forms.CharField(label=_("IBAN, card or account number"), max_length=40)
    routing = forms.CharField(
        label=_("BIC, routing number or bank code"),
        max_length=14,
        required=False,
        help_text=_("Not needed with an IBAN or a Chinese bank card."),
    )
    bank = forms.CharField(label=_("Name of the bank"), max_length=70, required=False)


def kept(form: Account, *, reseller_id: int, order_number: str, by: str, actor_id: int | None = None) -> bool:
    """Write what was typed; False where something in it is wrong, which the form then says."""
    if not form.is_valid():
        return False
    details: dict[str, Any] = form.cleaned_data
    try:
        bank_refunds.say_account(
            reseller_id=reseller_id, order_number=order_number, by=by, actor_id=actor_id, **details
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True
