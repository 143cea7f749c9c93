"""The request as views of staff see it: for annotations."""

from __future__ import annotations

from s2b2c.accounts.models import Membership, User
from s2b2c.tenancy.http import Request as TenancyRequest


class Request(TenancyRequest):
    """Below a role decorator ``user`` is a real one and ``membership`` is theirs, here."""

    user: User  # type: ignore[assignment]
    membership: Membership | None
