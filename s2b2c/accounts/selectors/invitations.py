"""Invitations that wait to be accepted."""

from __future__ import annotations

import hashlib

from django.db.models import Q, QuerySet

from s2b2c.accounts.models import Invitation
from s2b2c.kernel import clock
from s2b2c.tenancy.models import Reseller


def open_of(reseller: Reseller | None) -> QuerySet[Invitation]:
    """Give a shop's, or S's, open invitations, newest first; expired ones included, to be sent again."""
    return Invitation.objects.filter(reseller=reseller, accepted_at=None).select_related("invited_by").order_by("-pk")


def by_token(token: str) -> Invitation | None:
    """Give the invitation a link leads to, while it is good."""
    return Invitation.objects.filter(is_open(token)).select_related("reseller", "invited_by").first()


def fingerprint(token: str) -> str:
    """Give what is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_open(token: str) -> Q:
    """Give the condition for the open invitation with this token."""
    return Q(token_hash=fingerprint(token), accepted_at=None, expires_at__gt=clock.now())
