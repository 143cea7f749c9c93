"""Which shop the code is in, and how to enter one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from django.db import connection, transaction

from s2b2c.tenancy.errors import ImproperlyUsed
from s2b2c.tenancy.models import Reseller

if TYPE_CHECKING:
    from s2b2c.tenancy.backend.base import DatabaseWrapper


def database() -> DatabaseWrapper:
    """Give this thread's connection, typed as our backend's."""
    return cast("DatabaseWrapper", connection)


def current() -> Reseller | None:
    """Give the reseller whose shop is entered, or None in public."""
    tenant = database().tenant
    return tenant if isinstance(tenant, Reseller) else None


@contextmanager
def entered(reseller: Reseller) -> Iterator[Reseller]:
    """Enter a reseller's shop and return to where we were; open a transaction inside before touching data.

    May be nested, and may be used inside a transaction: shop and public commit together.

    :raises ImproperlyUsed: the reseller has no schema yet.
    """
    if not reseller.has_schema:
        raise ImproperlyUsed(f"Reseller {reseller.slug} has no schema; services.open_shop makes one.")
    before = database().tenant
    database().set_tenant(reseller)
    try:
        yield reseller
    finally:
        database().set_tenant(before)


@contextmanager
def reading() -> Iterator[None]:
    """Read inside a transaction: the one that is open, or one of our own."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        yield
