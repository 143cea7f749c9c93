"""How states, kinds and ages are shown in the supplier's office."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, texts
from s2b2c.tenancy.models import Reseller
from s2b2c.ui.states import State
from supplier.models import Account, OrderNote

STEPS: dict[Any, State] = {
    "queued": State("", _("To pick")),
    "picking": State("info", _("Picking")),
    "packed": State("info", _("Packed"), "full"),
    "part_shipped": State("info", _("Part shipped"), "quarter"),
    "shipped": State("ok", _("Shipped")),
    "cancelled": State("", _("Cancelled"), "stop"),
    "open": State("", pgettext_lazy("order", "Open")),
}
METHODS: dict[str, str | Promise] = {"card": _("Card"), "cod": _("Cash on delivery")}
RESELLER: dict[Any, State] = {
    Reseller.Status.APPLIED: State("warn", pgettext_lazy("reseller", "Applied")),
    Reseller.Status.OPEN: State("ok", _("Open")),
    Reseller.Status.SUSPENDED: State("bad", _("Suspended"), "hold"),
    Reseller.Status.CLOSED: State("", _("Closed"), "stop"),
}
JOURNALS: dict[str, str | Promise] = {
    "sale": pgettext_lazy("journal", "Sale"),
    "shipment": _("Parcel sent"),
    "refund": _("Refund"),
    "cash": _("Cash collected"),
    "dispute": _("Disputed payment"),
    "payout": pgettext_lazy("journal", "Payout"),
    "payout_paid": pgettext_lazy("journal", "Payout carried out"),
    "payout_returned": pgettext_lazy("journal", "Payout came back"),
    "reserve": pgettext_lazy("journal", "Reserve"),
    "clawback": pgettext_lazy("journal", "Taken back from a payout"),
    "provider_fee": pgettext_lazy("journal", "Fee of the payment provider"),
    "banked": pgettext_lazy("journal", "Between provider and bank"),
    "reversal": _("Reversal"),
    "claim": _("Who bears a return"),
    "claim_end": _("Claim on a carrier ended"),
    "bank_refund": _("Refund by bank transfer"),
    "buying_saving": _("Saving of buying together"),
    "round_deposit": _("Deposit in a buying round"),
    "round_released": _("Deposit given back"),
    "round_kept": _("Deposit kept"),
    "goods_received": pgettext_lazy("journal", "Goods received"),
    "landed_cost": pgettext_lazy("journal", "Cost of goods, landed"),
    "vendor_bill": pgettext_lazy("journal", "Bill of a vendor"),
    "vendor_paid": pgettext_lazy("journal", "Vendor paid"),
    "service_booked": pgettext_lazy("journal", "Service booked"),
    "service_done": pgettext_lazy("journal", "Service done"),
    "service_cancelled": pgettext_lazy("journal", "Service cancelled"),
    "service_regret": pgettext_lazy("journal", "Service given back after it was done"),
    "service_paid": pgettext_lazy("journal", "Provider paid"),
    "help": _("Help for customers"),
}
# The part of the money bar an account belongs to.
SHARES: dict[Any, str] = {
    Account.Kind.WHOLESALE_DEFERRED: "wholesale",
    Account.Kind.WHOLESALE_REVENUE: "wholesale",
    Account.Kind.SERVICE_HELD: "service",
    Account.Kind.RESELLER_PAYABLE: "margin",
    Account.Kind.FEE: "fee",
    Account.Kind.FEE_TAX: "fee",
    Account.Kind.PROMOTION: "funded",
    Account.Kind.TAX_PAYABLE: "tax",
    Account.Kind.SHIPPING: "shipping",
}
# Why a shop's order was cancelled, by the code it says.
_CANCELLED: dict[str, str | Promise] = {
    "changed_mind": _("Customer changed their mind"),
    "damaged": _("Arrived damaged"),
    "wrong": _("Wrong or missing piece"),
    "late": _("Came too late"),
    "goodwill": _("Out of goodwill"),
    "other": _("Another reason"),
    "not_available": _("Supplier could not send it"),
}
_NOTES: dict[str, tuple[str | Promise, str, str]] = {
    "placed": (_("Placed"), "shopping-bag", ""),
    "picking": (_("Picking started"), "scan-barcode", "now"),
    "put_back": (_("Back in the queue"), "undo-2", ""),
    "packed": (_("Packed"), "package-check", ""),
    "unpacked": (_("Box opened again"), "package-open", ""),
    "shipped": (_("Parcel sent"), "truck", "done"),
    "delivered": (_("Delivered"), "package-check", "done"),
    "delivery_undone": (_("“Delivered” taken back"), "rotate-ccw", "warn"),
    "short": (_("Reported short"), "triangle-alert", "warn"),
    "cancelled": (_("Cancelled by the shop"), "ban", "bad"),
    "readdressed": (_("Sent to another address"), "map-pin", "warn"),
    "taken_off": (_("Pieces taken off by the shop"), "undo-2", "warn"),
    "dispute": (_("Disputed payment"), "shield-alert", "warn"),
    "delayed": (_("Waits for stock"), "clock", "warn"),
    "lot_out": (_("Pieces of a held lot taken out"), "layers", "warn"),
    "came": (_("Kept on arrival"), "package-plus", ""),
    "held": (_("On hold"), "lock", "warn"),
    "resumed": (_("Goes on"), "check", ""),
    "cash_collected": (_("Cash collected"), "banknote", "done"),
    "cash_undone": (_("“Cash collected” taken back"), "rotate-ccw", "warn"),
    "cash_refused": (_("Refused at the door"), "undo-2", "bad"),
    "return_requested": (_("Return asked for"), "undo-2", "warn"),
    "return_approved": (_("Return approved"), "check", ""),
    "return_refused": (_("Return refused"), "ban", "bad"),
    "return_withdrawn": (_("Return withdrawn"), "x", ""),
    "return_shipped": (_("Return on its way"), "truck", ""),
    "return_received": (_("Return received"), "package-check", ""),
    "return_inspected": (_("Return inspected"), "check", ""),
    "return_closed": (_("Return closed"), "check", "done"),
    "return_asked_open": (_("Return started here"), "undo-2", ""),
    "return_asked_approve": (_("Decided here: approve the return"), "check", ""),
    "return_asked_refuse": (_("Decided here: refuse the return"), "ban", "bad"),
    "return_asked_lapse": (_("Not sent for long: the return ends"), "clock", ""),
    "return_asked_withdraw": (_("Decided here: expect the return no longer"), "x", ""),
    "claim_paid": (_("Carrier paid its claim"), "banknote", "done"),
    "claim_written_off": (_("Claim written off"), "x", "warn"),
    "bank_refund": (_("Refund transferred"), "banknote", "done"),
    "comment": (_("Comment"), "message-square", ""),
}


def age(since: datetime | None) -> str:
    """Say how long ago something was: ``less than a minute``, ``12 m``, ``3 h 40 m``, ``2 d 6 h``."""
    if since is None:
        return ""
    minutes = max(0, int((clock.now() - since).total_seconds()) // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return gettext("%(hours)s h %(minutes)s m") % {"hours": hours, "minutes": minutes % 60}
    return gettext("%(minutes)s m") % {"minutes": minutes} if minutes else gettext("less than a minute")


def is_over(since: datetime | None, limit: timedelta) -> bool:
    """Tell whether something waits longer than it should."""
    return since is not None and clock.now() - since > limit


def method(code: str) -> str:
    """Name a way to pay."""
    return str(METHODS.get(code, code))


def event(note: OrderNote, warehouses: dict[int, str]) -> dict[str, Any]:
    """Give a step of an order's history as ``ui_timeline`` takes it."""
    title, icon, state = _NOTES.get(note.kind, (note.kind, "circle", ""))
    data, by = note.data or {}, str(note.actor) if note.actor else ""
    if note.kind == "comment":
        return {"title": by, "at": note.at, "note": note.text, "icon": icon, "private": True}
    place = warehouses.get(data.get("warehouse", 0), "")
    parts = [place, data.get("carrier"), data.get("tracking"), by]
    if data.get("pieces"):
        parts.insert(1, ngettext("%(n)s piece", "%(n)s pieces", data["pieces"]) % {"n": data["pieces"]})
    told = {
        "title": title,
        "at": note.at,
        "by": ", ".join(part for part in parts if part),
        "icon": icon,
        "state": state,
    }
    if note.kind == "cancelled":
        return {**told, **_cancelled(data.get("reason", ""))}
    return {**told, "note": data.get("reason", "") or data.get("on", "")}


def _cancelled(code: str) -> dict[str, Any]:
    """Say who cancelled, and why where a reason was given."""
    return {"title": _("Cancelled by the customer")} if code == "customer" else {"note": _CANCELLED.get(code, code)}


def signed(quantity: int) -> str:
    """Write a number of pieces with its sign."""
    return f"+{quantity:,}" if quantity > 0 else f"−{-quantity:,}"


def local(thing: Any, name: str = "name") -> str:
    """Give a text in the reader's language."""
    return texts.local(thing, name)
