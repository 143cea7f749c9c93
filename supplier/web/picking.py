"""Picking on a phone: one stop at a time, by scanner, by typing or by a button. Works without script."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import toast
from supplier.selectors import fulfilment, lots
from supplier.selectors.fulfilment import Stop, Wave
from supplier.services import picking
from supplier.web import shown
from supplier.web.waves import numbers

_LONGEST_COUNT = 4  # digits: longer numbers are barcodes


@supplier_role("warehouse")
@require_http_methods(["GET", "HEAD", "POST"])
def pick(request: Request) -> HttpResponse:
    """Show where to go and what to take; a POST counts what was taken.

    The form says how many pieces the reader saw as taken (``seen``): one sent twice counts once.
    """
    wave = fulfilment.wave(numbers(request))
    stop = _current(request, wave)
    if request.method != "POST":
        return _show(request, wave, stop)
    if request.POST.get("seen") != str(wave.taken):
        toast.add(request, gettext("This was counted already. Look at the number and go on."), tone="info")
        return redirect(_address(wave, request, at=stop))
    try:
        stop = _count(request, wave, stop)
    except Refused as refusal:
        return _show(request, wave, stop, error=str(refusal), status=422)
    return redirect(_address(wave, request, at=stop))


def _count(request: Request, wave: Wave, stop: Stop | None) -> Stop | None:
    """Count what the form says and give the stop it was about.

    :raises Refused: the code isn't in this wave, or there is nothing more to take of it.
    """
    actor, code = request.user.pk, request.POST.get("code", "").strip()[:80]
    if (undone := _by_id(wave.stops, request.POST.get("undo", ""))) is not None:
        for line in undone.lines:
            _record(wave, line, 0, actor)
        return undone
    # Enter in the field presses the form's button too, so what was typed comes first.
    all_of = None if code else _by_id(wave.stops, request.POST.get("all", ""))
    if all_of is not None:
        return _take(wave, all_of, all_of.left, actor)
    lot = lots.by_code([each.variant.pk for each in wave.stops], code) if code else None
    if lot is not None and (of := _by_id(wave.stops, str(lot.variant_id))) is not None:
        return _take(wave, of, 1, actor, lot.pk)
    if not code:
        raise Refused("code", gettext("Scan the piece, or type its SKU."))
    found = wave.find(code)
    if found is not None:
        return _take(wave, found, 1, actor)
    if stop is not None and code.isascii() and code.isdigit() and len(code) <= _LONGEST_COUNT:
        return _take(wave, stop, int(code), actor)
    raise Refused("unknown", gettext("“%(code)s” is not in this wave. Put it back.") % {"code": code})


def _take(wave: Wave, stop: Stop, count: int, actor_id: int, lot_id: int | None = None) -> Stop:
    if not stop.left:
        raise Refused(
            "enough",
            gettext("All %(n)s of %(sku)s are taken. Put this one back.")
            % {"n": stop.wanted, "sku": stop.variant.sku},
        )
    if not 0 < count <= stop.left:
        raise Refused("count", gettext("Between 1 and %(n)s pieces are still to be taken.") % {"n": stop.left})
    for line in stop.lines:
        take = min(count, line.quantity - line.cancelled - line.picked)
        if take > 0:
            _record(wave, line, line.picked + take, actor_id, lot_id)
            count -= take
            line.picked += take
    return stop


def _record(wave: Wave, line: Any, picked: int, actor_id: int, lot_id: int | None = None) -> None:
    number = wave.fulfilments[wave.tote(line) - 1].number
    picking.record_pick(number=number, line_id=line.pk, picked=picked, actor_id=actor_id, lot_id=lot_id)


def _current(request: Request, wave: Wave) -> Stop | None:
    """Give the stop to go to: the one just worked at, else the first that wasn't put off."""
    at = _by_id(wave.open, request.GET.get("at", ""))
    later = _later(request)
    rest = [stop for stop in wave.open if str(stop.variant.pk) not in later]
    return at or next(iter([*rest, *wave.open]), None)


def _later(request: Request) -> list[str]:
    return [word for word in request.GET.get("later", "").split(".") if word.isdigit()][:200]


def _by_id(stops: list[Stop], word: str) -> Stop | None:
    return next((stop for stop in stops if str(stop.variant.pk) == word), None)


def _address(wave: Wave, request: Request, *, at: Stop | None = None, later: Stop | None = None) -> str:
    """Give this walk's address, at a stop, or with one more stop put off."""
    put_off = _later(request)
    if later is not None:
        put_off = [*(word for word in put_off if word != str(later.variant.pk)), str(later.variant.pk)]
    words = {"n": ".".join(each.number for each in wave.fulfilments)}
    if put_off:
        words["later"] = ".".join(put_off)
    if at is not None:
        words["at"] = str(at.variant.pk)
    return f"{reverse('supply:pick')}?{urlencode(words)}"


def _show(request: Request, wave: Wave, stop: Stop | None, *, error: str = "", status: int = 200) -> HttpResponse:
    totes: dict[int, int] = defaultdict(int)
    for line in stop.lines if stop else ():  # of one piece an order can have several: in a bundle, and by itself
        totes[line.fulfilment_id] += line.quantity - line.cancelled - line.waiting - line.picked
    context = {
        "wave": wave,
        "stop": stop,
        "error": error,
        "typed": request.POST.get("code", "") if error else "",
        "totes": [(place, each, totes[each.pk]) for place, each in enumerate(wave.fulfilments, 1)],
        "line": stop.next_line() if stop else None,
        "short_number": _short_number(wave, stop),
        "lots": lots.pickable(stop.variant.pk, wave.fulfilments[0].warehouse_id) if stop else [],
        "next": [each for each in wave.open if each is not stop],
        "done": wave.done,
        "stop_number": len(wave.done),
        "places": ", ".join(sorted({shown.local(each.warehouse) for each in wave.fulfilments})),
        "later_url": _address(wave, request, later=stop) if stop and len(wave.open) > 1 else "",
        "to_pack": [each for each in wave.fulfilments if each.state in ("queued", "picking")],
        "list_url": f"{reverse('supply:pick_list')}?n={'.'.join(each.number for each in wave.fulfilments)}",
        "words": ".".join(each.number for each in wave.fulfilments),
    }
    return render(request, "supplier/fulfilment/pick.html", context, status=status)


def _short_number(wave: Wave, stop: Stop | None) -> str:
    line = stop.next_line() if stop else None
    return wave.fulfilments[wave.tote(line) - 1].number if line is not None else ""


@supplier_role("warehouse")
@require_POST
def wave_pack(request: Request) -> HttpResponse:
    """Close the boxes of a wave; one that can't be is left as it is."""
    wave = fulfilment.wave(numbers(request))
    packed = 0
    for each in wave.fulfilments:
        try:
            packed += picking.pack(number=each.number, actor_id=request.user.pk).state == "packed"
        except Refused as refusal:
            toast.add(request, f"{each.number}: {refusal}", tone="warn")
    toast.add(request, ngettext("%(n)s box packed", "%(n)s boxes packed", packed) % {"n": packed})
    return redirect(f"{reverse('supply:fulfilment')}?state=packed")
