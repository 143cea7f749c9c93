"""Delete the photos of people who asked to be forgotten: named with the erasure, gone after it, tried until they are."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db import transaction

from s2b2c.kernel import clock
from supplier.models import ErasedFile, ReturnOrder

log = logging.getLogger(__name__)
FOLDERS = ("help/", "returns/")  # where people's photos lie; nothing else is deleted here


def erase(names: Iterable[str]) -> None:
    """Have files deleted once this transaction is committed; rolled back, they stay. Call inside a transaction."""
    wanted = {name for name in names if name.startswith(FOLDERS)}
    rows = [ErasedFile(name=name, erased_at=clock.now()) for name in sorted(wanted)]
    ErasedFile.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        transaction.on_commit(sweep, robust=True)


def sweep(*, limit: int = 500) -> int:
    """Delete files that wait for it; give how many went. One that can't be deleted now waits, and keeps nobody waiting.

    May run twice, side by side, or be killed: a file that is gone already is no error.
    """
    with transaction.atomic():
        names = list(ErasedFile.objects.order_by("id").values_list("name", flat=True)[:limit])
    gone = [name for name in names if _delete(name)]
    with transaction.atomic():
        ErasedFile.objects.filter(name__in=gone).delete()
    return len(gone)


def _delete(name: str) -> bool:
    try:
        default_storage.delete(name)
    except Exception:  # the storage may be away: the row says that the file is still to go
        log.exception("erased files: %s could not be deleted", name)
        return False
    return True


def forget_returns(*, reseller_id: int, order_numbers: Iterable[str]) -> list[str]:
    """Take words and photos out of S's copies of a customer's returns; give the photos' names. Call inside a transaction."""
    rows = ReturnOrder.objects.filter(reseller=reseller_id, order__order_number__in=list(order_numbers))
    photos = [name for names in rows.values_list("photos", flat=True) for name in names]
    rows.update(note="", photos=[])
    return photos
