"""Stripe's client, and the refusals a customer or shop can act on."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.utils.translation import gettext_lazy as _

from supplier.gateways import connection

get = connection.client


def errors() -> AbstractContextManager[None]:
    """Turn Stripe's errors into ours."""
    return connection.errors(REFUSALS, PHRASES)


# Stripe's refusal to refund more than is left has a parameter and no code
PHRASES = {"unrefunded": "refund_too_large"}
REFUSALS: connection.Refusals = {
    "amount_too_small": ("amount_too_small", _("This amount is too small to be paid online."), None),
    "amount_too_large": ("amount_too_large", _("This amount is too large to be paid online."), None),
    "email_invalid": ("email", _("Our payment provider does not accept this e-mail address."), "email"),
    "charge_already_refunded": ("already_refunded", _("This payment was already refunded in full."), None),
    "refund_too_large": ("refund_too_large", _("This is more than is left of the payment."), None),
    "charge_disputed": ("charge_disputed", _("The customer disputes this payment; it can't be refunded."), None),
    "balance_insufficient": ("balance_insufficient", _("There isn't enough money at Stripe for this refund."), None),
}
