"""Payouts to resellers by Stripe Connect: separate charges and transfers, Express accounts, S bears the losses.

S is the merchant: customers' money comes into S's balance (``orders.gateways``), and what a reseller
earned is sent from there to its connected account; Stripe pays on to the reseller's bank by itself.

All calls go to the outside: never make one inside a transaction. Each may raise
:class:`~s2b2c.kernel.errors.GatewayUnavailable` – nothing is known, it may have happened: ask again with
the same idempotency key – and :class:`~s2b2c.kernel.errors.GatewayError` – we asked wrongly or our key is
wrong: a bug or a setting. ``Refused`` means that nothing was moved.

**Keys.** Store a key before the first try and keep it for each. Stripe forgets keys after 24 hours, so
:func:`transfer`, :func:`reverse` and :func:`create_payout` also keep it in the metadata of what they
make and look for it first: one key moves money once, also days later, also after a lost answer.

**Attempts.** For those 24 hours Stripe also replays what a key was answered first: a refusal stays refused
when the money has come meanwhile, an error 500 of its own stays an error. So count ``attempt`` up after a
``Refused`` (nothing was moved), or after ``find_…`` said ``NotFound`` with no call under way; never while
an answer is open. The key stays the same: it is what happens once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import GatewayError, NotFound, Refused
from supplier.gateways import connection, reading
from supplier.gateways.amounts import from_stripe, to_stripe
from supplier.gateways.connection import KEY
from supplier.gateways.facts import (
    AccountFact,
    BalanceFact,
    BookedFact,
    OnboardingLink,
    PayoutFact,
    ReversalFact,
    TransferFact,
)

PAGE = 100  # Stripe's longest
EXPRESS = {
    "fees": {"payer": "application"},
    "losses": {"payments": "application"},
    "requirement_collection": "stripe",
    "stripe_dashboard": {"type": "express"},
}
REFUSALS: connection.Refusals = {
    "balance_insufficient": ("balance_insufficient", _("There isn't enough money at Stripe for this yet."), None),
    "insufficient_capabilities_for_transfer": (
        "account_not_ready",
        _("This reseller's account at Stripe can't receive money yet."),
        None,
    ),
    "payouts_not_allowed": (
        "payouts_not_allowed",
        _("Stripe doesn't pay out to this account's bank; it needs more details first."),
        None,
    ),
    "country_unsupported": ("country", _("Stripe doesn't open accounts in this country."), "country"),
    "email_invalid": ("email", _("Our payment provider does not accept this e-mail address."), "email"),
    "source_exceeded": ("source_exceeded", _("This is more than is left of the payment it is taken from."), None),
}
PHRASES = {"must not exceed the source amount": "source_exceeded"}


def create_account(
    *, reseller_slug: str, country: str, currency: str, email: str, name: str, url: str, idempotency_key: str
) -> AccountFact:
    """Open an Express account for a reseller; it can do nothing until the reseller used an :func:`onboarding_link`.

    ``country`` is two letters and can't be changed later. ``url`` is the shop's address. The same key gives
    the same account for 24 hours; after a longer doubt look with :func:`find_account` first.

    :raises Refused: ``country``, ``email``; nothing was made.
    """
    params: dict[str, Any] = {
        "country": country.upper(),
        "default_currency": currency.lower(),
        "email": email,
        "controller": EXPRESS,
        "capabilities": {"transfers": {"requested": True}},
        "business_profile": {"name": name, "url": url},
        "metadata": {"reseller": reseller_slug, KEY: idempotency_key},
    }
    with _errors():
        made = connection.client().v1.accounts.create(params, {"idempotency_key": idempotency_key})  # type: ignore[arg-type]
    return reading.account(made)


def find_account(*, reseller_slug: str, since: dt.datetime) -> AccountFact:
    """Look for an account that was made for a reseller and whose id was lost; the newest first.

    :raises NotFound: none was made since then.
    """
    with _errors():
        listed = connection.client().v1.accounts.list({"created": {"gte": int(since.timestamp())}, "limit": PAGE})
        for made in listed.auto_paging_iter():
            fact = reading.account(made)
            if fact.reseller_slug == reseller_slug:
                return fact
    raise NotFound


def onboarding_link(*, account_id: str, return_url: str, refresh_url: str) -> OnboardingLink:
    """Give the address where a reseller hands in its details, for the browser to go to at once.

    It comes back to ``return_url`` whether it finished or not – :func:`retrieve_account` says which – and to
    ``refresh_url`` when the link is used up or too old: that page makes a new one and redirects.

    :raises NotFound: there is no such account.
    """
    params: dict[str, Any] = {
        "account": account_id,
        "type": "account_onboarding",
        "return_url": return_url,
        "refresh_url": refresh_url,
        "collection_options": {"fields": "eventually_due"},
    }
    with _errors():
        made = connection.client().v1.account_links.create(params)  # type: ignore[arg-type]
    return OnboardingLink(made.url, reading.at(made.expires_at))


def retrieve_account(account_id: str) -> AccountFact:
    """Ask what an account may do now. The event ``account.updated`` says when to ask.

    :raises NotFound: there is no such account, or it left our platform.
    """
    with _errors():
        return reading.account(connection.client().v1.accounts.retrieve(account_id))


def transfer(
    *,
    account_id: str,
    amount_minor: int,
    currency: str,
    group: str,
    idempotency_key: str,
    attempt: int = 1,
    source_charge: str = "",
    description: str = "",
    metadata: Mapping[str, str] | None = None,
) -> TransferFact:
    """Send money from S's balance to a reseller's account, once per key.

    ``group`` ties the transfers of one run or order together, and is where the key is looked for. Without
    ``source_charge`` the amount must be available in S's balance now. With it (``ch_…`` or ``py_…``) the money
    is that payment's: it may still be pending and becomes available to both at the same moment; all transfers
    of a charge together stay within it, in its currency.

    :raises Refused: ``balance_insufficient``, ``account_not_ready``, ``source_exceeded``; nothing was moved.
    :raises NotFound: no such account or charge.
    :raises GatewayError: the key was used for another transfer.
    """
    params: dict[str, Any] = {
        "amount": to_stripe(amount_minor, currency),
        "currency": currency.lower(),
        "destination": account_id,
        "transfer_group": group,
        "metadata": _marks(idempotency_key, metadata),
        **({"source_transaction": source_charge} if source_charge else {}),
        **({"description": description} if description else {}),
    }
    try:
        found = find_transfer(account_id=account_id, group=group, idempotency_key=idempotency_key)
    except NotFound:
        with _errors():
            made = connection.client().v1.transfers.create(params, _once(idempotency_key, attempt))  # type: ignore[arg-type]
        return reading.transfer(made)
    _same(idempotency_key, (found.amount_minor, found.currency), (amount_minor, currency))
    return found


def find_transfer(*, account_id: str, group: str, idempotency_key: str) -> TransferFact:
    """Tell whether a transfer happened whose answer was lost.

    :raises NotFound: it did not; with no call under way it won't any more.
    """
    with _errors():
        listed = connection.client().v1.transfers.list(
            {"destination": account_id, "transfer_group": group, "limit": PAGE}
        )
        for made in listed.auto_paging_iter():
            fact = reading.transfer(made)
            if fact.idempotency_key == idempotency_key:
                return fact
    raise NotFound


def retrieve_transfer(transfer_id: str) -> TransferFact:
    """Ask how much of a transfer still stands. :raises NotFound: there is none."""
    with _errors():
        return reading.transfer(connection.client().v1.transfers.retrieve(transfer_id))


def reverse(
    *,
    transfer_id: str,
    amount_minor: int,
    idempotency_key: str,
    attempt: int = 1,
    metadata: Mapping[str, str] | None = None,
) -> ReversalFact:
    """Take a transfer back, in full or in part (in the transfer's currency), once per key.

    Stripe refuses when the account no longer has the money – it was paid out to the bank: carry the debt on
    and set it off against what is earned next.

    :raises Refused: ``balance_insufficient``, ``reversal_too_large`` (more than still stands); nothing was moved.
    :raises NotFound: there is no such transfer.
    :raises GatewayError: the key was used for another reversal.
    """
    whole = retrieve_transfer(transfer_id)
    try:
        found = find_reversal(transfer_id=transfer_id, idempotency_key=idempotency_key)
    except NotFound:
        if amount_minor > whole.amount_minor - whole.reversed_minor:
            text = _("This is more than is left of the transfer.")
            raise Refused("reversal_too_large", text, status=409) from None
        params: Any = {
            "amount": to_stripe(amount_minor, whole.currency),
            "metadata": _marks(idempotency_key, metadata),
        }
        with _errors():
            made = connection.client().v1.transfers.reversals.create(
                transfer_id, params, _once(idempotency_key, attempt)
            )
        return reading.reversal(made)
    _same(idempotency_key, found.amount_minor, amount_minor)
    return found


def find_reversal(*, transfer_id: str, idempotency_key: str) -> ReversalFact:
    """Tell whether a reversal happened whose answer was lost. :raises NotFound: it did not."""
    with _errors():
        listed = connection.client().v1.transfers.reversals.list(transfer_id, {"limit": PAGE})
        for made in listed.auto_paging_iter():
            fact = reading.reversal(made)
            if fact.idempotency_key == idempotency_key:
                return fact
    raise NotFound


def create_payout(
    *, account_id: str, amount_minor: int, currency: str, idempotency_key: str, attempt: int = 1
) -> PayoutFact:
    """Pay from a reseller's account to its bank now, once per key; only needed where its schedule is manual.

    :raises Refused: ``balance_insufficient``, ``payouts_not_allowed``; nothing was moved.
    :raises GatewayError: the key was used for another payout.
    """
    to: Any = {"stripe_account": account_id}
    params: Any = {
        "amount": to_stripe(amount_minor, currency),
        "currency": currency.lower(),
        "metadata": {KEY: idempotency_key},
    }
    for made in payouts(account_id=account_id):
        if made.idempotency_key == idempotency_key:
            _same(idempotency_key, (made.amount_minor, made.currency), (amount_minor, currency))
            return made
    with _errors():
        sent = connection.client().v1.payouts.create(params, to | _once(idempotency_key, attempt))
    return reading.payout(sent, account_id)


def payouts(*, account_id: str, since: dt.datetime | None = None) -> Iterator[PayoutFact]:
    """Give an account's payouts to its bank, automatic ones too, newest first."""
    params: Any = {"limit": PAGE, **({"created": {"gte": int(since.timestamp())}} if since else {})}
    with _errors():
        listed = connection.client().v1.payouts.list(params, {"stripe_account": account_id})
        for made in listed.auto_paging_iter():
            yield reading.payout(made, account_id)


def retrieve_payout(*, account_id: str, payout_id: str) -> PayoutFact:
    """Ask what became of a payout to a bank. The events ``payout.*`` name both ids.

    :raises NotFound: the account has none such.
    """
    with _errors():
        made = connection.client().v1.payouts.retrieve(payout_id, {}, {"stripe_account": account_id})
    return reading.payout(made, account_id)


def charge_of(*, payment_intent: str) -> str:
    """Give the charge of a customer's payment, for ``source_charge``.

    :raises NotFound: no such payment, or nothing was charged.
    """
    with _errors():
        intent = connection.client().v1.payment_intents.retrieve(payment_intent)
    if intent.status != "succeeded" or not intent.latest_charge:
        raise NotFound
    return intent.latest_charge if isinstance(intent.latest_charge, str) else intent.latest_charge.id


def balance(*, account_id: str = "") -> tuple[BalanceFact, ...]:
    """Give what S (or a reseller's account) holds at Stripe, one fact per currency.

    :raises NotFound: there is no such account.
    """
    with _errors():
        held: Any = connection.client().v1.balance.retrieve({}, _for(account_id))
    sums: dict[str, list[int]] = {}
    for index, side in enumerate((held.available, held.pending)):
        for part in side:
            sums.setdefault(part.currency.upper(), [0, 0])[index] += part.amount
    return tuple(
        BalanceFact(currency, from_stripe(available, currency), from_stripe(pending, currency))
        for currency, (available, pending) in sums.items()
    )


def balance_transactions(
    *, since: dt.datetime, until: dt.datetime | None = None, account_id: str = "", source: str = "", type_: str = ""
) -> Iterator[BookedFact]:
    """Give Stripe's own bookings from ``since`` on, before ``until``, newest first, a page at a time.

    Times are Stripe's, whole seconds. What is booked while this is read may be missing: read again from an
    earlier moment; ids are stable. ``source`` limits it to one charge, refund, transfer, …; ``type_`` to one
    of Stripe's types. What is behind a line is fetched with it, for it bears the order's mark and its line does not.

    :raises NotFound: there is no such account.
    """
    created = {"gte": int(since.timestamp()), **({"lt": int(until.timestamp())} if until else {})}
    params: Any = {"created": created, "limit": PAGE, "expand": ["data.source"]}
    params |= {name: value for name, value in (("source", source), ("type", type_)) if value}
    with _errors():
        listed = connection.client().v1.balance_transactions.list(params, _for(account_id))
        for booked in listed.auto_paging_iter():
            yield reading.booked(booked)


def _errors() -> Any:
    return connection.errors(REFUSALS, PHRASES)


def _for(account_id: str) -> Any:
    return {"stripe_account": account_id} if account_id else {}


def _once(key: str, attempt: int) -> Any:
    return {"idempotency_key": f"{key}:{attempt}"}


def _marks(key: str, metadata: Mapping[str, str] | None) -> dict[str, str]:
    return {name[:40]: str(value)[:500] for name, value in (metadata or {}).items()} | {KEY: key}


def _same(key: str, found: Any, wanted: Any) -> None:
    if found != wanted:
        raise GatewayError(f"key {key} was used for {found}, not {wanted}")
