"""Places S ships from."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import Refused
from supplier.models import Warehouse
from supplier.selectors import stock
from supplier.services import records

FIELDS = ("name_en", "name_zh", "country", "city", "priority", "active")


def add(*, code: str, actor_id: int | None, **facts: Any) -> Warehouse:
    """Add a warehouse. ``code`` is its short name for good, such as ``OAK``.

    :raises Refused: ``code`` or ``name_en`` is empty; ``code_taken``.
    """
    code = records.text(code, "code", 12, required=True).upper()
    try:
        with transaction.atomic():
            made = Warehouse.objects.create(code=code, **_clean(facts))
            records.audit(actor_id, "warehouse.added", code)
            return made
    except IntegrityError as error:
        raise Refused("code_taken", _("There is a warehouse with this code."), field="code", status=409) from error


def change(*, warehouse_id: int, actor_id: int | None, **facts: Any) -> Warehouse:
    """Change a warehouse. One that is not active keeps its stock, which is neither offered nor kept for new orders.

    :raises NotFound: there is none.
    """
    with transaction.atomic():
        found = stock.warehouse(warehouse_id)
        before = records.assign(found, _clean(facts))
        if before:
            found.save(update_fields=list(before))
            records.audit(
                actor_id, "warehouse.changed", found.code, **{f"{name}_before": was for name, was in before.items()}
            )
        return found


def _clean(facts: dict[str, Any]) -> dict[str, Any]:
    facts = {name: value for name, value in facts.items() if name in FIELDS}
    if "name_en" in facts:
        facts["name_en"] = records.text(facts["name_en"], "name_en", 80, required=True)
    return facts
