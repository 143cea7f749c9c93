"""A reseller's own domains: claimed, proved by a TXT record, made the main address, given up."""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Callable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.tenancy import directory, txt
from s2b2c.tenancy.models import DOMAIN_PATTERN, Domain, Reseller

MOST = 10
_TXT_LABEL = "_s2b2c"


def txt_name(domain: Domain) -> str:
    """Give the name at which the TXT record is looked for."""
    return f"{_TXT_LABEL}.{domain.domain}"


def txt_value(domain: Domain) -> str:
    """Give what the TXT record must hold."""
    return f"s2b2c-verification={domain.verification_token}"


def claim(*, reseller: Reseller, name: str) -> Domain:
    """Note that a reseller wants to use a domain; it leads nowhere until it is proved. Again: the same claim.

    :raises Refused: ``domain_unfit`` or ``domains_too_many``; nothing is changed.
    """
    domain = _normal(name)
    with transaction.atomic():
        Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk)
        own = Domain.objects.filter(tenant=reseller).exclude(verification_token="")
        if found := own.filter(domain=domain).first():
            return found
        if own.count() >= MOST:
            raise Refused("domains_too_many", _("A shop can have %(most)s domains."), most=MOST, field="domain")
        return Domain.objects.create(domain=domain, tenant=reseller, verification_token=secrets.token_hex(16))


def prove(*, domain: Domain, look_up: Callable[[str], list[str]] = txt.records) -> Domain:
    """Look for the TXT record and, if it is there, let the domain lead to the shop.

    Call outside a transaction: it asks the DNS first.

    :raises Refused: ``domain_unproved`` (no record, or the DNS doesn't answer) or ``domain_taken``.
    """
    if domain.verified_at is not None:
        return domain
    if txt_value(domain) not in _looked_up(txt_name(domain), look_up):
        text = _("We don't find the record yet. New records can take an hour to be seen.")
        raise Refused("domain_unproved", text, field="domain")
    try:
        with transaction.atomic():
            proved = _locked(domain)
            proved.verified_at = clock.now()
            proved.save(update_fields=["verified_at"])
            directory.forget(proved.tenant)
            return proved
    except IntegrityError as error:
        if "domain_proved_once" not in str(error):
            raise
        raise Refused("domain_taken", _("Another shop uses this domain."), field="domain", status=409) from error


def make_primary(*, domain: Domain) -> Domain:
    """Let links and mails use this address.

    :raises StateRefused: the domain isn't proved; nothing is changed.
    """
    with transaction.atomic():
        main = _locked(domain)
        if main.verified_at is None:
            raise StateRefused()
        Domain.objects.filter(tenant_id=main.tenant_id, is_primary=True).update(is_primary=False)
        main.is_primary = True
        main.save(update_fields=["is_primary"])
        directory.forget(main.tenant)
        return main


def give_up(*, domain: Domain) -> None:
    """Stop using an own domain; the shop's address below the platform becomes the main one if this was.

    :raises StateRefused: it is the address below the platform, which stays.
    """
    with transaction.atomic():
        gone = _locked(domain)
        if not gone.is_own:
            raise StateRefused()
        directory.forget(gone.tenant, gone.domain)
        gone.delete()
        if gone.is_primary:
            Domain.objects.filter(tenant_id=gone.tenant_id, verification_token="").update(is_primary=True)


def _locked(domain: Domain) -> Domain:
    """Lock the reseller, then the domain."""
    Reseller.objects.select_for_update(no_key=True).get(pk=domain.tenant_id)
    found = Domain.objects.select_related("tenant").filter(pk=domain.pk).first()
    if found is None:
        raise NotFound()
    return found


def _looked_up(name: str, look_up: Callable[[str], list[str]]) -> list[str]:
    try:
        return look_up(name)
    except OSError:
        return []


def _normal(name: str) -> str:
    text = name.strip().rstrip(".").lower()
    try:
        domain = text.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if len(domain) > 253 or not re.fullmatch(DOMAIN_PATTERN, domain) or _is_ours_or_a_number(domain):
        raise Refused("domain_unfit", _("Write a domain of your own, such as shop.example.com."), field="domain")
    return domain


def _is_ours_or_a_number(domain: str) -> bool:
    platform = settings.PLATFORM_DOMAIN
    if domain == platform or domain.endswith((f".{platform}", ".localhost", ".local", ".internal")):
        return True
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        return domain.rpartition(".")[2].isdigit()
    return True
