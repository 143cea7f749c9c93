"""What S knows that helps to answer c: services booked with the order, parcels, what waits, the window of returns, what is in stock.

Each fact has a sentence for c, in c's language, to be put into the answer; the reader's own words name it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Prefetch, Sum
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enablement.selectors import bookings
from s2b2c.kernel import texts
from s2b2c.kernel.money import format_minor
from supplier.models import FulfilmentOrder, ReturnOrder, SalesOrder, Shipment, Stock

_TO_COME = ("queued", "picking", "packed")


@dataclass(frozen=True, slots=True)
class Fact:
    """``code`` is stable while the fact is true; ``sentence`` is empty where there is nothing to tell c."""

    code: str
    icon: str
    title: str
    sentence: str


def of_order(*, reseller_id: int, order_number: str, language: str) -> list[Fact]:
    """Give what is known of an order; nothing where S has not got it."""
    order = (
        SalesOrder.objects.filter(reseller_id=reseller_id, order_number=order_number)
        .prefetch_related(
            "lines__variant__product",
            "returns",
            Prefetch("fulfilments", FulfilmentOrder.objects.prefetch_related("lines", "shipments").order_by("id")),
        )
        .first()
    )
    if order is None:
        return []
    return [*_visits(order, language), *_parcels(order, language), *_to_come(order, language), *_returns(order, language), *_money(order, language),
            *_stock(order, language)]  # fmt: skip


def sentences(facts: list[Fact], codes: list[str]) -> str:
    """Give the sentences of the facts chosen, one below the other."""
    return "\n".join(fact.sentence for fact in facts if fact.code in codes and fact.sentence)


def _visits(order: SalesOrder, language: str) -> Iterator[Fact]:
    """Who of the service network comes, when, and what was handed in."""
    if not order.services:
        return
    for found in bookings.of_order(reseller_id=order.reseller_id, order_number=order.order_number).values():
        row, task = found.booking, found.task
        live = row.state == row.State.PLACED
        state = task.get_state_display() if task and live else row.get_state_display()
        who = task.provider.name if task and task.provider and task.accepted_at else ""
        told = {"title": texts.local(row.option, "name"), "day": date_format(row.on, "DATE_FORMAT"), "who": who}
        told["part"] = row.get_part_display()
        title = pgettext("booked service", "%(title)s, %(day)s, %(part)s") % told
        title = f"{title}: {' · '.join(filter(None, [str(state), who, task.proof if task else '']))}"
        with translation.override(language):
            told |= {"title": texts.local(row.option, "name", language), "day": date_format(row.on, "DATE_FORMAT")}
            told["part"] = row.get_part_display()
            sentence = ""
            if live and who and task and task.done_at is None:
                sentence = _("%(who)s comes on %(day)s (%(part)s) for: %(title)s.") % told
            elif live and task and task.done_at is None:
                sentence = _("For %(title)s on %(day)s (%(part)s) we are choosing who comes.") % told
        yield Fact(f"visit-{row.pk}", "wrench", title, sentence)


def _parcels(order: SalesOrder, language: str) -> Iterator[Fact]:
    for shipment in _shipments(order):
        told = {"carrier": shipment.carrier, "tracking": shipment.tracking, "day": _day(shipment)}
        title = _("Sent %(day)s with %(carrier)s %(tracking)s") % told
        with translation.override(language):
            told["day"] = _day(shipment)
            sentence = (
                _("Your parcel left the warehouse on %(day)s with %(carrier)s; its tracking number is %(tracking)s.")
                if shipment.tracking
                else _("Your parcel left the warehouse on %(day)s with %(carrier)s.")
            ) % told
        yield Fact(f"parcel-{shipment.number}", "truck", title.strip(), sentence)


def _to_come(order: SalesOrder, language: str) -> Iterator[Fact]:
    if order.held_by:
        yield Fact("held", "pause", _("On hold: %(why)s") % {"why": order.held_reason or "–"}, "")
        return
    waiting = sum(line.waiting for each in order.fulfilments.all() for line in each.lines.all())
    if waiting:
        with translation.override(language):
            sentence = _("%(n)s pieces of your order wait for new stock; we send them as soon as they are in.") % {
                "n": waiting
            }
        yield Fact("waiting", "clock", _("%(n)s pieces wait for stock") % {"n": waiting}, sentence)
    elif any(each.state in _TO_COME for each in order.fulfilments.all()):
        with translation.override(language):
            sentence = _("Your order is in the warehouse and is being packed.")
        yield Fact("packing", "package", _("In the warehouse, being packed"), sentence)


def _returns(order: SalesOrder, language: str) -> Iterator[Fact]:
    last = max((each.shipped_at for each in _shipments(order)), default=None)
    for back in order.returns.all():
        if back.state in ReturnOrder.OPEN:
            yield Fact(
                f"return-{back.number}", "undo-2", f"{_('Return')} {back.number}: {back.get_state_display()}", ""
            )
    if last is None:
        return
    until = timezone.localtime(last + timedelta(days=order.return_days)).date()
    title = _("May be returned until %(day)s") % {"day": date_format(until, "DATE_FORMAT")}
    if until < timezone.localdate():
        title = _("The window of returns closed on %(day)s") % {"day": date_format(until, "DATE_FORMAT")}
    with translation.override(language):
        told = {"day": date_format(until, "DATE_FORMAT")}
        sentence = _("You can return things until %(day)s, from your order's page.") % told
    yield Fact("window", "calendar", title, sentence if until >= timezone.localdate() else "")


def _money(order: SalesOrder, language: str) -> Iterator[Fact]:
    if not order.refunded_minor:
        return
    told = {"amount": format_minor(order.refunded_minor, order.currency)}
    with translation.override(language):
        sentence = _("We have given back %(amount)s; it arrives the way you paid.") % told
    yield Fact("refunded", "rotate-ccw", _("%(amount)s given back") % told, sentence)


def _stock(order: SalesOrder, language: str) -> Iterator[Fact]:
    lines = list(order.lines.all())
    rows = Stock.objects.filter(variant__in=[line.variant_id for line in lines])
    free = dict(rows.values_list("variant_id").annotate(n=Sum("available")))
    for line in lines:
        n = max(0, free.get(line.variant_id, 0))
        told = {"n": n, "title": texts.local(line.variant.product, "name"), "sku": line.variant.sku}
        title = _("%(title)s (%(sku)s): %(n)s in stock") % told
        with translation.override(language):
            told["title"] = texts.local(line.variant.product, "name", language)
            sentence = _("We have %(title)s in stock and can send you another one.") % told if n else ""
        yield Fact(f"stock-{line.variant_id}", "warehouse", title, sentence)


def _shipments(order: SalesOrder) -> list[Shipment]:
    return [shipment for each in order.fulfilments.all() for shipment in each.shipments.all()]


def _day(shipment: Shipment) -> str:
    return date_format(timezone.localtime(shipment.shipped_at).date(), "DATE_FORMAT")
