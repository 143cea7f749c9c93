"""How the shop's office says what an order is and what happened to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.models import Order, OrderEvent
from s2b2c.ui import figures
from s2b2c.ui.states import State
from supplier.models import Dispute

Status = Order.Status
STATES: dict[Any, State] = {
    Status.PENDING: State("", gettext_lazy("Waiting for payment"), "open"),
    Status.PLACED: State("info", gettext_lazy("New"), "quarter"),
    Status.PROCESSING: State("info", gettext_lazy("Packing"), "half"),
    Status.PART_SHIPPED: State("info", gettext_lazy("Part on its way"), "full"),
    Status.SHIPPED: State("ok", gettext_lazy("On its way")),
    Status.CANCELLED: State("", gettext_lazy("Cancelled"), "stop"),
    Status.EXPIRED: State("", gettext_lazy("Not paid in time"), "stop"),
}
PAID: dict[Any, State] = {
    Order.Paid.UNPAID: State("", gettext_lazy("Not paid"), "open"),
    Order.Paid.DUE: State("", gettext_lazy("Cash on delivery"), "open"),
    Order.Paid.PAID: State("ok", gettext_lazy("Paid")),
    Order.Paid.PART_REFUNDED: State("warn", gettext_lazy("Part given back"), "back"),
    Order.Paid.REFUNDED: State("", gettext_lazy("Given back"), "back"),
}
REASONS = {
    "changed_mind": gettext_lazy("Customer changed their mind"),
    "damaged": gettext_lazy("Arrived damaged"),
    "wrong": gettext_lazy("Wrong or missing piece"),
    "lost": gettext_lazy("Never arrived"),
    "late": gettext_lazy("Came too late"),
    "goodwill": gettext_lazy("Out of goodwill"),
    "other": gettext_lazy("Another reason"),
    # said by the system
    "cancelled": gettext_lazy("Order cancelled"),
    "customer": gettext_lazy("Cancelled by the customer"),
    "not_paid_in_time": gettext_lazy("Not paid in time"),
    "not_available": gettext_lazy("Supplier could not send it"),
    "unused_payment": gettext_lazy("Payment was not needed"),
    "refused": gettext_lazy("Refused at the door"),
    "payment_failed": gettext_lazy("The bank refused the payment"),
    "replaced": gettext_lazy("Replaced by a newer order"),
    "service_cancelled": gettext_lazy("Service cancelled"),
    "service_failed": gettext_lazy("Service can’t be done"),
}
DISPUTES = dict(Dispute.State.choices)
CHOOSABLE = ("changed_mind", "damaged", "wrong", "late", "goodwill", "other")


_RETURNS: dict[str, tuple[Any, str]] = {
    "requested": (gettext_lazy("Return asked for"), "warn"),
    "approved": (gettext_lazy("Return approved"), "done"),
    "shipped": (gettext_lazy("Return on its way"), "done"),
    "received": (gettext_lazy("Return received"), "done"),
    "inspected": (gettext_lazy("Return inspected"), "done"),
    "closed": (gettext_lazy("Return closed"), "done"),
    "refused": (gettext_lazy("Return refused"), "bad"),
    "withdrawn": (gettext_lazy("Return withdrawn"), "done"),
}


def reason(code: str) -> str:
    """Say a reason; an unknown one stands for itself."""
    return str(REASONS.get(code, code))


def _day(iso: str) -> str:
    """Write a day that was noted as ISO text; nothing where none was."""
    return date_format(date.fromisoformat(iso), "DATE_FORMAT") if iso else ""


def timeline(order: Order, events: list[OrderEvent]) -> list[dict[str, Any]]:
    """Give an order's events for ``ui_timeline``, newest first."""
    return [_event(order, event) for event in sorted(events, key=lambda each: (each.at, each.pk), reverse=True)]


