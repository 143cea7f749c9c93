"""Makes a checkout session from the parameters of its creation, or says what is wrong with them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.fakestripe import money
from tests.fakestripe.errors import ApiError, no_such, not_served
from tests.fakestripe.store import Record, new_id
from tests.fakestripe.world import World

HALF_AN_HOUR, A_DAY = 30 * 60, 24 * 3600
SLACK = 60  # seconds between the clocks
SERVED = frozenset(
    [
        "adaptive_pricing",
        "allowed_payment_method_types",
        "branding_settings",
        "cancel_url",
        "client_reference_id",
        "customer_email",
        "excluded_payment_method_types",
        "expires_at",
        "line_items",
        "locale",
        "metadata",
        "mode",
        "payment_intent_data",
        "submit_type",
        "success_url",
    ]
)
_EMPTY = [
    "after_expiration",
    "allow_promotion_codes",
    "billing_address_collection",
    "client_secret",
    "consent",
    "consent_collection",
    "currency_conversion",
    "customer",
    "customer_account",
    "customer_details",
    "discounts",
    "integration_identifier",
    "invoice",
    "managed_payments",
    "origin_context",
    "payment_intent",
    "payment_link",
    "payment_method_configuration_details",
    "permissions",
    "recovered_from",
    "saved_payment_method_options",
    "setup_intent",
    "shipping_address_collection",
    "shipping_cost",
    "subscription",
    "wallet_options",
    "collected_information",
]


def make(world: World, params: dict[str, Any]) -> Record:
    """Make an open session (mode ``payment``, hosted page, prices given inline).

    Its line items and the data of the future payment intent are kept in it, hidden.
    """
    if params.get("mode") != "payment":
        raise not_served(f"mode {params.get('mode')!r}", "mode")
    _check_urls_and_email(params)
    items = [_item(world, index, item) for index, item in enumerate(params.get("line_items") or ())]
    total, currency = _total(items)
    session = _session(world, params, total, currency)
    session["payment_method_types"] = _methods(world, params, currency)
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    session["_line_items"] = {"object": "list", "data": items, "has_more": False, "url": url}
    session["_intent"] = params.get("payment_intent_data", {})
    return session


def _check_urls_and_email(params: dict[str, Any]) -> None:
    if "success_url" not in params:
        raise ApiError("Missing required param: success_url.", param="success_url", code="parameter_missing")
    for name in ("success_url", "cancel_url"):
        parts = urlsplit(params.get(name, "https://none.example"))
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ApiError("Not a valid URL", param=name, code="url_invalid")
    email = params.get("customer_email", "a@b.example")
    before, _, after = email.partition("@")
    if not before or "." not in after or " " in email:
        raise ApiError(f"Invalid email address: {email}", param="customer_email", code="email_invalid")
    if len(params.get("client_reference_id", "")) > 200:
        raise ApiError("Invalid string: at most 200 characters", param="client_reference_id")


def _item(world: World, index: int, item: dict[str, Any]) -> Record:
    where = f"line_items[{index}]"
    price = item.get("price_data")
    if price is None:
        raise no_such("price", item.get("price", ""), f"{where}[price]")
    if "unit_amount" not in price or "product_data" not in price:
        raise not_served("prices without unit_amount and product_data", f"{where}[price_data]")
    if price["unit_amount"] < 0:
        raise ApiError("Invalid non-negative integer", param=f"{where}[price_data][unit_amount]")
    if item.get("quantity", 0) < 1:
        raise ApiError(f"Quantity is required. Add `quantity` to `{where}`", param=where)
    currency, amount = price["currency"].lower(), price["unit_amount"] * item["quantity"]
    return {
        "id": new_id("li_"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": price["product_data"]["name"],
        "metadata": dict(item.get("metadata") or {}),
        "price": _price(world, price, currency),
        "quantity": item["quantity"],
    }


def _price(world: World, price: dict[str, Any], currency: str) -> Record:
    return {
        "id": new_id("price_"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": world.now(),
        "currency": currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": new_id("prod_", 14),
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": price["unit_amount"],
        "unit_amount_decimal": str(price["unit_amount"]),
    }


def _total(items: list[Record]) -> tuple[int, str]:
    if not items:
        raise ApiError("Missing required param: line_items.", param="line_items", code="parameter_missing")
    if len(items) > 100:
        raise ApiError("You can only have up to 100 line items.", param="line_items")
    total, currency = sum(item["amount_total"] for item in items), items[0]["currency"]
    if any(item["currency"] != currency for item in items):
        raise ApiError("All line items must have the same currency.", param="line_items")
    if len(currency) != 3:
        raise ApiError(f"Invalid currency: {currency}", param="line_items[0][price_data][currency]")
    if total < money.minimum(currency):
        least = money.text(money.minimum(currency), currency)
        raise ApiError(
            f"The Checkout Session's total amount due must add up to at least {least}.", code="amount_too_small"
        )
    if total > money.MAXIMUM:
        most = money.text(money.MAXIMUM, currency)
        raise ApiError(
            f"The Checkout Session's total amount due must be no more than {most}.", code="amount_too_large"
        )
    unit = 100 if currency in money.WHOLE_IN_HUNDREDTHS else 10 if currency in money.THREE_DECIMAL else 1
    if total % unit:
        raise ApiError(f"Invalid amount: must be divisible by {unit} in {currency}.", param="line_items")
    return total, currency


def _methods(world: World, params: dict[str, Any], currency: str) -> list[str]:
    """Give the payment methods that fit the currency, within what the shop allows."""
    debit = list(money.BANK_DEBIT) if world.bank_debit else []
    allowed = params.get("allowed_payment_method_types") or ["card", "alipay", "wechat_pay", *debit]
    fits = {name: currency == of for name, of in money.BANK_DEBIT.items()}
    fits |= {"card": True, "alipay": currency in money.ALIPAY, "wechat_pay": currency in money.WECHAT}
    excluded = params.get("excluded_payment_method_types", ())
    methods = [name for name in allowed if fits.get(name) and name not in excluded]
    if not methods:
        raise ApiError(
            "No valid payment method types for this Checkout Session.", param="allowed_payment_method_types"
        )
    return methods


def _session(world: World, params: dict[str, Any], total: int, currency: str) -> Record:
    id_ = new_id("cs_test_", 58)
    return dict.fromkeys(_EMPTY) | {
        "id": id_,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": params.get("adaptive_pricing", {}).get("enabled", False)},
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "branding_settings": _branding(world, params),
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "created": world.now(),
        "currency": currency,
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer_creation": "if_required",
        "customer_email": params.get("customer_email"),
        "excluded_payment_method_types": params.get("excluded_payment_method_types"),
        "expires_at": _expiry(world, params),
        "invoice_creation": {"enabled": False, "invoice_data": _invoice_data()},
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": dict(params.get("metadata") or {}),
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{world.public_url}/c/pay/{id_}",
    }


def _branding(world: World, params: dict[str, Any]) -> Record:
    name = params.get("branding_settings", {}).get("display_name", world.business_name)
    looks = {"background_color": "#ffffff", "border_style": "rounded", "button_color": "#0e5e4e"}
    return {**looks, "display_name": name, "font_family": "default", "icon": None, "logo": None}


def _invoice_data() -> Record:
    names = "account_tax_ids custom_fields description footer issuer rendering_options"
    return dict.fromkeys(names.split()) | {"metadata": {}}


def _expiry(world: World, params: dict[str, Any]) -> int:
    expires_at = params.get("expires_at", world.now() + A_DAY)
    if expires_at < world.now() + HALF_AN_HOUR - SLACK:
        words = "at least 30 minutes from"
    elif expires_at > world.now() + A_DAY + SLACK:
        words = "less than 24 hours from"
    else:
        return expires_at
    raise ApiError(f"The `expires_at` timestamp must be {words} Checkout Session creation.", param="expires_at")
