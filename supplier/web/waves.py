"""Waves: several fulfilment orders taken into one walk, on the screen or on paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import toast
from supplier.models import FulfilmentOrder, Warehouse
from supplier.selectors import fulfilment
from supplier.services import picking
from supplier.web import fulfilment as desk
from supplier.web import orders, shown


@supplier_role("warehouse")
@require_POST
def wave_start(request: Request) -> HttpResponse:
    """Take the chosen fulfilment orders into one walk: start picking them, or print their list."""
    chosen = desk.Queue.chosen(request, FulfilmentOrder.objects.all()).order_by("pk")
    rows = list(chosen.values_list("number", "warehouse_id")[: fulfilment.MOST_IN_A_WAVE + 1])
    if not rows:
        toast.add(request, gettext("Choose fulfilment orders first"), tone="warn")
        return redirect("supply:fulfilment")
    numbers = [number for number, warehouse_id in rows if warehouse_id == rows[0][1]]
    if len(numbers) < len(rows):
        toast.add(request, gettext("A wave is walked in one warehouse; those of others are left out"), tone="warn")
    if len(numbers) > fulfilment.MOST_IN_A_WAVE:
        text = gettext("A wave holds at most %(most)s fulfilment orders; the oldest were taken")
        toast.add(request, text % {"most": fulfilment.MOST_IN_A_WAVE}, tone="warn")
    numbers = numbers[: fulfilment.MOST_IN_A_WAVE]
    if request.POST.get("action") == "list":
        return redirect(f"{reverse('supply:pick_list')}?n={'.'.join(numbers)}")
    started = [number for number in numbers if _started(number, request.user.pk)]
    if len(started) < len(numbers):
        count = len(numbers) - len(started)
        text = ngettext(
            "%(n)s was no longer to be picked and is left out",
            "%(n)s were no longer to be picked and are left out",
            count,
        )
        toast.add(request, text % {"n": count}, tone="warn")
    if not started:
        return redirect("supply:fulfilment")
    return redirect(f"{reverse('supply:pick')}?n={'.'.join(started)}")


def _started(number: str, actor_id: int) -> bool:
    try:
        picking.start_picking(number=number, actor_id=actor_id)
    except Refused:
        return False
    return True


@supplier_role(*desk.READERS)
@require_safe
def pick_list(request: Request) -> HttpResponse:
    """Show a walk on paper."""
    wave = fulfilment.wave(numbers(request))
    stops = [(stop, [(wave.tote(line), line) for line in stop.lines]) for stop in wave.stops]
    totes = [(place, each, orders.address(each.order)) for place, each in enumerate(wave.fulfilments, 1)]
    context = {"wave": wave, "stops": stops, "totes": totes, "pick_url": f"{reverse('supply:pick')}?n={'.'.join(each.number for each in wave.fulfilments)}",
               "desk.may_work": desk.may_work(request), "warehouses": _places(wave.fulfilments)}  # fmt: skip
    return render(request, "supplier/fulfilment/pick_list.html", context)


def _places(each: list[FulfilmentOrder]) -> str:
    found: dict[int, Warehouse] = {one.warehouse_id: one.warehouse for one in each}
    return ", ".join(shown.local(warehouse) for warehouse in found.values())


def numbers(request: Request) -> list[str]:
    """Read the fulfilment orders of a wave from the URL."""
    return [
        word for word in request.GET.get("n", "").replace(",", ".").split(".") if word.isalnum() and len(word) < 13
    ]
