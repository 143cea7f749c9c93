"""Where a reseller gets its money: an account at Stripe that it sets up itself, or its bank account."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import User
from s2b2c.accounts.services import audit
from s2b2c.kernel import clock, ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.tenancy.context import reading
from s2b2c.tenancy.models import Reseller
from supplier.gateways import stripe
from supplier.models import PayoutAccount
from supplier.services import bank_accounts
from supplier.services.records import text


def connect(*, reseller: Reseller, email: str, url: str, actor: User) -> PayoutAccount:
    """Give the reseller's account at Stripe, opened now if there is none. Outside of any transaction.

    :raises Refused: Stripe doesn't take this country or e-mail address.
    :raises GatewayUnavailable: nobody knows; the next try finds what was made.
    """
    account = _asked(reseller)
    if account.stripe_id:
        return account
    fact = _find_or_open(account, reseller, email, url)
    with transaction.atomic():
        audit.record(
            actor=actor, action="payout_account.connected", subject=reseller.slug, detail={}, reseller=reseller
        )
        return _keep(reseller, fact)


@transaction.atomic
def _asked(reseller: Reseller) -> PayoutAccount:
    """Store the key before the first try."""
    account, _made = PayoutAccount.objects.get_or_create(reseller=reseller)
    if not account.key:
        account.key, account.asked_at = f"account-{ids.token()}", clock.now()
        account.save(update_fields=["key", "asked_at"])
    return account


def _find_or_open(account: PayoutAccount, reseller: Reseller, email: str, url: str) -> stripe.AccountFact:
    assert account.asked_at is not None
    try:
        return stripe.find_account(reseller_slug=reseller.slug, since=account.asked_at)
    except NotFound:
        return stripe.create_account(
            reseller_slug=reseller.slug, country=reseller.country, currency=reseller.currency, email=email,
            name=reseller.name, url=url, idempotency_key=account.key,
        )  # fmt: skip


def onboarding_url(*, reseller: Reseller, return_url: str, refresh_url: str) -> str:
    """Give the address at Stripe where the reseller says who it is; for its browser, at once.

    :raises StateRefused: it has no account yet.
    """
    account = of(reseller.pk)
    if account is None or not account.stripe_id:
        raise StateRefused("no_account", _("Connect an account first."))
    link = stripe.onboarding_link(account_id=account.stripe_id, return_url=return_url, refresh_url=refresh_url)
    return link.url


def refresh(*, reseller: Reseller) -> PayoutAccount | None:
    """Ask Stripe how the account stands, and keep the answer. Outside of any transaction."""
    account = of(reseller.pk)
    if account is None or not account.stripe_id:
        return account
    fact, returned = stripe.retrieve_account(account.stripe_id), _returned(account.stripe_id)
    return _keep(reseller, fact, returned)


def _returned(account_id: str) -> dict[str, Any]:
    """Give what the bank sent back, if that is the last that is known of the account's payouts to it."""
    last = next((fact for fact in stripe.payouts(account_id=account_id) if fact.state != "canceled"), None)
    if last is None or last.state != "failed":
        return {}
    at = last.created_at.isoformat()
    return {"minor": last.amount_minor, "currency": last.currency, "code": last.failure_code[:60], "at": at}


@transaction.atomic
def _keep(reseller: Reseller, fact: stripe.AccountFact, returned: dict[str, Any] | None = None) -> PayoutAccount:
    account = PayoutAccount.objects.select_for_update().get(reseller=reseller)
    account.stripe_id, account.ready, account.submitted = fact.account_id, fact.ready, fact.details_submitted
    account.due, account.disabled_reason = list(fact.due), fact.disabled_reason[:100]
    account.stripe_bank, account.checked_at, account.returned = fact.bank[:80], clock.now(), returned or {}
    account.save()
    return account


@transaction.atomic
def set_bank(*, reseller: Reseller, actor: User, **details: str) -> PayoutAccount:
    """Write where the bank is to pay: ``holder``, ``account`` (IBAN or number), ``routing`` (BIC or routing number),
    ``bank``, ``country``. The audit log says who and when, and the last four signs.

    :raises Refused: a field is missing, or the account is no account.
    """
    bank = checked(details)
    account, _made = PayoutAccount.objects.get_or_create(reseller=reseller)
    account.bank, account.changed_at, account.changed_by = bank, clock.now(), actor
    account.save(update_fields=["bank", "changed_at", "changed_by"])
    detail = {"account": bank_accounts.masked(bank["account"])}
    audit.record(actor=actor, action="payout_account.bank", subject=reseller.slug, detail=detail, reseller=reseller)
    return account


def checked(details: Mapping[str, str]) -> dict[str, str]:
    """Give bank details as they are kept.

    :raises Refused: a field is missing, or the account is no account.
    """
    bank = {name: text(details.get(name, ""), name, 70, required=name != "bank") for name in bank_accounts.FIELDS}
    bank["account"], bank["routing"] = (bank_accounts.signs(bank[name]) for name in ("account", "routing"))
    if not bank_accounts.is_account(bank["account"]):
        raise Refused("account", _("This is no valid account number."), field="account")
    if not re.fullmatch(r"[A-Z0-9]{4,12}", bank["routing"]):
        raise Refused("routing", _("This is no valid bank code."), field="routing")
    return bank


masked = bank_accounts.masked


def of(reseller_id: int) -> PayoutAccount | None:
    """Give where a reseller is paid, if anything was ever set."""
    with reading():
        return PayoutAccount.objects.filter(reseller_id=reseller_id).first()


def reseller_of(stripe_id: str) -> int | None:
    """Tell whose an account at Stripe is, by its id; None where nobody's here."""
    return PayoutAccount.objects.filter(stripe_id=stripe_id).values_list("reseller_id", flat=True).first()


def shown(account: PayoutAccount | None) -> dict[str, Any]:
    """Give the bank details with the number masked."""
    bank = dict(account.bank) if account else {}
    return {**bank, "account": bank_accounts.masked(bank.get("account", ""))} if bank else {}
