"""Host or slug → reseller, for every request: an in-process memory over Redis over the database.

In process for two seconds; in Redis for a minute, valid only while its stamp is the one of the last change; the
database when Redis doesn't answer. So a change reaches every process within about two seconds. Unknown names are
remembered for two seconds, in a memory of their own, so that a flood of them never pushes out a shop.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Q

from s2b2c.tenancy.cache import GLOBAL
from s2b2c.tenancy.context import reading
from s2b2c.tenancy.memory import Memory
from s2b2c.tenancy.models import Domain, Reseller

LOCAL_SECONDS = 2.0
REDIS_SECONDS = 60
_STAMP_SECONDS = 3600  # outlives every entry it could outdate

_FIELDS = [field.attname for field in Reseller._meta.concrete_fields]
_Values = tuple[Any, ...]


known = Memory(20_000, LOCAL_SECONDS)
unknown = Memory(5_000, LOCAL_SECONDS)


def by_slug(slug: str) -> Reseller | None:
    """Find the reseller with a slug, or None."""
    return _find(f"slug|{slug}", Q(slug=slug))


def by_domain(domain: str) -> Reseller | None:
    """Find the reseller whose own, proved domain this is, or None."""
    return _find(f"domain|{domain}", Q(domains__domain=domain, domains__verified_at__isnull=False))


def primary_host(reseller: Reseller) -> str | None:
    """Give the shop's own main domain, or None where the sub-domain of the platform is the main address."""
    key = f"primary|{reseller.pk}"
    host = known.get(key)
    if host is None:
        with reading():
            main = Domain.objects.filter(tenant_id=reseller.pk, is_primary=True).exclude(verification_token="")
            host = main.values_list("domain", flat=True).first() or ""
        known.put(key, host)
    return host or None


def forget(reseller: Reseller, *also_domains: str) -> None:
    """Make every process look this reseller up anew, once the transaction commits.

    Call inside the transaction of the change; ``also_domains`` are those that are being taken away.
    """
    keys = [f"slug|{reseller.slug}", *(f"domain|{name}" for name in also_domains)]
    own = Domain.objects.filter(tenant_id=reseller.pk).exclude(verification_token="")
    keys += [f"domain|{name}" for name in own.values_list("domain", flat=True)]
    _stamp(keys)  # a crash between the commit and the next line leaves this one
    transaction.on_commit(lambda: _stamp(keys))


def _stamp(keys: list[str]) -> None:
    known.clear()
    unknown.clear()
    cache.set_many({_stamp_key(key): secrets.token_hex(8) for key in keys}, _STAMP_SECONDS)


def _find(key: str, condition: Q) -> Reseller | None:
    values = known.get(key)
    if values is None and unknown.get(key) is None:
        values = _from_redis_or_database(key, condition)
        (known if values else unknown).put(key, values or True)
    # A fresh instance each time: threads must not share one that a service may change.
    return Reseller.from_db(connection.alias, _FIELDS, values) if values else None


def _from_redis_or_database(key: str, condition: Q) -> _Values | None:
    found = cache.get_many([_entry_key(key), _stamp_key(key)])
    stamp = found.get(_stamp_key(key), "")  # read before the database: a change in between outdates the entry
    fields, stamped, values = found.get(_entry_key(key), (None, None, None))
    if fields == _FIELDS and stamped == stamp:
        return values
    with reading():
        values = Reseller.objects.filter(condition).values_list(*_FIELDS).first()
    if values:
        cache.set(_entry_key(key), (_FIELDS, stamp, values), REDIS_SECONDS)
    return values


def _entry_key(key: str) -> str:
    return f"{GLOBAL}directory|{key}"


def _stamp_key(key: str) -> str:
    return f"{GLOBAL}directory-stamp|{key}"
