"""Let resellers in, close and open their doors, agree on terms. Every step is in the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import Invitation, Membership, User
from s2b2c.accounts.services import audit, staff
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.tenancy import services as tenancy
from s2b2c.tenancy.models import Reseller
from supplier.models import Terms
from supplier.selectors import terms

HIGHEST_FEE_BPS = 5_000


@transaction.atomic
def approve(*, reseller: Reseller, actor: User) -> Reseller:
    """Accept an application: the shop gets its schema and opens; its owner furnishes it.

    :raises StateRefused: it isn't an application.
    """
    opened = tenancy.open_shop(reseller=reseller)
    return _noted(opened, actor, "reseller.approved")


@transaction.atomic
def turn_down(*, reseller: Reseller, actor: User, reason: str) -> Reseller:
    """Decline an application, with a reason for colleagues.

    :raises Refused: no reason. :raises StateRefused: it isn't an application.
    """
    if not reason.strip():
        raise Refused("reason_missing", _("Say why."), field="reason")
    locked = Reseller.objects.select_for_update().get(pk=reseller.pk)
    if locked.status != Reseller.Status.APPLIED:
        raise StateRefused()
    return _noted(tenancy.close(reseller=locked), actor, "reseller.declined", reason=reason.strip()[:300])


@transaction.atomic
def suspend(*, reseller: Reseller, actor: User, reason: str) -> Reseller:
    """Close a shop's doors for now. Its orders go on; all web processes know within seconds.

    :raises Refused: no reason. :raises StateRefused: it isn't open.
    """
    closed = tenancy.suspend(reseller=reseller, reason=reason)
    return _noted(closed, actor, "reseller.suspended", reason=closed.suspended_reason)


@transaction.atomic
def reopen(*, reseller: Reseller, actor: User) -> Reseller:
    """Open a suspended shop again.

    :raises StateRefused: it isn't suspended.
    """
    return _noted(tenancy.reinstate(reseller=reseller), actor, "reseller.reopened")


@transaction.atomic
def open_for(*, actor: User, email: str, **facts: Any) -> tuple[Reseller, Invitation | None, str]:
    """Open a shop for somebody, who is invited to be its owner; give the invitation and its token.

    ``facts``: slug, name, currency, country, language. Who works as ``actor`` can't invite themselves:
    they become the owner at once, and there is no invitation. Sending it is the caller's.

    :raises Refused: ``slug_unfit``, ``slug_taken``; nothing is left behind.
    """
    made = _noted(tenancy.create_reseller(**facts), actor, "reseller.opened", owner=email)
    if email.strip().lower() == actor.email:
        staff.appoint(user=actor, role=Membership.Role.OWNER, reseller=made, actor=actor)
        return made, None, ""
    return made, *staff.invite(actor=actor, email=email, role=Membership.Role.OWNER, reseller=made)


@transaction.atomic
def set_terms(
    *, reseller: Reseller | None, actor: User, fee_bps: int, valid_from: datetime | None = None, **payouts: Any
) -> Terms:
    """Agree on the next version of terms with one reseller, or with everybody who has none of its own.

    ``payouts``: the other fields of the terms that change; what isn't named stays as it was agreed before. Orders
    placed before keep what they were sold at. The same again is no new version.

    :raises Refused: the fee is negative or above 50 %; the terms would begin in the past.
    """
    now = clock.now()
    if not 0 <= fee_bps <= HIGHEST_FEE_BPS:
        raise Refused("fee", _("Between 0 and 50 per cent."), field="fee")
    if valid_from is not None and valid_from < now:
        raise Refused("valid_from", _("Terms can't begin in the past."), field="valid_from")
    if reseller is not None:  # versions are counted one after the other
        Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk)
    last = Terms.objects.filter(reseller=reseller).order_by("-version").first()
    before = _agreed(last or terms.row_of(None))
    wanted = {**before, "fee_bps": fee_bps, **payouts}
    if last is not None and wanted == before and valid_from is None:
        return last
    version = last.version + 1 if last else 1
    made = Terms.objects.create(reseller=reseller, version=version, valid_from=valid_from or now, **wanted)
    changed = {name: value for name, value in wanted.items() if value != before.get(name)}
    detail = {"version": made.version, "fee_bps": fee_bps, "valid_from": made.valid_from.isoformat(), **changed}
    subject = reseller.slug if reseller else "everybody"
    audit.record(actor=actor, action="reseller.terms", subject=subject, detail=detail, reseller=reseller)
    return made


_OF_A_VERSION = ("id", "reseller_id", "version", "valid_from", "created_at")


def _agreed(row: Terms | None) -> dict[str, Any]:
    """Give what a version of terms says."""
    if row is None:
        return {}
    names = (field.attname for field in Terms._meta.concrete_fields)
    return {name: getattr(row, name) for name in names if name not in _OF_A_VERSION}


def _noted(reseller: Reseller, actor: User, action: str, **detail: str) -> Reseller:
    audit.record(actor=actor, action=action, subject=reseller.slug, detail=detail, reseller=reseller)
    return reseller
