"""How the service network is shown: states, the reason of an assignment in words, who may do what, the tabs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from enablement.models import Part, ServiceBooking, ServiceKind, ServiceOffer, ServiceProvider, ServiceTask
from enablement.selectors.bookings import Standing
from enablement.selectors.network import Score
from enablement.web.shown import may
from s2b2c.accounts.http import Request
from s2b2c.kernel import clock
from s2b2c.kernel.texts import local
from s2b2c.ui.states import State

# Who looks, who dispatches, who takes providers on, who pays; an administrator always may.
READERS = ("warehouse", "support", "quality", "finance")
DISPATCHERS = ("warehouse", "support")
VETTERS = ("quality", "support")
PAYERS = ("finance",)

TASKS: dict[Any, State] = {
    "open": State("warn", pgettext_lazy("service", "Nobody yet"), "open"),
    "offered": State("info", pgettext_lazy("service", "Offered"), "quarter"),
    "accepted": State("info", pgettext_lazy("service", "Accepted"), "half"),
    "done": State("warn", pgettext_lazy("service", "To approve"), "full"),
    "approved": State("ok", pgettext_lazy("service", "Approved")),
    "paid": State("ok", pgettext_lazy("service", "Paid"), "full"),
    "cancelled": State("", _("Cancelled"), "stop"),
}
LATE: dict[str, State] = {
    "open": State("bad", _("Late, nobody yet")),
    "offered": State("bad", _("Late, offered")),
    "accepted": State("bad", _("Late")),
}
PROVIDERS: dict[Any, State] = {
    "applied": State("warn", pgettext_lazy("provider", "Applied"), "open"),
    "vetted": State("info", pgettext_lazy("provider", "Checked")),
    "active": State("ok", pgettext_lazy("provider", "Active")),
    "suspended": State("bad", pgettext_lazy("provider", "Suspended"), "hold"),
    "refused": State("", pgettext_lazy("provider", "Refused"), "stop"),
}
OFFERS: dict[Any, State] = {
    "open": State("info", pgettext_lazy("offer", "Waits for an answer"), "quarter"),
    "accepted": State("ok", pgettext_lazy("offer", "Accepted")),
    "declined": State("", pgettext_lazy("offer", "Declined"), "stop"),
    "expired": State("warn", pgettext_lazy("offer", "No answer in time")),
    "withdrawn": State("", pgettext_lazy("offer", "Withdrawn"), "stop"),
    "given_back": State("bad", pgettext_lazy("offer", "Given back"), "back"),
}
STATEMENTS: dict[Any, State] = {
    "filed": State("info", pgettext_lazy("provider statement", "With the bank"), "half"),
    "paid": State("ok", pgettext_lazy("provider statement", "Paid")),
}
ICONS = {"delivery": "truck", "install": "wrench", "photos": "camera", "copy": "square-pen", "calls": "phone"}
SHARES: dict[str, str | Promise] = {
    "accepted": _("Offers taken"),
    "on_time": _("Done on the day agreed"),
    "approved": _("Approved at the first try"),
    "content": _("Without a complaint"),
}
# What can be pressed on a provider's page, by the state it leads to.
MOVES: dict[str, tuple[str | Promise, str, str]] = {
    "vetted": (_("Papers and references are in order"), "primary", "shield-check"),
    "active": (_("Offer it tasks"), "primary", "play"),
    "suspended": (_("Suspend"), "danger", "pause"),
    "refused": (_("Refuse"), "danger", "ban"),
    "applied": (_("Look at it again"), "outline", "undo-2"),
}


def tabs(request: Request, here: str) -> dict[str, Any]:
    """Give the pages of the network, and what every one of them asks about its reader."""
    listed = [
        (reverse("supply:services"), pgettext("service", "Dispatch"), here == "tasks"),
        (reverse("supply:providers"), _("Providers"), here == "providers"),
        (reverse("supply:service_options"), pgettext("service", "With goods"), here == "options"),
        (reverse("supply:service_pay"), pgettext("service", "Pay"), here == "pay"),
    ]
    return {
        "tabs": listed,
        "may_dispatch": may(request, DISPATCHERS),
        "may_vet": may(request, VETTERS),
        "may_pay": may(request, PAYERS),
    }


# --- The reason ------------------------------------------------------------------------------------------
def reason(row: ServiceTask) -> str:
    """Say why a task went to whom it went, or why it found nobody, in a sentence."""
    told: dict[str, Any] = row.reason or {}
    code = str(told.get("code", ""))
    if not code:
        return gettext("Dispatch looks at it within seconds.") if row.state == "open" else ""
    if code in _NOBODY:
        return _NOBODY[code](told)
    return " ".join(part for part in (_head(code, told), *_rest(told)) if part)


def _head(code: str, told: dict[str, Any]) -> str:
    words: dict[str, Any] = {
        "n": int(told.get("works", 0)),
        "place": f"{told.get('place', '')}…",
        "day": _weekday(told.get("day")),
    }
    match code:
        case "by_hand":
            return gettext("Chosen by hand.")
        case "only":
            return gettext("The only one free who serves %(place)s on %(day)s.") % words
        case "cheapest":
            return ngettext("Cheapest for %(place)s on %(day)s.", "Cheapest of %(n)s that serve %(place)s on %(day)s.", words["n"]) % words  # fmt: skip
        case "soonest":
            return gettext("Can come first, on %(day)s.") % words
        case "together":
            return gettext("Another would suit better, but is needed elsewhere: so all tasks together cost least.")
    return ngettext("Best of price, distance and score for %(place)s on %(day)s.", "Best of price, distance and score among %(n)s that serve %(place)s on %(day)s.", words["n"]) % words  # fmt: skip


def _rest(told: dict[str, Any]) -> list[str]:
    found = [
        (told.get("full"), ngettext("%(n)s other is full.", "%(n)s others are full.", int(told.get("full") or 0))),
        (told.get("no"), ngettext("%(n)s said no or nothing.", "%(n)s said no or nothing.", int(told.get("no") or 0))),
        (told.get("dear"), ngettext("%(n)s is above the budget.", "%(n)s are above the budget.", int(told.get("dear") or 0))),
        (told.get("late"), ngettext("%(n)s day after the one wished.", "%(n)s days after the one wished.", int(told.get("late") or 0))),
    ]  # fmt: skip
    return [text % {"n": n} for n, text in found if n]


def _nobody(text: str | Promise) -> Callable[[dict[str, Any]], str]:
    return lambda told: str(text) % {"place": f"{told.get('place', '')}…", "n": told.get("serve", 0)}


_NOBODY: dict[str, Callable[[dict[str, Any]], str]] = {
    "nobody": _nobody(_("Nobody serves %(place)s yet.")),
    "too_dear": _nobody(_("All who serve %(place)s ask for more than the budget.")),
    "all_refused": _nobody(_("All who serve %(place)s said no, or nothing in time.")),
    "full": _nobody(_("All who serve %(place)s are full until the last day.")),
    "off": _nobody(_("Nobody who serves %(place)s works at that time.")),
    "past": _nobody(_("The last day is over: give it more time or cancel it.")),
}


def _weekday(day: Any) -> str:
    return date_format(date.fromisoformat(day), "l") if day else ""


def when(row: Any) -> str:
    """Say on which day and in which part of it something is, or is wished."""
    day, part = (row.on, row.at_part) if row.on else (row.day, getattr(row, "part", None))
    named = str(Part(part).label) if part is not None else ""
    return " ".join(filter(None, [date_format(day, "MONTH_DAY_FORMAT"), named]))


def when_booked(row: ServiceBooking) -> str:
    """Say for which part of which day something was booked with an order."""
    return f"{date_format(row.on, 'MONTH_DAY_FORMAT')} {Part(row.part).label}"


BOOKINGS: dict[str, State] = {
    "held": State("", pgettext_lazy("booking", "Waits for payment"), "open"),
    "placed": State("info", pgettext_lazy("booking", "Booked"), "quarter"),
    "released": State("", pgettext_lazy("booking", "Not paid in time"), "stop"),
    "cancelled": State("", pgettext_lazy("booking", "Cancelled"), "stop"),
    "failed": State("bad", pgettext_lazy("booking", "Could not be done"), "stop"),
}


def booked(found: Standing) -> State:
    """Give how a booking is shown: its own state, or while it is booked its task's."""
    return BOOKINGS.get(found.code) or TASKS[found.code]


