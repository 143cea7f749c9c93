"""What is done with an order to a vendor: lines written, sent, put off, received, closed, cancelled."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from enablement.selectors import purchases
from enablement.services import charges, lotting, receiving
from enablement.services import purchases as services
from enablement.web import shown
from enablement.web.purchases import ChargeForm, address, show
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from s2b2c.ui import steps, toast

_MOST_BYTES = 1_000_000
_HEADINGS = ("serial", "serials", "serialnumber", "serialno", "sn", "序列号")


def _step(request: Request, number: str, step: Callable[[], Any], said: str) -> HttpResponseBase:
    return steps.take(
        request,
        step,
        said=said,
        onward=lambda: address(purchases.find(number)),
        refused=lambda why: show(request, number, why),
    )


def _pieces(request: Request, number: str) -> dict[int, int]:
    """Read the pieces typed for each line. :raises Refused: one of them is no number."""
    lines = purchases.find(number).lines.values_list("id", flat=True)
    try:
        return {line: int(request.POST.get(f"line-{line}") or 0) for line in lines}
    except ValueError:
        raise Refused("pieces", gettext("Enter whole numbers of pieces."), field="pieces") from None


def _lots(request: Request, number: str) -> dict[int, lotting.Told]:
    """Read the lot or serial numbers of each line, and the day they expire. :raises Refused: a day is none."""
    told = {}
    for line in purchases.find(number).lines.values_list("id", flat=True):
        codes = tuple(word for word in re.split(r"[\s,;，；]+", request.POST.get(f"lots-{line}", "")) if word)
        codes += _in_file(request, f"numbers-{line}")
        if codes:
            told[line] = lotting.Told(codes, _day(request, f"expires-{line}"))
    return told


def _in_file(request: Request, name: str) -> tuple[str, ...]:
    """Give the first column of a CSV file, without a heading. :raises Refused: it is too large, or no text."""
    sent = request.FILES.get(name)
    if sent is None:
        return ()
    if sent.size is None or sent.size > _MOST_BYTES:
        raise Refused("numbers", gettext("The file is larger than 1 MB."), field=name)
    try:
        text = sent.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("numbers", gettext("The file is no CSV text."), field=name) from None
    cells = [re.split(r"[,;\t]", row)[0].strip().strip('"').strip() for row in text.splitlines()]
    found = [cell for cell in cells if cell]
    return tuple(found[1:] if found and re.sub(r"[\s_]", "", found[0]).lower() in _HEADINGS else found)


def _key(request: Request) -> str:
    """Give what makes a delivery one, however often it is sent. :raises Refused: the form came without."""
    key = request.POST.get("key", "")[:40]
    if not key:
        raise Refused("key", gettext("Please open the page anew and try again."))
    return key


def _day(request: Request, field: str = "expected_on") -> date | None:
    """Read the day expected, if one was named. :raises Refused: it is none."""
    text = request.POST.get(field, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("expected_on", gettext("This is no day."), field=field) from None


@supplier_role(*shown.BUYERS)
@require_POST
def write(request: Request, number: str) -> HttpResponseBase:
    """Write the lines of a draft, all or none; 0 takes one out."""

    @transaction.atomic
    def change() -> None:
        wanted = _pieces(request, number)
        for line in purchases.lines(purchases.find(number)):
            if f"line-{line.pk}" in request.POST:  # a line written since the page was opened stays
                services.write(number=number, variant_id=line.variant_id, quantity=wanted[line.pk])

    return _step(request, number, change, gettext("Saved"))


@supplier_role(*shown.BUYERS)
@require_POST
def add(request: Request, number: str) -> HttpResponseBase:
    """Add a line to a draft."""

    def put() -> None:
        text = request.POST.get("quantity", "").strip()
        if not text.isdecimal() or not 0 < int(text) <= receiving.MOST:
            raise Refused("quantity", gettext("Enter at least one piece."), field="quantity")
        variant_id = services.variant_by_sku(request.POST.get("sku", ""))
        services.write(number=number, variant_id=variant_id, quantity=int(text))

    return _step(request, number, put, gettext("Added"))


@supplier_role(*shown.BUYERS)
@require_POST
def send(request: Request, number: str) -> HttpResponseBase:
    """Let a draft go."""

    def go() -> None:
        services.send(number=number, actor_id=request.user.pk, expected_on=_day(request))

    return _step(request, number, go, gettext("Sent: print it or save it as PDF for the vendor"))


@supplier_role(*shown.BUYERS)
@require_POST
def postpone(request: Request, number: str) -> HttpResponseBase:
    """Expect the rest on another day."""

    def move() -> None:
        day = _day(request)
        if day is None:
            raise Refused("expected_on", gettext("This is no day."), field="expected_on")
        services.postpone(number=number, expected_on=day, actor_id=request.user.pk)

    return _step(request, number, move, gettext("Saved"))


@supplier_role(*shown.BUYERS)
@require_POST
def cancel(request: Request, number: str) -> HttpResponseBase:
    """Drop a draft, or cancel an order nothing came of."""
    reason = request.POST.get("reason", "")
    return _step(
        request,
        number,
        lambda: services.cancel(number=number, reason=reason, actor_id=request.user.pk),
        gettext("Cancelled"),
    )


@supplier_role(*shown.BUYERS)
@require_POST
def close(request: Request, number: str) -> HttpResponseBase:
    """Wait no longer for the rest."""
    reason = request.POST.get("reason", "")
    return _step(
        request,
        number,
        lambda: receiving.close(number=number, reason=reason, actor_id=request.user.pk),
        gettext("Closed"),
    )


@supplier_role(*shown.RECEIVERS)
@require_POST
def receive(request: Request, number: str) -> HttpResponseBase:
    """Book what came."""
    told = request.POST

    def book() -> None:
        receiving.receive(
            number=number,
            pieces=_pieces(request, number),
            key=_key(request),
            slip=told.get("slip", ""),
            difference=told.get("difference", ""),
            close=bool(told.get("close")),
            lots=_lots(request, number),
            actor_id=request.user.pk,
        )

    return _step(request, number, book, gettext("Received"))


@supplier_role(*shown.BUYERS)
@require_POST
def charge(request: Request, number: str) -> HttpResponseBase:
    """Add freight, duty or another cost to an order."""
    form = ChargeForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            charges.add(
                number=number, kind=told["kind"], basis=told["basis"], currency=told["currency"], rate=told["rate"],
                amount_minor=money.parse_amount(told["amount"], told["currency"], field="amount"), note=told["note"],
                key=_key(request), actor_id=request.user.pk,
            )  # fmt: skip
            toast.add(request, gettext("Saved"))
            return redirect(f"{address(purchases.find(number))}#costs")
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return show(request, number, charge=form)
