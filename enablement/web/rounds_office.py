"""Buying rounds in a shop's office: what the price comes to together, what the shop commits, what came of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from enablement.selectors import rounds
from enablement.services import commitments
from enablement.web.rounds import STATES
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context
from s2b2c.ui import toast


@reseller_role()
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List the rounds a shop may join, and those it joined."""
    assert request.reseller is not None
    found = [(each, STATES[each.state]) for each in rounds.for_shop(request.reseller.pk)]
    return render(request, "office/rounds/rounds.html", {"rounds": found})


@reseller_role()
@require_safe
def page(request: Request, number: str) -> HttpResponseBase:
    """Show a round."""
    return _show(request, number)


def _context(request: Request, number: str) -> dict[str, Any]:
    """Give a round as the shop sees it; of one it didn't join it sees nothing once it is closed."""
    assert request.reseller is not None
    shop = request.reseller
    found: Any = rounds.find(number)
    items = rounds.offered(found, shop.pk)
    if found.state != "open" and not any(each.mine for each in items):
        raise Http404
    return {
        "round": found,
        "state": STATES[found.state],
        "items": items,
        "missing": max(0, found.least - found.pieces),
        "deposit": found.deposit_bps // 100,
        "shared": found.shared_bps // 100,
        "deposits": sum(each.deposit_minor for each in items),
        "mine": sum(each.mine for each in items),
        "there": commitments.owed(shop.pk, found.currency) if found.state == "open" else 0,
        "stake": rounds.stake(found, shop.pk),
        "ends": rounds.ends(found, shop.pk),
        "commits": request.membership is not None and request.membership.role in ("owner", "manager"),
    }


def _show(request: Request, number: str, error: str = "", variant_id: int = 0) -> HttpResponseBase:
    context = {
        **_context(request, number),
        "error": error,
        "wrong": variant_id,
        "typed": request.POST.get("pieces", ""),
    }
    return render(request, "office/rounds/round.html", context, status=422 if error else 200)


@reseller_role()
@require_safe
def live(request: Request, number: str) -> HttpResponseBase:
    """Show how far a round has come, to be put into its page."""
    return render(request, "office/rounds/_live.html", {**_context(request, number), "polled": True})


@reseller_role("manager")
@require_POST
def commit(request: Request, number: str, variant_id: int) -> HttpResponseBase:
    """Commit pieces, or withdraw."""
    assert request.reseller is not None
    text = request.POST.get("pieces", "").strip()
    try:
        if not text.isdecimal() or len(text) > 9:
            raise Refused("pieces", gettext("Enter whole numbers of pieces."), field="pieces")
        made = commitments.commit(
            number=number, variant_id=variant_id, pieces=int(text), reseller_id=request.reseller.pk
        )
    except Refused as refusal:
        with context.reading():
            return _show(request, number, str(refusal), variant_id)
    toast.add(request, gettext("Committed") if made.pieces else gettext("Withdrawn"))
    return redirect(
        reverse("office:round", kwargs={"shop": request.reseller.slug, "number": number}) + f"#item-{variant_id}"
    )
