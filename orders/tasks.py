"""Celery's doors into orders. Each may run twice; the truth decides what is left to do."""

from __future__ import annotations

import logging

from celery import shared_task

from orders.services import closing, reconciling, segments
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
from supplier.selectors import reservations

log = logging.getLogger(__name__)


@shared_task(name="orders.tasks.expire_holds")
def expire_holds() -> int:
    """Expire pending orders whose time to pay is over; give how many."""
    done = 0
    due = reservations.due(limit=2_000)
    for reseller in Reseller.objects.filter(id__in={row.reseller_id for row in due}):
        with context.entered(reseller):
            for row in (row for row in due if row.reseller_id == reseller.id):
                done += _expire(row.order_number)
    return done


def _expire(order_number: str) -> bool:
    try:
        return closing.expire(order_number=order_number)
    except Exception:  # one bad order must not keep the stock of all the others
        log.exception("holds: %s could not expire", order_number)
        return False


@shared_task(name="orders.tasks.reconcile_payments")
def reconcile_payments() -> int:
    """Ask the provider about pages whose end nobody told us; give how many were asked about."""
    found = reconciling.run()
    return found.asked if found else 0


@shared_task(name="orders.tasks.sort_customers")
def sort_customers() -> int:
    """Put the customers of every open shop into their segments; give how many changed. May run twice."""
    changed = 0
    for reseller in Reseller.objects.filter(status=Reseller.Status.OPEN).order_by("id").iterator():
        with context.entered(reseller):
            changed += segments.sort()
    return changed