def _event(order: Order, event: OrderEvent) -> dict[str, Any]:
    data = event.data
    amount = figures.amount(data["amount"], order.currency) if "amount" in data else ""
    by = {
        "customer": _("Customer"),
        "supplier": _("Supplier"),
        "system": "",
        "rule": _("By the rules of returns"),
    }.get(event.actor, event.actor)
    why = reason(data["reason"]) if data.get("reason") else ""
    said: dict[str, tuple[str, str, str]] = {
        "created": (_("Order made"), "", "done"),
        "placed": (_("Paid") if data.get("paid") == Order.Paid.PAID else _("Placed"), "", "done"),
        "processing": (_("With the supplier"), _("%(n)s parcels") % {"n": data["parcels"]} if data.get("parcels", 1) > 1 else "", "done"),
        "picking": (_("Packing"), "", "done"),
        "put_back": (_("Put back, waits to be packed"), "", "done"),
        "shipped": (_("On its way") if data.get("complete", True) else _("Part on its way"), _parcel(data), "done"),
        "delivered": (_("Delivered"), _day(data.get("on", "")), "done"),
        "delivery_undone": (_("“Delivered” taken back"), "", "warn"),
        "delivery_mail": (_("Wants an e-mail on delivery"), "", "done"),
        "no_delivery_mail": (_("Wants no e-mail on delivery"), "", "done"),
        "cancelled": (_("Cancelled"), why, "bad"),
        "taken_off": (ngettext("%(n)s piece taken off", "%(n)s pieces taken off", data.get("pieces", 0)) % {"n": data.get("pieces", 0)}, why, "done"),
        "address_changed": (_("Address changed"), "", "done"),
        "dispute": ((_("%(amount)s disputed, of a payment not used") if data.get("unused") else _("%(amount)s disputed")) % {"amount": amount}, str(DISPUTES.get(data.get("state", ""), "")), "warn"),
        "delayed": (ngettext("%(n)s piece waits for stock", "%(n)s pieces wait for stock", data.get("pieces", 0)) % {"n": data.get("pieces", 0)}, " ".join(filter(None, [data.get("why", ""), _day(data.get("expected_on", ""))])), "warn"),
        "service_moved": (_("Service moved: %(title)s") % {"title": data.get("title", "")}, _day(data.get("on", "")), "done"),
        "service_cancelled": (_("Service cancelled: %(title)s") % {"title": data.get("title", "")}, "", "done"),
        "service_failed": (_("Can’t be done: %(title)s") % {"title": data.get("title", "")}, "", "bad"),
        "came": (ngettext("%(n)s piece came in", "%(n)s pieces came in", data.get("pieces", 0)) % {"n": data.get("pieces", 0)}, "", "done"),
        "held": (_("On hold"), data.get("why", ""), "warn"),
        "resumed": (_("Goes on"), "", "done"),
        "cash_undone": (_("“Cash collected” taken back"), "", ""),
        "cash_collected": (_("Cash collected"), "", "done"),
        "cash_refused": (_("Refused at the door"), "", "bad"),
        "expired": (_("Not paid in time"), "", "bad"),
        "refund_granted": (_("%(amount)s goes back") % {"amount": amount}, why, "done"),
        "due_reduced": (_("%(amount)s less to pay") % {"amount": amount}, why, "done"),
        "refunded": (_("%(amount)s is back with the customer") % {"amount": amount}, "", "done"),
        "undone": (_("Not given back: the customer has it from their bank"), why, "warn"),
        "refund_returned": (_("%(amount)s came back from the bank") % {"amount": amount}, str(data.get("error", ""))[:200], "warn"),
        "refund_held": (_("%(amount)s waits until the dispute is over") % {"amount": amount}, why, "warn"),
        "refund_covered": (_("%(amount)s is not sent: the customer has it from their bank") % {"amount": amount}, why, "warn"),
        "refund_failed": (_("The refund did not go through"), str(data.get("error", ""))[:200], "bad"),
        "payment_processing": (_("The bank takes its time"), "", "warn"),
        **{f"return_{step}": (word, why, tone) for step, (word, tone) in _RETURNS.items()},
        "case_opened": (_("Asked for help"), "", "warn"),
        "case_passed": (_("Supplier asked to help"), "", "done"),
        "case_closed": (_("Help: solved"), "", "done"),
        "replaces": (_("Replaces order #%(number)s") % {"number": data.get("order", "")}, "", "done"),
        "payment_returned": (_("%(amount)s paid too late goes back") % {"amount": amount}, "", "warn"),
    }  # fmt: skip
    title, note, state = said.get(event.kind, (event.kind.replace("_", " ").capitalize(), why, "done"))
    return {"title": title, "at": event.at, "by": by, "note": note, "state": state, "private": not event.public}


def _parcel(data: dict[str, Any]) -> str:
    return " ".join(filter(None, [str(data.get("carrier", "")), str(data.get("tracking", ""))]))
