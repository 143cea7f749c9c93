"""Advice in the shop's office: what to take on, what to ask, what to show beside it; why, and how well it did."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from enablement.models import Advice, AdviceRun
from enablement.selectors import advice as selectors
from enablement.selectors import forecasts
from enablement.selectors.advice import Uplift
from reseller.models import Listing
from reseller.selectors import advised
from reseller.selectors import shop as shops
from reseller.selectors.advised import Beside, Price, Take
from reseller.services import advising
from reseller.web import ground
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.tenancy import context
from s2b2c.ui import figures, toast

FEW = 5  # shops, below which no number of them is told


@reseller_role()
@require_safe
def index(request: Request) -> HttpResponse:
    """Show what the shop is advised now."""
    assert request.reseller is not None
    with context.reading():
        shop, found = shops.get(), advised.now(request.reseller.pk)
        night = selectors.last_run()
        own, all_ = (selectors.uplift(each) for each in (request.reseller.pk, None))
        rows = {
            "row": shop,
            "takes": [(each, why_take(each)) for each in found.takes],
            "prices": [(each, why_price(each), step_words(each)) for each in found.prices],
            "besides": [(each, why_beside(each)) for each in found.besides],
            "any": found.any,
            "night": night,
            "past": past(night),
            "worth": worth(own, all_, shop.currency),
            "writes": ground.writes(request),
        }
        return render(request, "office/advice.html", rows)


def why_take(take: Take) -> str:
    """Say why a product is advised."""
    if take.because:
        told = [_("Shops that sell %(mine)s often sell this too.") % {"mine": take.because}]
    else:
        told = [_("Among what sells most in %(category)s.") % {"category": take.category}]
    shops_ = take.advice.facts.get("shops", 0)
    if shops_ >= FEW:
        told.append(
            ngettext("%(n)s shop sold it in the last 30 days.", "%(n)s shops sold it in the last 30 days.", shops_)
            % {"n": shops_}
        )
    return " ".join(told)


def why_price(price: Price) -> str:
    """Say why another price is advised."""
    facts = price.advice.facts
    return _(
        "Over %(weeks)s weeks, a price 10 %% higher sold about %(fewer)s %% less of it (give or take %(sd)s). At the new price you would keep about %(gain)s %% more, in four cases of five at least %(least)s %%."
    ) % {
        "weeks": facts["weeks"], "fewer": f"{max(0.0, (1 - 1.1 ** facts['elasticity']) * 100):.0f}",
        "sd": f"{facts['sd'] * 9.5:.0f}", "gain": f"{facts['gain'] * 100:.0f}", "least": f"{facts['least'] * 100:.1f}",
    }  # fmt: skip


def step_words(price: Price) -> str:
    """Write the change of price in per cent."""
    percent = (price.then_minor / price.now_minor - 1) * 100
    return f"{'+' if percent > 0 else figures.MINUS}{abs(percent):.0f} %"


def why_beside(beside: Beside) -> str:
    """Say why a product is to be shown beside another."""
    facts = beside.advice.facts
    return _(
        "Of %(first)s orders with %(name)s, in all shops, %(both)s had %(other)s too: %(lift)s times what chance would give."
    ) % {"first": facts["first"], "both": facts["both"], "lift": facts["lift"], "name": beside.name, "other": beside.other_name}  # fmt: skip


def past(night: AdviceRun | None) -> str:
    """Say how advice on what to take on did when the last days were hidden from it."""
    hits = night.hits if night is not None else {}
    if hits.get("shops", 0) < FEW:
        return _("Too few shops took on something new lately to tell how such advice does.")
    return (
        _(
            "With the last 30 days hidden from it, %(advice)s of %(shops)s shops that took on something new found it among the %(most)s advised; in the list of what sells most everywhere, %(best)s."
        )
        % hits
    )


def worth(own: list[Uplift], all_: list[Uplift], currency: str) -> list[dict[str, Any]]:
    """Say by kind what advice was worth: to all shops of this currency, and to this one where that can be told."""
    titles = {
        Advice.Kind.RANGE: _("Products to add"),
        Advice.Kind.PRICE: _("Prices"),
        Advice.Kind.PAIR: _("Shown together"),
    }
    mine = {each.kind: each for each in own if each.currency == currency}
    every = {each.kind: each for each in all_ if each.currency == currency}
    return [
        {"title": title, "all": uplift_words(every.get(kind), currency),
         "own": uplift_words(mine[kind], currency) if kind in mine and mine[kind].known else ""}
        for kind, title in titles.items()
    ]  # fmt: skip


def uplift_words(uplift: Uplift | None, currency: str) -> str:
    """Say what the difference was, and how sure that is."""
    if uplift is None:
        return _("Not measured yet: that takes four weeks from the day it is given.")
    if not uplift.known:
        return _("Too few to tell yet: %(shown)s shown, %(held)s held back.") % {
            "shown": uplift.shown,
            "held": uplift.held,
        }
    told = {
        "more": figures.amount(round(uplift.more), currency), "low": figures.amount(round(uplift.low), currency),
        "high": figures.amount(round(uplift.high), currency), "shown": f"{uplift.shown:,}", "held": f"{uplift.held:,}",
    }  # fmt: skip
    words = _(
        "A piece of advice that was shown brought %(more)s more of what shops keep in its four weeks than one held back (95 %%: %(low)s to %(high)s; %(shown)s shown, %(held)s held back)."
    )
    return " ".join([words % told, *([] if uplift.sure else [_("That can still be chance.")])])


@reseller_role("manager")
@require_POST
def adopt(request: Request, advice_id: int) -> HttpResponseBase:
    """Do what an advice says."""
    assert request.reseller is not None
    try:
        found = advising.adopt(reseller_id=request.reseller.pk, advice_id=advice_id)
    except NotFound:
        raise
    except Refused as refused:
        toast.add(request, str(refused), tone="bad")
        return redirect(ground.url("advice", ground.slug(request)))
    toast.add(request, _said(found))
    return redirect(_back(request, found))


def _said(found: Advice) -> str:
    kind = Advice.Kind(found.kind)
    return {
        Advice.Kind.RANGE: _("It is in your shop now."),
        Advice.Kind.PRICE: _("The new price is in the shop now."),
        Advice.Kind.PAIR: _("It is shown beside it now."),
    }[kind]


def _back(request: Request, found: Advice) -> str:
    """Go back to the product the advice was read at, or to the list."""
    slug = ground.slug(request)
    if request.POST.get("from") == "product":
        with context.reading():
            listing = Listing.objects.filter(product_id=found.product_id).first()
        if listing is not None:
            return ground.url("product", slug, listing_id=listing.pk)
    return ground.url("advice", slug)


@reseller_role("manager")
@require_POST
def dismiss(request: Request, advice_id: int) -> HttpResponseBase:
    """Not to be shown again."""
    assert request.reseller is not None
    try:
        found = advising.dismiss(reseller_id=request.reseller.pk, advice_id=advice_id)
    except NotFound:
        raise
    except Refused as refused:
        toast.add(request, str(refused), tone="bad")
        return redirect(ground.url("advice", ground.slug(request)))
    toast.add(request, _("It won’t be shown again."))
    return redirect(_back(request, found))


def of_product(request: Request, product_id: int, variant_ids: list[int]) -> dict[str, Any]:
    """Give what is advised about a product, and what it is to sell, for its page."""
    assert request.reseller is not None
    found = advised.now(request.reseller.pk, product_id)
    return {
        "advised_prices": [(each, why_price(each), step_words(each)) for each in found.prices],
        "advised_besides": [(each, why_beside(each)) for each in found.besides],
        "next_weeks": sum(each.ahead for each in forecasts.of(variant_ids, request.reseller.pk).values()),
    }
