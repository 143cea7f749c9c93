"""Vendors: added, changed, archived and taken up again; their offers written and taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import PriceBreak, Vendor, VendorOffer
from enablement.selectors import vendors
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from supplier.services import records

MOST_STEPS = 10


@transaction.atomic
def add(*, facts: Mapping[str, Any], actor_id: int | None) -> Vendor:
    """Add a vendor. ``facts``: fields of ``Vendor``.

    :raises Refused: no name, or one that is taken.
    """
    made = Vendor(created_at=clock.now())
    _write(made, facts)
    records.audit(actor_id, "vendor.added", made.name)
    return made


@transaction.atomic
def change(*, vendor_id: int, facts: Mapping[str, Any], actor_id: int | None) -> Vendor:
    """Change a vendor. What was ordered stays as it was ordered.

    :raises Refused: no name, one that is taken, or another currency while there are offers in the old one.
    """
    vendor = _locked(vendor_id)
    if facts["currency"] != vendor.currency and vendor.offers.exists():
        text = _("Its offers are in %(currency)s: take them away first.")
        raise Refused("currency", text, field="currency", currency=vendor.currency)
    before = _write(vendor, facts)
    if before:
        records.audit(actor_id, "vendor.changed", vendor.name, fields=sorted(before))
    return vendor


def _locked(vendor_id: int) -> Vendor:
    """Lock a vendor: its currency and its offers change one after the other. Call inside a transaction."""
    found = Vendor.objects.select_for_update(no_key=True).filter(pk=vendor_id).first()
    if found is None:
        raise NotFound()
    return found


def _write(vendor: Vendor, facts: Mapping[str, Any]) -> dict[str, Any]:
    name = records.text(facts["name"], "name", 80, required=True)
    own = vendors.own_currency() == facts["currency"]
    rate = Decimal(1) if own else facts.get("rate") or Decimal(0)
    if rate <= 0:
        raise Refused("rate", _("Say what one unit of its currency costs."), field="rate")
    if Vendor.objects.filter(name__iexact=name).exclude(pk=vendor.pk).exists():
        raise _taken()
    before = records.assign(vendor, {**facts, "name": name, "rate": rate})
    try:
        with transaction.atomic():
            vendor.save()
    except IntegrityError as clash:  # somebody added it just now
        raise _taken() from clash
    return before


def _taken() -> Refused:
    return Refused("name_taken", _("There is a vendor of this name already."), field="name")


@transaction.atomic
def set_active(*, vendor_id: int, active: bool, actor_id: int | None) -> Vendor:
    """Archive a vendor, or take it up again. What was ordered from it goes on."""
    vendor = _locked(vendor_id)
    if vendor.active != active:
        vendor.active = active
        vendor.save(update_fields=["active"])
        records.audit(actor_id, "vendor.restored" if active else "vendor.archived", vendor.name)
    return vendor


@transaction.atomic
def put_offer(
    *,
    vendor_id: int,
    variant_id: int,
    steps: Sequence[tuple[int, int]],
    minimum: int = 1,
    pack: int = 1,
    weekly: int | None = None,
    code: str = "",
    lead_days: int | None = None,
    valid_until: date | None = None,
    actor_id: int | None,
) -> VendorOffer:
    """Write what a vendor asks for a variant, over what it asked before. ``steps``: (from pieces, minor units).

    Lines of orders keep the cost they were written at.

    :raises Refused: no step, two from the same quantity, or a piece that gets dearer with the quantity.
    """
    check_steps(steps)
    vendor = _locked(vendor_id)
    facts = {"minimum": minimum, "pack": pack, "weekly": weekly, "code": code.strip()[:60], "changed_at": clock.now(),
             "lead_days": lead_days, "valid_until": valid_until}  # fmt: skip
    made, _new = VendorOffer.objects.update_or_create(vendor=vendor, variant_id=variant_id, defaults=facts)
    made.breaks.all().delete()
    PriceBreak.objects.bulk_create(PriceBreak(offer=made, quantity=start, unit_minor=unit) for start, unit in steps)
    records.audit(actor_id, "vendor.offer", vendor.name, sku=made.variant.sku)
    return made


def check_steps(steps: Sequence[tuple[int, int]]) -> None:
    """Check that these are prices by quantity. :raises Refused: they are none."""
    if not steps:
        raise Refused("steps", _("Say what a piece costs."), field="steps")
    if len(steps) > MOST_STEPS:
        raise Refused("steps", _("At most %(most)s prices."), field="steps", most=MOST_STEPS)
    if len({start for start, _unit in steps}) < len(steps) or min(steps)[0] < 1:
        raise Refused("steps", _("Each price begins at another number of pieces."), field="steps")
    units = [unit for _start, unit in sorted(steps)]
    if units != sorted(units, reverse=True):
        raise Refused("steps", _("A piece does not get dearer when more are ordered."), field="steps")


@transaction.atomic
def remove_offer(*, offer_id: int, actor_id: int | None) -> None:
    """Take an offer away. Orders written by it stay."""
    offer = vendors.offer(offer_id)
    records.audit(actor_id, "vendor.offer_removed", offer.vendor.name, sku=offer.variant.sku)
    offer.delete()
