"""A reseller's life: applied → open ⇄ suspended → closed."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.tenancy import directory, hosts, provision, slugs
from s2b2c.tenancy.models import Domain, Reseller

Status = Reseller.Status
TRANSITIONS = {
    Status.APPLIED: {Status.OPEN, Status.CLOSED},
    Status.OPEN: {Status.SUSPENDED, Status.CLOSED},
    Status.SUSPENDED: {Status.OPEN, Status.CLOSED},
    Status.CLOSED: set(),
}


def create_reseller(*, slug: str, name: str, currency: str, country: str, language: str = "en") -> Reseller:
    """Make a reseller with its host and an open shop, all or nothing.

    :raises Refused: ``slug_unfit`` or ``slug_taken``; nothing is left behind.
    """
    with transaction.atomic():
        reseller = apply(slug=slug, name=name, currency=currency, country=country, language=language)
        return open_shop(reseller=reseller)


def apply(*, slug: str, name: str, currency: str, country: str, language: str = "en") -> Reseller:
    """Note an application: one public row and the host it will have, no schema yet.

    :raises Refused: ``slug_unfit`` or ``slug_taken``; nothing is left behind.
    """
    if not slugs.is_free_to_take(slug):
        raise Refused(
            "slug_unfit",
            _("Use 3 to 40 small letters, digits and single hyphens; some names are reserved."),
            field="slug",
        )
    try:
        with transaction.atomic():
            return _insert(slug=slug, name=name, currency=currency, country=country, language=language)
    except IntegrityError as error:
        if "tenancy_reseller_slug" not in str(error):
            raise
        raise Refused("slug_taken", _("This name is taken."), field="slug", status=409) from error


def open_shop(*, reseller: Reseller) -> Reseller:
    """Accept an application: make the schema and open the shop, in one transaction.

    :raises StateRefused: it isn't an application; nothing is changed.
    """
    with transaction.atomic():
        locked = _locked(reseller)
        _move(locked, Status.OPEN, expected=Status.APPLIED)
        locked.schema_version = provision.open_schema(locked.schema_name)
        locked.opened_at = clock.now()
        return _saved(locked)


def suspend(*, reseller: Reseller, reason: str) -> Reseller:
    """Close a shop's doors for now; its orders go on. All web processes know within seconds.

    :raises Refused: ``reason_missing``.
    :raises StateRefused: the shop isn't open; nothing is changed.
    """
    if not reason.strip():
        raise Refused("reason_missing", _("Say why."), field="reason")
    with transaction.atomic():
        locked = _locked(reseller)
        _move(locked, Status.SUSPENDED)
        locked.suspended_reason = reason.strip()[:300]
        return _saved(locked)


def reinstate(*, reseller: Reseller) -> Reseller:
    """Open a suspended shop again.

    :raises StateRefused: the shop isn't suspended; nothing is changed.
    """
    with transaction.atomic():
        locked = _locked(reseller)
        _move(locked, Status.OPEN, expected=Status.SUSPENDED)
        locked.suspended_reason = ""
        return _saved(locked)


def close(*, reseller: Reseller) -> Reseller:
    """Close a shop for good, or turn an application down; nothing is deleted.

    :raises StateRefused: it is closed already.
    """
    with transaction.atomic():
        locked = _locked(reseller)
        _move(locked, Status.CLOSED)
        return _saved(locked)


def _insert(**fields: str) -> Reseller:
    schema = f"shop_{secrets.token_hex(8)}"
    reseller = Reseller.objects.create(schema_name=schema, **fields)
    Domain.objects.create(domain=hosts.shop_host(reseller), tenant=reseller, is_primary=True, verified_at=clock.now())
    directory.forget(reseller)
    return reseller


def _locked(reseller: Reseller) -> Reseller:
    return Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk)


def _move(reseller: Reseller, status: Status, expected: Status | None = None) -> None:
    now = Status(reseller.status)
    if status not in TRANSITIONS[now] or expected not in (None, now):
        raise StateRefused()
    reseller.status = status


def _saved(reseller: Reseller) -> Reseller:
    reseller.save(update_fields=["status", "opened_at", "suspended_reason", "schema_version"])
    directory.forget(reseller)
    return reseller
