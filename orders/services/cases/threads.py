"""A thread of help: locked, added to, told to S as far as S is in it, and to c by mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.models import Case, Order, OrderEvent
from orders.services import mail
from s2b2c.kernel import clock, events, ids
from s2b2c.kernel.errors import NotFound, StateRefused
from s2b2c.outbox import publisher
from s2b2c.tenancy import context
from supplier.services import records

CUSTOMER, SHOP, SUPPLIER, SYSTEM = "customer", "shop", "supplier", "system"
ALL, TEAM = "all", "team"
LONGEST = 2_000
MOST_ENTRIES = 200


def locked(number: str, *, order: Order | None = None) -> Case:
    """Lock the order of a case, then the case. Call inside a transaction.

    :raises NotFound: this shop, or this order, has none of this number.
    """
    rows = Case.objects.filter(id=ids.case_id_of(number))
    order_id = (rows if order is None else rows.filter(order=order)).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotFound()
    Order.objects.select_for_update().get(id=order_id)
    return Case.objects.select_for_update(of=("self",)).select_related("order").get(id=ids.case_id_of(number))


def entry(
    by: str, who: str, text: str, *, to: str = ALL, what: str = "said", photos: Iterable[str] = (), key: str = ""
) -> dict[str, Any]:
    """Make a line of a thread.

    :raises Refused: a text that is empty, where one is wanted, or too long.
    """
    wanted = what == "said" and not photos
    return {
        "key": key or ids.token(), "at": clock.now().isoformat(), "by": by, "who": who[:80], "to": to, "what": what,
        "text": records.text(text, "text", LONGEST, required=wanted), "photos": list(photos),
    }  # fmt: skip


def add(case: Case, *said: dict[str, Any]) -> bool:
    """Put lines at the end of a thread, unless the first is there already; tell whether it was new.

    :raises StateRefused: the thread is too long to go on.
    """
    if any(row["key"] == said[0]["key"] for row in case.entries):
        return False
    if len(case.entries) + len(said) > MOST_ENTRIES:
        raise StateRefused("too_long", _("This thread is full; please open a new one."))
    case.entries = [*case.entries, *said]
    return True


def keep(case: Case, *said: dict[str, Any], was_in: bool) -> None:
    """Write a case and tell S. ``was_in``: S has heard all before ``said`` already."""
    case.changed_at = clock.now()
    case.save()
    heard = said if was_in else tuple(case.entries)
    publisher.publish(
        events.CaseMoved(
            reseller_id=_shop_id(),
            order_number=case.order.number,
            number=case.number,
            about=case.topic,
            state=case.state,
            turn=case.turn,
            why=case.why,
            consent=case.consent_at is not None,
            at=case.changed_at.isoformat(),
            entries=list(heard) if case.why else [],
            goods=case.goods,
        )
    )


def note(case: Case, step: str, *, actor: str, **data: Any) -> None:
    """Put a step on the order's timeline."""
    OrderEvent.objects.create(
        order=case.order, kind=f"case_{step}", at=clock.now(), actor=actor[:80], public=False,
        data={"case": case.number, **data},
    )  # fmt: skip


def write_to_customer(case: Case, step: str, text: str) -> None:
    """Write to c in the shop's name: what was answered, or that the matter is closed."""
    asked = mail.requests(case.order, "case", reseller_id=_shop_id(), step=step, case=case.number, text=text)
    publisher.publish(*asked)


def _shop_id() -> int:
    reseller = context.current()
    assert reseller is not None
    return reseller.id
