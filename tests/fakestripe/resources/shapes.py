"""The long shapes of connected accounts and their banks, as the API shows them when they are new."""

from __future__ import annotations

from typing import Any

from tests.fakestripe.store import Record, new_id
from tests.fakestripe.world import World

_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
_PROFILE = (
    "estimated_worker_count", "mcc", "minority_owned_business_designation", "name", "product_description",
    "support_email", "support_phone", "support_url", "url",
)  # fmt: skip


def account(world: World, id_: str, country: str, currency: str, due: list[str]) -> Record:
    """Give a connected account of which nothing is known yet; ``due`` is what Stripe asks for."""
    url = f"/v1/accounts/{id_}/external_accounts"
    revenue = dict.fromkeys(("amount", "currency", "fiscal_year_end"))
    profile = dict.fromkeys(_PROFILE) | {"annual_revenue": revenue, "support_address": dict(_ADDRESS)}
    return {
        "_due": due,
        "id": id_,
        "object": "account",
        "business_profile": profile,
        "business_type": None,
        "capabilities": {},
        "charges_enabled": False,
        "controller": {},
        "country": country,
        "created": world.now(),
        "default_currency": currency,
        "details_submitted": False,
        "email": None,
        "external_accounts": {"object": "list", "data": [], "has_more": False, "url": url},
        "future_requirements": requirements(),
        "metadata": {},
        "payouts_enabled": False,
        "requirements": requirements(),
        "settings": _settings(),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": "none",
    }


def requirements() -> Record:
    """Give requirements of which none is open."""
    names = ("alternatives", "currently_due", "errors", "eventually_due", "past_due", "pending_verification")
    return {"current_deadline": None, "disabled_reason": None, **{name: [] for name in names}}


def _settings() -> dict[str, Any]:
    descriptor = "statement_descriptor"
    prefix = f"{descriptor}_prefix"
    payments = dict.fromkeys((f"{prefix}_kana", f"{prefix}_kanji", descriptor, f"{descriptor}_kana"))
    decline = {"avs_failure": False, "cvc_failure": False}
    return {
        "bacs_debit_payments": {"display_name": None, "service_user_number": None},
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
        "card_payments": dict.fromkeys((prefix, f"{prefix}_kana", f"{prefix}_kanji")) | {"decline_on": decline},
        "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
        "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": None},
        "payments": payments | {f"{descriptor}_kanji": None},
        "payouts": {
            "debit_negative_balances": True,
            "schedule": {"delay_days": 2, "interval": "daily"},
            descriptor: None,
        },
        "sepa_debit_payments": {},
    }


def bank_account(world: World, owner: Record) -> Record:
    """Give the bank account the test page fills in."""
    return {
        "id": new_id("ba_"),
        "object": "bank_account",
        "account": owner["id"],
        "account_holder_name": owner["business_profile"]["name"],
        "account_holder_type": "individual",
        "account_type": None,
        "available_payout_methods": ["standard"],
        "bank_name": "STRIPE TEST BANK",
        "country": owner["country"],
        "currency": owner["default_currency"],
        "customer": None,
        "default_for_currency": True,
        "fingerprint": "FakeBank00000001",
        "future_requirements": requirements(),
        "last4": "6789",
        "metadata": {},
        "requirements": requirements(),
        "routing_number": "110000000",
        "status": "new",
    }
