"""Connected accounts: made by the platform, filled in on the hosted onboarding page, opened and closed by Stripe."""

from __future__ import annotations

from typing import Any

from stripe.params import AccountCreateParams, AccountListParams, AccountRetrieveParams, AccountUpdateParams

from tests.fakestripe.errors import ApiError, not_served
from tests.fakestripe.resources import lists, shapes
from tests.fakestripe.store import Record, new_id
from tests.fakestripe.world import Call, Route, World, public

# Countries where Stripe opens accounts, with the currency a new account gets.
EURO = [
    "AT",
    "BE",
    "BG",
    "CY",
    "DE",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PT",
    "SI",
    "SK",
]
CURRENCIES = dict.fromkeys(EURO, "eur") | {
    "AE": "aed", "AU": "aud", "BR": "brl", "CA": "cad", "CH": "chf", "CZ": "czk", "DK": "dkk", "GB": "gbp",
    "GI": "gbp", "HK": "hkd", "HU": "huf", "JP": "jpy", "LI": "chf", "MX": "mxn", "MY": "myr", "NO": "nok",
    "NZ": "nzd", "PL": "pln", "RO": "ron", "SE": "sek", "SG": "sgd", "TH": "thb", "US": "usd",
}  # fmt: skip
NEW = ["business_profile.product_description", "business_type", "external_account", "tos_acceptance.date", "tos_acceptance.ip"]  # fmt: skip
MORE = ["individual.verification.document"]
SERVED = frozenset(
    [
        "business_profile", "business_type", "capabilities", "controller", "country", "default_currency", "email",
        "metadata", "settings", "type",
    ]
)  # fmt: skip
EXPRESS = {
    "fees": {"payer": "application"},
    "losses": {"payments": "application"},
    "requirement_collection": "stripe",
    "stripe_dashboard": {"type": "express"},
}
CAPABILITIES = frozenset(["card_payments", "transfers"])


def create(call: Call) -> Record:
    """POST /v1/accounts"""
    params, country = call.params, call.params.get("country", "US")
    if country not in CURRENCIES:
        raise ApiError(f"{country} is not currently supported by Stripe.", code="country_unsupported", param="country")
    account = shapes.account(call.world, new_id("acct_", 16), country, CURRENCIES[country], NEW)
    account |= {"controller": _controller(params), "type": params.get("type", "none")}
    _apply(account, params)
    return public(call.world.store.put(account))


def _controller(params: dict[str, Any]) -> Record:
    """Give the controller. The fake serves the kind the platform uses: Express, whose losses the platform bears."""
    wanted = params.get("controller")
    if wanted is not None and "type" in params:
        message = "You may not provide the `type` parameter and `controller` parameters simultaneously."
        raise ApiError(message, param="type")
    if params.get("type", "express") != "express" or (wanted is not None and wanted != EXPRESS):
        raise not_served("connected accounts other than Express", "type" if wanted is None else "controller")
    if wanted is None and "type" not in params:
        raise not_served("connected accounts with a full dashboard", "controller")
    return EXPRESS | {"is_controller": True, "type": "application"}


def _apply(account: Record, params: dict[str, Any]) -> None:
    for name in params.get("capabilities", {}):
        if name not in CAPABILITIES:
            raise not_served(f"the capability {name}", f"capabilities[{name}]")
    for name in ("business_type", "default_currency", "email"):
        if name in params:
            account[name] = params[name]
    account["business_profile"] |= params.get("business_profile", {})
    account["metadata"] = {k: v for k, v in (account["metadata"] | params.get("metadata", {})).items() if v}
    for name, wish in params.get("capabilities", {}).items():
        if wish.get("requested"):
            account["capabilities"].setdefault(name, "inactive")
    payouts = params.get("settings", {}).get("payouts", {})
    account["settings"]["payouts"]["schedule"] |= payouts.get("schedule", {})
    if "statement_descriptor" in payouts:
        account["settings"]["payouts"]["statement_descriptor"] = payouts["statement_descriptor"]
    _reckon(account)


def retrieve(call: Call) -> Record:
    """GET /v1/accounts/{id}"""
    return load(call.world, call.id)


def load(world: World, id_: str, param: str = "account") -> Record:
    """Give an account. :raises ApiError: there is none."""
    if world.store.objects.get(id_, {}).get("object") != "account":
        message = f"The provided key does not have access to account '{id_}' (or that account does not exist)."
        raise ApiError(message, status=403, code="account_invalid", param=param)
    return world.store.objects[id_]


def update(call: Call) -> Record:
    """POST /v1/accounts/{id}"""
    account = load(call.world, call.id)
    _apply(account, call.params)
    return public(_changed(call.world, account, call))


def list_(call: Call) -> Record:
    """GET /v1/accounts"""
    return lists.page(call, call.world.of("account"), "/v1/accounts")


def submit(world: World, id_: str, *, more: bool = False) -> Record:
    """Hand in the details of the onboarding page. ``more``: Stripe then asks for a document before it pays out."""
    account = load(world, id_)
    account |= {"details_submitted": True, "business_type": account["business_type"] or "individual"}
    account["tos_acceptance"] |= {"date": world.now(), "ip": "203.0.113.7"}
    if account["_due"] != MORE or not account["external_accounts"]["data"]:
        bank = shapes.bank_account(world, account)
        account["external_accounts"]["data"] = [bank]
    return require(world, id_, MORE if more else [])


def require(world: World, id_: str, fields: list[str]) -> Record:
    """Ask an account for more, or for nothing more; it can be paid only while nothing is due."""
    account = load(world, id_)
    account["_due"] = fields
    return _changed(world, account)


def reject(world: World, id_: str) -> Record:
    """Close an account for good, as Stripe does with fraud."""
    account = load(world, id_)
    account["_rejected"] = "rejected.fraud"
    return _changed(world, account)


def _changed(world: World, account: Record, call: Call | None = None) -> Record:
    _reckon(account)
    world.store.put(account)
    world.emit("account.updated", account, call, account=account["id"])
    return account


def _reckon(account: Record) -> None:
    """Let what is due decide what the account may do."""
    due, rejected = account["_due"], account.get("_rejected")
    open_ = account["details_submitted"] and not due and not rejected
    account["capabilities"] = dict.fromkeys(account["capabilities"], "active" if open_ else "inactive")
    account["payouts_enabled"] = open_
    account["charges_enabled"] = open_ and "card_payments" in account["capabilities"]
    account["requirements"] |= {
        "currently_due": list(due),
        "eventually_due": list(due),
        "past_due": list(due),
        "disabled_reason": rejected or ("requirements.past_due" if due else None),
    }


ROUTES = (
    Route("POST", "/v1/accounts", AccountCreateParams, create, SERVED),
    Route("GET", "/v1/accounts", AccountListParams, list_, lists.PAGING),
    Route("GET", "/v1/accounts/{id}", AccountRetrieveParams, retrieve),
    Route("POST", "/v1/accounts/{id}", AccountUpdateParams, update, SERVED - {"controller", "country", "type"}),
)
