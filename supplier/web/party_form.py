"""The form of who stands on statements and invoices, for S's settings and a reseller's account alike."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.http import Request
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy.models import Reseller
from s2b2c.ui import countries
from supplier.models import PaperParty
from supplier.services.settlement import parties


class Party(forms.Form):
    """Name, address and tax number as the papers show them."""

    name = forms.CharField(label=_("Name of the company or person"), max_length=120)
    street = forms.CharField(label=_("Street and number"), max_length=160)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=80)
    region = forms.CharField(label=_("State or region"), max_length=80, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=lazy(countries.choices, list))
    tax_number = forms.CharField(
        label=_("Tax number"),
        max_length=40,
        required=False,
        help_text=_("As your tax office writes it: VAT number, EIN, unified social credit code."),
    )


def bound(request: Request, known: PaperParty | None, **usual: Any) -> Party:
    """Give the form with what was posted, or what is known, or what is usual."""
    return Party(request.POST or None, initial=known.as_json() if known else usual)


def kept(form: Party, *, reseller: Reseller | None, request: Request) -> bool:
    """Write what was typed; False where something in it is wrong, which the form then says."""
    if not form.is_valid():
        return False
    try:
        parties.describe(reseller=reseller, actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True
