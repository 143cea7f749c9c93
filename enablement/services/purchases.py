"""Orders to vendors: written, sent, put off, cancelled. What comes of them is in ``receiving``."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enablement.models import PurchaseCharge, PurchaseLine, PurchaseNote, PurchaseOrder, Vendor
from enablement.selectors import ladder, vendors
from enablement.selectors import purchases as purchasing
from enablement.services import landed, vetting
from s2b2c.kernel import clock, ids, money
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Variant, Warehouse
from supplier.services import arrivals, records

State = PurchaseOrder.State
OPEN = purchasing.OPEN
MOST = 1_000_000  # pieces in a line


@transaction.atomic
def draft(*, vendor_id: int, warehouse_id: int, note: str = "", actor_id: int | None) -> PurchaseOrder:
    """Begin an order. Asked again, the draft nothing was written into yet is given, with the note asked for last.

    :raises Refused: the vendor is archived.
    """
    vendor = locked_vendor(vendor_id)
    drafts = PurchaseOrder.objects.filter(vendor=vendor, warehouse_id=warehouse_id, state=State.DRAFT, lines=None)
    found = drafts.filter(currency=vendor.currency).order_by("-id").first()
    if found is None:
        return begin(vendor, warehouse_id, note, actor_id)
    if note.strip():
        found.note = note.strip()[:240]
        found.save(update_fields=["note"])
    return found


def locked_vendor(vendor_id: int) -> Vendor:
    """Lock a vendor one may order from: its drafts are made one after the other. Call inside a transaction."""
    vendor = Vendor.objects.select_for_update(no_key=True).filter(pk=vendor_id).first()
    if vendor is None:
        raise NotFound()
    if not vendor.active:
        raise Refused("archived", _("%(vendor)s is archived."), field="vendor", vendor=vendor.name)
    return vendor


def begin(vendor: Vendor, warehouse_id: int, note: str, actor_id: int | None) -> PurchaseOrder:
    """Make an empty draft. Call inside a transaction, with the vendor locked."""
    if not Warehouse.objects.filter(pk=warehouse_id).exists():
        raise NotFound()
    made = PurchaseOrder.objects.create(
        number=ids.order_number(),
        vendor=vendor,
        warehouse_id=warehouse_id,
        currency=vendor.currency,
        rate=vendor.rate,
        order_fee_minor=vendor.order_fee_minor,
        note=note.strip()[:240],
        actor_id=actor_id,
        created_at=clock.now(),
    )
    jot(made, "drafted", actor_id)
    return made


@transaction.atomic
def write(*, number: str, variant_id: int, quantity: int) -> PurchaseLine | None:
    """Write how many pieces of a variant are ordered, at the unit cost of the vendor's ladder now; 0 takes it out.

    The same quantity again changes nothing, not even the cost.

    :raises Refused: the vendor does not offer it, or not in this quantity. :raises StateRefused: no draft.
    """
    order = locked(number)
    require(order, State.DRAFT)
    return put(order, variant_id, quantity)


def put(order: PurchaseOrder, variant_id: int, quantity: int) -> PurchaseLine | None:
    """Write a line of a draft. Call inside a transaction, with the order locked."""
    if quantity > MOST:
        raise Refused("quantity", _("At most %(most)s pieces in a line."), field="quantity", most=f"{MOST:,}")
    if quantity <= 0:
        order.lines.filter(variant_id=variant_id).delete()
        return None
    found = order.lines.filter(variant_id=variant_id).first()
    if found is not None and found.quantity == quantity:
        return found
    offer = vendors.offer_of(order.vendor_id, variant_id)
    if offer is None or offer.vendor.currency != order.currency:
        raise Refused("not_offered", _("%(vendor)s does not offer this."), field="sku", vendor=order.vendor.name)
    steps = ladder.of(offer)
    if (fitting := steps.fitting(quantity)) != quantity:
        text = _("From %(minimum)s pieces on, in packs of %(pack)s: %(fitting)s would do.")
        least = max(offer.minimum, steps.steps[0][0])
        raise Refused("quantity", text, field="quantity", minimum=least, pack=offer.pack, fitting=fitting)
    facts = {
        "quantity": quantity,
        "unit_minor": steps.unit(quantity),
        "code": offer.code,
        "expected_on": timezone.localdate(clock.now()) + ladder.days(offer, quantity),
    }
    return PurchaseLine.objects.update_or_create(order=order, variant_id=variant_id, defaults=facts)[0]


@transaction.atomic
def send(*, number: str, actor_id: int | None, expected_on: date | None = None) -> PurchaseOrder:
    """Let a draft go to its vendor: the pieces are expected, and stock knows it. Sent again, it stays sent.

    Without ``expected_on`` each line is expected after the vendor's lead time, from today.

    :raises Refused: no lines, an archived vendor, below its minimum, or a day that is past.
    :raises StateRefused: it was cancelled.
    """
    order = locked(number)
    if order.state in (*OPEN, State.RECEIVED):
        return order
    require(order, State.DRAFT)
    lines = list(order.lines.select_related("variant").order_by("variant_id"))
    _check(order, lines, expected_on)
    for line in lines:
        _expect(order, line, expected_on, actor_id)
    order.state, order.sent_at = State.SENT, clock.now()
    order.rate, order.order_fee_minor = order.vendor.rate, order.vendor.order_fee_minor
    order.save(update_fields=["state", "sent_at", "rate", "order_fee_minor"])
    _bear_fee(order, actor_id)
    jot(order, "sent", actor_id, pieces=sum(line.quantity for line in lines))
    records.audit(actor_id, "purchase.sent", order.number)
    return order


def _check(order: PurchaseOrder, lines: list[PurchaseLine], expected_on: date | None) -> None:
    if not lines:
        raise Refused("empty", _("Nothing is ordered yet."))
    if order.currency != order.vendor.currency:
        raise Refused(
            "currency", _("%(vendor)s counts in another currency now: begin anew."), vendor=order.vendor.name
        )
    if not order.vendor.active:
        raise Refused("archived", _("%(vendor)s is archived."), vendor=order.vendor.name)
    vetting.require_approved(order.vendor)
    goods = sum(line.amount_minor for line in lines)
    if goods < order.vendor.minimum_minor:
        least, missing = order.vendor.minimum_minor, order.vendor.minimum_minor - goods
        raise Refused(
            "minimum",
            _("%(vendor)s takes orders from %(least)s on: %(missing)s are missing."),
            vendor=order.vendor.name,
            least=money.format_minor(least, order.currency),
            missing=money.format_minor(missing, order.currency),
        )
    if expected_on is not None and expected_on < timezone.localdate(clock.now()):
        raise Refused("expected_on", _("This day is past."), field="expected_on")


def _expect(order: PurchaseOrder, line: PurchaseLine, expected_on: date | None, actor_id: int | None) -> None:
    offer = vendors.offer_of(order.vendor_id, line.variant_id)
    today = timezone.localdate(clock.now())
    usual = today + ladder.days(offer, line.quantity) if offer else max(line.expected_on or today, today)
    day = line.expected_on = expected_on or usual
    line.arrival = arrivals.announce(
        variant_id=line.variant_id,
        warehouse_id=order.warehouse_id,
        quantity=line.quantity,
        arrives_on=day,
        reference=order.vendor.name,
        source=source(order),
        actor_id=actor_id,
    )
    line.save(update_fields=["expected_on", "arrival"])


@transaction.atomic
def postpone(*, number: str, expected_on: date, actor_id: int | None) -> PurchaseOrder:
    """Expect what is still to come on another day.

    :raises Refused: the day is past. :raises StateRefused: nothing is to come.
    """
    order = locked(number)
    require(order, *OPEN)
    if expected_on < timezone.localdate(clock.now()):
        raise Refused("expected_on", _("This day is past."), field="expected_on")
    moved = [line for line in order.lines.order_by("variant_id") if line.left and line.expected_on != expected_on]
    for line in moved:
        line.expected_on = expected_on
        line.save(update_fields=["expected_on"])
        if line.arrival_id is not None:
            arrivals.postpone(arrival_id=line.arrival_id, arrives_on=expected_on, source=source(order))
    if moved:
        jot(order, "postponed", actor_id, day=expected_on.isoformat())
    return order


def _bear_fee(order: PurchaseOrder, actor_id: int | None) -> None:
    """Share the fee of an order over its lines, by value. Call inside a transaction, with the order locked."""
    if order.order_fee_minor and any(line.amount_minor for line in order.lines.all()):
        landed.spread(
            order, kind=PurchaseCharge.Kind.FEE, basis=PurchaseCharge.Basis.VALUE, amount_minor=order.order_fee_minor,
            currency=order.currency, rate=order.rate, key="fee", actor_id=actor_id,
        )  # fmt: skip


@transaction.atomic
def cancel(*, number: str, actor_id: int | None, reason: str = "") -> PurchaseOrder:
    """Drop a draft, or cancel an order nothing came of: its pieces are expected no longer.

    :raises Refused: it was sent, and no reason is given. :raises StateRefused: pieces came already.
    """
    order = locked(number)
    if order.state == State.CANCELLED:
        return order
    require(order, State.DRAFT, State.SENT)
    if order.state == State.SENT and not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    for line in order.lines.exclude(arrival=None).order_by("variant_id"):
        arrivals.cancel(arrival_id=line.arrival_id, source=source(order))  # type: ignore[arg-type]
        line.cancelled = line.quantity
        line.save(update_fields=["cancelled"])
    order.state, order.closed_at = State.CANCELLED, clock.now()
    order.save(update_fields=["state", "closed_at"])
    landed.land_all(order, "cancelled")
    jot(order, "cancelled", actor_id, reason=reason.strip()[:160])
    records.audit(actor_id, "purchase.cancelled", order.number)
    return order


# --- What its neighbours use too ----------------------------------------------------------------------
def source(order: PurchaseOrder) -> str:
    """Give the name under which stock knows an order's arrivals."""
    return f"purchase:{order.number}"


def locked(number: str) -> PurchaseOrder:
    """Lock an order. Call inside a transaction. :raises NotFound: there is none."""
    rows = PurchaseOrder.objects.select_for_update(of=("self",)).select_related("vendor")
    found = rows.filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def require(order: PurchaseOrder, *states: str) -> None:
    """Check that an order is in one of these states. :raises StateRefused: it is not."""
    if order.state not in states:
        raise StateRefused(
            "purchase_state",
            _("This purchase order is “%(state)s”; that step is no longer possible."),
            state=order.get_state_display(),
        )


def jot(order: PurchaseOrder, kind: str, actor_id: int | None, **data: object) -> None:
    """Note a step in an order's history. Call inside a transaction."""
    PurchaseNote.objects.create(order=order, kind=kind, data=data, actor_id=actor_id, at=clock.now())


def variant_by_sku(sku: str) -> int:
    """Give the variant of a SKU. :raises Refused: there is none."""
    found = Variant.objects.filter(sku__iexact=sku.strip()).values_list("id", flat=True).first()
    if found is None:
        raise Refused("sku", _("Unknown SKU: %(skus)s"), field="sku", skus=sku.strip()[:60])
    return found
