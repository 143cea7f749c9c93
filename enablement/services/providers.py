"""Providers of services: they apply, are checked, become active, are suspended; their links and their bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import Part, ServiceKind, ServiceProvider, ServiceRate, ServiceTask
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from supplier.services import records
from supplier.services.settlement import accounts

State = ServiceProvider.State
TEXTS = {"name": 80, "contact": 80, "phone": 40, "place": 80, "about": 600}
# What S may do with a provider, by its state.
STEPS: dict[str, tuple[str, ...]] = {
    State.APPLIED: (State.VETTED, State.REFUSED),
    State.VETTED: (State.ACTIVE, State.REFUSED),
    State.ACTIVE: (State.SUSPENDED,),
    State.SUSPENDED: (State.ACTIVE,),
    State.REFUSED: (State.APPLIED,),
}
_SIGNER = "enablement.provider"


@transaction.atomic
def apply(*, facts: Mapping[str, Any], rates: Mapping[str, int], actor_id: int | None = None) -> ServiceProvider:
    """Write a provider down as one that applies. ``rates``: minor units of its currency, by kind of service.

    :raises Refused: something is missing, or the address of its mails is known already.
    """
    made = ServiceProvider(created_at=clock.now())
    _write(made, facts, rates)
    records.audit(actor_id, "provider.applied", made.name)
    return made


@transaction.atomic
def change(
    *, provider_id: int, facts: Mapping[str, Any], rates: Mapping[str, int], actor_id: int | None
) -> ServiceProvider:
    """Change what a provider says of itself. Tasks it has accepted stay as they are.

    :raises Refused: see :func:`apply`; or another currency while tasks are in its hands.
    """
    found = locked(provider_id)
    if facts["currency"] != found.currency and found.tasks.filter(state__in=ServiceTask.RUNNING).exists():
        raise Refused("currency", _("It has tasks in its currency; finish them first."), field="currency")
    _write(found, facts, rates)
    records.audit(actor_id, "provider.changed", found.name)
    return found


def _write(provider: ServiceProvider, facts: Mapping[str, Any], rates: Mapping[str, int]) -> None:
    """Call inside a transaction."""
    told = {
        **facts,
        **{name: records.text(facts.get(name, ""), name, longest, required=name == "name") for name, longest in TEXTS.items()},
        "email": facts["email"].strip().lower(),
        "base": plain(facts.get("base", "")),
        "areas": areas(facts["areas"]),
        "hours": hours(facts["hours"]),
    }  # fmt: skip
    if not rates or set(rates) - set(ServiceKind.values) or min(rates.values()) <= 0:
        raise Refused("rates", _("Say what you do, and what you ask for it."), field="rates")
    records.assign(provider, told)
    try:
        with transaction.atomic():
            provider.save()
    except IntegrityError as clash:
        raise Refused("email", _("This address is with us already."), field="email") from clash
    provider.rates.exclude(kind__in=rates).delete()
    for kind, minor in rates.items():
        ServiceRate.objects.update_or_create(provider=provider, kind=kind, defaults={"price_minor": minor})


def plain(postcode: str) -> str:
    """Give a postcode as it is compared: no blanks or dashes, capital letters."""
    return "".join(sign for sign in str(postcode).upper() if sign.isalnum())[:12]


def areas(told: Sequence[str]) -> list[str]:
    """Give beginnings of postcodes, each once; ``*`` stands for anywhere and alone.

    :raises Refused: none, or too many.
    """
    if any(each.strip() == "*" for each in told):
        return ["*"]
    found = sorted({plain(each) for each in told} - {""})
    if not 1 <= len(found) <= 60:
        raise Refused("areas", _("Name 1 to 60 beginnings of postcodes, or * for everywhere."), field="areas")
    return found


def hours(told: Sequence[int]) -> list[int]:
    """Give parts of the week. :raises Refused: none, or something else."""
    found = sorted(set(told))
    if not found or found[0] < 0 or found[-1] >= 7 * len(Part.values):
        raise Refused("hours", _("Say when in the week you work."), field="hours")
    return found


@transaction.atomic
def move(*, provider_id: int, to: str, reason: str = "", actor_id: int | None) -> ServiceProvider:
    """Take a provider on: check it, make it active, suspend or refuse it. The same again changes nothing.

    Whoever is suspended keeps what it accepted and is offered nothing.

    :raises Refused: no reason for a no. :raises StateRefused: not from where it stands.
    """
    found = locked(provider_id)
    if found.state == to:
        return found
    if to not in STEPS[found.state]:
        raise StateRefused("provider_state", _("This provider is “%(state)s”; that step is not possible."), state=found.get_state_display())  # fmt: skip
    if to in (State.SUSPENDED, State.REFUSED) and not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    if to == State.VETTED:
        found.vetted_by_id, found.vetted_at = actor_id, clock.now()
    found.state, found.state_reason = to, reason.strip()[:200]
    found.save(update_fields=["state", "state_reason", "vetted_by", "vetted_at"])
    records.audit(actor_id, f"provider.{to}", found.name, reason=found.state_reason)
    return found


@transaction.atomic
def set_bank(*, provider_id: int, **details: str) -> ServiceProvider:
    """Write where a provider is paid, as resellers do: holder, account, routing, bank, country.

    :raises Refused: a field is missing, or the account is none.
    """
    found = locked(provider_id)
    found.bank = accounts.checked(details)
    found.save(update_fields=["bank"])
    records.audit(None, "provider.bank", found.name, account=accounts.masked(found.bank["account"]))
    return found


# --- Its link -------------------------------------------------------------------------------------------
def link(provider: ServiceProvider) -> str:
    """Give the word that opens a provider's own pages: signed, and dead once its ``access`` is raised."""
    return Signer(salt=_SIGNER, sep=".").sign(f"{provider.pk}-{provider.access}")


def opened(word: str) -> ServiceProvider:
    """Give whose link this is. :raises NotFound: nobody's, or one that is dead."""
    try:
        told = Signer(salt=_SIGNER, sep=".").unsign(word)
    except BadSignature:
        raise NotFound() from None
    return known(*(int(each) for each in told.split("-")))


def known(provider_id: int, access: int) -> ServiceProvider:
    """Give the provider who came in by a link that is still good. :raises NotFound: it is not."""
    found = ServiceProvider.objects.prefetch_related("rates").filter(pk=provider_id, access=access).first()
    if found is None or found.state == State.REFUSED:
        raise NotFound()
    return found


@transaction.atomic
def ask_link(*, email: str) -> None:
    """Let a worker send the link to the provider with this address; nobody learns whether there is one."""
    rows = ServiceProvider.objects.filter(email__iexact=email.strip()).exclude(state=State.REFUSED)
    for found in rows[:1]:
        publisher.publish(events.ProviderLinkAsked(reseller_id=0, order_number="", provider_id=found.pk))


@transaction.atomic
def renew_link(*, provider_id: int, actor_id: int | None) -> ServiceProvider:
    """Let every link given before be dead, and have a new one sent."""
    found = locked(provider_id)
    found.access += 1
    found.save(update_fields=["access"])
    publisher.publish(events.ProviderLinkAsked(reseller_id=0, order_number="", provider_id=found.pk))
    records.audit(actor_id, "provider.link_renewed", found.name)
    return found


def locked(provider_id: int) -> ServiceProvider:
    """Lock a provider. Call inside a transaction. :raises NotFound: there is none."""
    found = ServiceProvider.objects.select_for_update(no_key=True, of=("self",)).filter(pk=provider_id).first()
    if found is None:
        raise NotFound()
    return found
