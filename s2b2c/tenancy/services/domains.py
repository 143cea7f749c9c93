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
from s2b2c.tenancy import directory, dns, hosts
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


def prove(*, domain: Domain, look_up: Callable[[str], list[str]] = dns.records) -> Domain:
    """Look for the TXT record and, if it is there, let the domain lead to the shop.

    Call outside a transaction: it asks the DNS first.

    :raises Refused: ``domain_unproved`` (no record, or the DNS doesn't answer) or ``domain_taken``.
    """
    if domain.verified_at is not None:
        return domain
    _must_hold_the_record(domain, look_up)
    try:
        with transaction.atomic():
            proved = _locked(domain)
            proved.verified_at = clock.now()
            proved.save(update_fields=["verified_at"])
            directory.forget(proved.tenant)
            return proved
    except IntegrityError as error:
        raise _taken(error) from error


def leads_elsewhere(*, domain: Domain, look_up: Callable[[str], set[str]] = dns.addresses) -> bool:
    """Say whether a domain leads to another place than the shop's address below the platform, or nowhere.

    Where that address isn't known to the DNS (a machine for trying), nothing can be said: False. A network of
    proxies in front of the shop looks like another place, so this is a reason to warn and not to refuse.
    """
    try:
        ours = look_up(hosts.shop_host(domain.tenant))
        return bool(ours) and ours.isdisjoint(look_up(domain.domain))
    except OSError:
        return False


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


def take_back(*, reseller: Reseller, name: str, token: str, proved: bool, primary: bool) -> Domain:
    """Undo :func:`give_up`, with the same record as proof; the arguments must come from the domain as it was.

    :raises Refused: ``domain_taken``: another shop has proved it since; nothing is changed.
    """
    try:
        with transaction.atomic():
            Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk)
            verified_at = clock.now() if proved else None
            fields = {"verification_token": token, "verified_at": verified_at}
            back, _made = Domain.objects.get_or_create(tenant=reseller, domain=name, defaults=fields)
            directory.forget(reseller)
            return make_primary(domain=back) if primary and back.verified_at else back
    except IntegrityError as error:
        raise _taken(error) from error


def _must_hold_the_record(domain: Domain, look_up: Callable[[str], list[str]]) -> None:
    try:
        found = look_up(txt_name(domain))
    except OSError as error:
        text = _("The names' directory (DNS) doesn't answer just now. Try again in a minute.")
        raise Refused("domain_unproved", text, field="domain") from error
    if txt_value(domain) in found:
        return
    if found:
        text = _("There is a record at this name, but with another value: “%(value)s”. Copy ours and replace it.")
        raise Refused("domain_unproved", text, field="domain", value=found[0][:80])
    text = _("We don't find the record yet. New records can take an hour to be seen.")
    raise Refused("domain_unproved", text, field="domain")


def _taken(error: IntegrityError) -> Refused:
    if "domain_proved_once" not in str(error):
        raise error
    return Refused("domain_taken", _("Another shop uses this domain."), field="domain", status=409)


def _locked(domain: Domain) -> Domain:
    """Lock the reseller, then the domain."""
    Reseller.objects.select_for_update(no_key=True).get(pk=domain.tenant_id)
    found = Domain.objects.select_related("tenant").filter(pk=domain.pk).first()
    if found is None:
        raise NotFound()
    return found


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
