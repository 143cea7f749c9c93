"""Parcels that were delivered: noted one by one at the order, or by a carrier's list."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from s2b2c.ui import toast
from supplier.selectors import deliveries as selectors
from supplier.services import deliveries as services
from supplier.services.deliveries import Told
from supplier.web import carrier_lists, orders

WRITERS = ("warehouse", "support")


class Day(forms.Form):
    """The day a parcel came; none takes back what was said."""

    delivered_on = forms.DateField(required=False)


@supplier_role(*WRITERS)
@require_POST
def note(request: Request, parcel: str) -> HttpResponse:
    """Note the day of one parcel, or take it back."""
    form = Day({} if request.POST.get("action") == "undo" else request.POST)
    undo = request.POST.get("action") == "undo"
    if not form.is_valid() or (not undo and form.cleaned_data["delivered_on"] is None):
        toast.add(request, gettext("Choose the day it was delivered"), tone="warn")
        return redirect(orders.address(selectors.order_of(parcel)))
    try:
        services.note(number=parcel, delivered_on=form.cleaned_data["delivered_on"], actor_id=request.user.pk)
    except Refused as refused:
        if refused.code != "day":
            raise
        toast.add(request, str(refused), tone="warn")
    else:
        toast.add(request, gettext("Taken back; the shop is told") if undo else gettext("Delivered; the shop is told"))
    return redirect(orders.address(selectors.order_of(parcel)))


class Lines(carrier_lists.Lines):
    """What a carrier says of deliveries."""

    help_text = _(
        "One order, parcel or tracking number a line, then a comma and the day, as in “AB12CD34, 2026-11-24”. "
        "Without a day: today."
    )

    def told(self, rows: list[list[str]]) -> list[Told]:
        """Read ``number[, day]`` lines."""
        return [Told(cells[0][:60], _day(cells)) for cells in rows]


def _day(cells: list[str]) -> date:
    text = cells[1] if len(cells) > 1 else ""
    if not text:
        return clock.now().date()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        words = gettext("“%(day)s” after %(number)s is no day: write it as 2026-11-24.")
        raise forms.ValidationError(words % {"day": text[:20], "number": cells[0][:60]}) from None


@supplier_role(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request) -> HttpResponse:
    """Note a carrier's list; the lines that won't do are shown, the others are noted."""
    form = Lines(request.POST or None, request.FILES or None)
    wrong: list[services.Result] = []
    if request.method == "POST" and form.is_valid():
        try:
            results = services.book(several=form.cleaned_data["told"], actor_id=request.user.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            wrong = [each for each in results if each.problem]
            done = len({number for each in results for number in each.parcels})
            if done:
                toast.add(request, ngettext("%(n)s parcel is noted", "%(n)s parcels are noted", done) % {"n": done})
            if not wrong:
                return redirect("supply:fulfilment")
            form = Lines(
                initial={
                    "lines": "\n".join(
                        f"{told.reference}, {told.delivered_on}" for told in (each.told for each in wrong)
                    )
                }
            )
    shown = {"form": form, "wrong": wrong}
    return render(request, "supplier/fulfilment/delivered.html", shown, status=422 if form.errors or wrong else 200)
