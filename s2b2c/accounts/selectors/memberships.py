"""Who works where."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from s2b2c.accounts.models import Membership, User
from s2b2c.tenancy.context import reading
from s2b2c.tenancy.models import Reseller


def of(user: Any, reseller: Reseller | None) -> Membership | None:
    """Give a user's membership of a shop, or of S where ``reseller`` is None, in one query.

    ``membership.has_second_factor`` says whether the user has set one up.
    """
    second_factor = Authenticator.objects.filter(user=OuterRef("user")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    found = Membership.objects.filter(user_id=user.pk, reseller=reseller)
    with reading():
        return found.annotate(has_second_factor=Exists(second_factor)).first()


def shops_of(user: User) -> QuerySet[Membership]:
    """Give a user's memberships of shops with the shop, oldest first."""
    return Membership.objects.filter(user=user, reseller__isnull=False).select_related("reseller").order_by("pk")


def staff_of(reseller: Reseller | None) -> QuerySet[Membership]:
    """Give who works for a shop, or for S, longest first; each with ``has_second_factor``."""
    second_factor = Authenticator.objects.filter(user=OuterRef("user")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    staff = Membership.objects.filter(reseller=reseller).select_related("user")
    return staff.annotate(has_second_factor=Exists(second_factor)).order_by("pk")
