"""Make a variant a bundle of others, change what is in it, or make it a plain one again."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Arrival, Bundle, BundlePart, Movement, Product, ReservationLine, SalesLine, Stock, Variant
from supplier.services import published, records

MOST_PARTS = 12
MOST_PIECES = 99


@transaction.atomic
def put(*, variant_id: int, parts: Mapping[int, int], actor_id: int | None = None) -> Bundle:
    """Say what is in a bundle: pieces by the id of a variant, each at least 1. The first time makes it one.

    :raises NotFound: no such variant.
    :raises Refused: nothing in it, itself, another bundle or something withdrawn in it, or pieces out of bounds.
    :raises StateRefused: it has stock of its own, is part of a bundle, or was sold already.
    """
    _check(variant_id, parts)
    locked = _locked([variant_id, *parts])
    if Bundle.objects.filter(variant__in=list(parts)).exists():
        raise Refused("bundle_in_bundle", _("A bundle cannot be put into a bundle."), field="parts")
    _require_there([locked[id_] for id_ in parts])
    bundle = Bundle.objects.select_for_update().filter(variant=variant_id).first()
    if bundle is None:
        _require(_used(variant_id))
        bundle = Bundle.objects.create(variant_id=variant_id)
    _require(_fixed(bundle))
    bundle.parts.all().delete()
    BundlePart.objects.bulk_create(
        [BundlePart(bundle=bundle, component_id=id_, pieces=pieces) for id_, pieces in parts.items()]
    )
    _told(locked[variant_id], "bundle.set", actor_id, {locked[id_].sku: pieces for id_, pieces in parts.items()})
    return bundle


@transaction.atomic
def drop(*, variant_id: int, actor_id: int | None = None) -> Variant:
    """Make a bundle that was never sold a plain variant again.

    :raises NotFound: it is no bundle. :raises StateRefused: it was sold.
    """
    locked = _locked([variant_id])
    bundle = Bundle.objects.select_for_update().filter(variant=variant_id).first()
    if bundle is None:
        raise NotFound()
    _require(_fixed(bundle))
    bundle.delete()
    _told(locked[variant_id], "bundle.dropped", actor_id, {})
    return locked[variant_id]


def _check(variant_id: int, parts: Mapping[int, int]) -> None:
    if not parts:
        raise Refused("parts", _("Put at least one thing into the bundle."), field="parts")
    if len(parts) > MOST_PARTS:
        raise Refused("parts", _("At most %(most)s different things."), field="parts", most=MOST_PARTS)
    if variant_id in parts:
        raise Refused("bundle_in_itself", _("A bundle cannot be put into itself."), field="parts")
    if not all(1 <= pieces <= MOST_PIECES for pieces in parts.values()):
        raise Refused("pieces", _("Between 1 and %(most)s pieces of each."), field="parts", most=MOST_PIECES)


def _locked(ids: list[int]) -> dict[int, Variant]:
    """Lock variants by id: who makes one of them a bundle or a part at this moment is waited for; orders are not."""
    wanted = Variant.objects.select_for_update(no_key=True).filter(id__in=ids)
    rows = {each.id: each for each in wanted.order_by("id")}
    if len(rows) < len(set(ids)):
        raise NotFound()
    return rows


def _require_there(parts: list[Variant]) -> None:
    gone = Variant.objects.filter(id__in=[each.id for each in parts]).filter(
        Q(status=Variant.Status.WITHDRAWN) | Q(product__status=Product.Status.WITHDRAWN)
    )
    if skus := list(gone.values_list("sku", flat=True)):
        raise Refused(
            "bundle_withdrawn", _("Withdrawn, so not for a bundle: %(skus)s"), field="parts", skus=", ".join(skus)
        )


def hindrance(variant_id: int) -> StateRefused | None:
    """Give why a variant cannot become a bundle, or be another one than it is, None where it can."""
    bundle = Bundle.objects.filter(variant=variant_id).first()
    return _used(variant_id) if bundle is None else _fixed(bundle)


def _used(variant_id: int) -> StateRefused | None:
    if BundlePart.objects.filter(component=variant_id).exists():
        return StateRefused("bundle_part", _("This variant is part of a bundle, so it cannot become one."))
    used = (Stock, Movement, ReservationLine, SalesLine, Arrival)
    if any(model.objects.filter(variant=variant_id).exists() for model in used):
        return StateRefused(
            "bundle_used",
            _("This variant has stock of its own or was sold already. Add a new variant for the bundle."),
        )
    return None


def _fixed(bundle: Bundle) -> StateRefused | None:
    if bundle.fixed_at is None:
        return None
    return StateRefused(
        "bundle_fixed", _("This bundle was ordered already, so what is in it stays. Add a new variant instead.")
    )


def _require(hindered: StateRefused | None) -> None:
    if hindered is not None:
        raise hindered


def _told(variant: Variant, what: str, actor_id: int | None, parts: dict[str, int]) -> None:
    records.audit(actor_id, what, f"product:{variant.product_id}", skus=[variant.sku], parts=parts)
    published.touch()