def late(row: ServiceTask) -> bool:
    """Tell whether the day of a task is past and it is not done."""
    today = timezone.localdate(clock.now())
    return row.state in ("open", "offered", "accepted") and ((row.on or row.latest) < today)


def title(row: ServiceTask) -> str:
    """Name a task: what, and for which product."""
    kind = str(ServiceKind(row.kind).label)
    named = {"service": kind, "product": local(row.product, "name")} if row.product else {}
    return gettext("%(service)s: %(product)s") % named if named else kind


def score_rows(score: Score) -> list[dict[str, Any]]:
    """Give the parts of a score as a page shows them."""
    return [
        {"word": SHARES[part.code], "good": part.good, "all": part.all, "percent": part.percent, "weight": part.weight}
        for part in score.parts
    ]


def hours(provider: ServiceProvider) -> list[str]:
    """Say when in the week a provider works: days with the same hours in one line, days in a row as from – to."""
    by_parts: dict[tuple[int, ...], list[int]] = {}
    for weekday in range(7):
        if parts := tuple(provider.works(weekday)):
            by_parts.setdefault(parts, []).append(weekday)
    return [
        f"{_days(days)}: {', '.join(str(Part(part).label).lower() for part in parts)}"
        for parts, days in by_parts.items()
    ]


def _days(days: list[int]) -> str:
    names = [date_format(date(2024, 1, 1 + weekday), "D") for weekday in days]  # a Monday
    in_a_row = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
    return f"{names[0]}–{names[-1]}" if in_a_row else ", ".join(names)


def standing(row: ServiceTask) -> State:
    """Give how a task's state is shown; a late one stands out."""
    return LATE[row.state] if late(row) else TASKS[row.state]


def offered(row: ServiceOffer) -> dict[str, Any]:
    """Give an offer as a task's page shows it."""
    return {"offer": row, "state": OFFERS[row.state]}
