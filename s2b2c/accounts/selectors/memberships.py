"""Who works where."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from s2b2c.accounts.models import Membership, User
from s2b2c.tenancy.context import reading
from s2b2c.tenancy.models import Reseller

# Recovery codes only stand in for a factor that is lost.
_FACTORS = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)


def of(user: Any, reseller: Reseller | None) -> Membership | None:
    """Give a user's membership of a shop, or of S where ``reseller`` is None, in one query.

    ``membership.has_second_factor`` says whether the user has set one up.
    """
    found = Membership.objects.filter(user_id=user.pk, reseller=reseller)
    with reading():
        return found.annotate(has_second_factor=Exists(_FACTORS.filter(user=OuterRef("user")))).first()


def shops_of(user: User) -> QuerySet[Membership]:
    """Give a user's memberships of shops with the shop, oldest first."""
    return Membership.objects.filter(user=user, reseller__isnull=False).select_related("reseller").order_by("pk")


def staff_of(reseller: Reseller | None) -> QuerySet[Membership]:
    """Give who works for a shop, or for S, longest first; each with ``has_second_factor``."""
    staff = Membership.objects.filter(reseller=reseller).select_related("user")
    return staff.annotate(has_second_factor=Exists(_FACTORS.filter(user=OuterRef("user")))).order_by("pk")


def has_second_factor(user: User) -> bool:
    """Tell whether a user has set up an app with codes or a passkey."""
    return _FACTORS.filter(user=user).exists()
