"""Tips on the shop's home page: what would help most, why, and one verb; followed or put away.

Home loads them as a part of its own: they ask more than all the rest of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from enablement.services import tips as service
from reseller.models import Shop
from reseller.selectors import shop as shops
from reseller.selectors import tips as selectors
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.ui import figures, toast

# Where each kind leads: the page's name, the argument its id stands for, and what comes after the address.
PLACES = {
    "share": ("share", "", ""),
    "sold_out": ("products", "", ""),
    "kit": ("kit", "kit_id", ""),
    "quiet": ("promotions", "", ""),
    "words": ("product", "listing_id", "#words"),
    "course": ("course", "course_id", ""),
}
ICONS = {"share": "qr-code", "sold_out": "package", "kit": "package-open", "quiet": "badge-percent", "words": "pencil",
         "course": "graduation-cap"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tip:
    """A tip in words: what to do, why, and the verb on its button."""

    code: str
    subject: str
    target: str
    icon: str
    title: str
    why: str
    verb: str


@reseller_role("manager")
@require_safe
def tips(request: Request) -> HttpResponse:
    """Give at most three tips, as a page or as the part of it that Home loads."""
    shop, supplier = shops.get(), shops.company_name()
    rows = [_tip(each, shop, supplier) for each in selectors.best(shop, shops.reseller())]
    part = bool(request.headers.get("HX-Request"))
    context = {"tips": rows, "supplier_name": supplier}
    return render(request, "office/_tips.html" if part else "office/tips.html", context)


def _tip(each: selectors.Tip, shop: Shop, supplier: str) -> Tip:
    title, why, verb = _WORDS[each.code](each.facts, shop, supplier)
    return Tip(each.code, each.subject, str(each.facts.get("id", "")), ICONS[each.code], title, why, verb)


def _share(facts: dict[str, Any], shop: Shop, supplier: str) -> tuple[str, str, str]:
    never = _("No order yet, and %(n)s products wait in your shop. First orders come from people who know you.")
    since = _("No order for %(days)s days, and %(n)s products wait in your shop. Remind the people who know you.")
    why = (since if facts["ever"] else never) % {"days": facts["days"], "n": facts["products"]}
    return _("Show your shop to people who know you"), why, _("Get the poster")


def _sold_out(facts: dict[str, Any], shop: Shop, supplier: str) -> tuple[str, str, str]:
    text = ngettext(
        "%(n)s of the %(of)s products on your front page is sold out: visitors see it first and can't buy it.",
        "%(n)s of the %(of)s products on your front page are sold out: visitors see them first and can't buy them.",
        facts["n"],
    )
    return _("Put things on your front page that can be sent"), text % facts, _("Choose")


def _kit(facts: dict[str, Any], shop: Shop, supplier: str) -> tuple[str, str, str]:
    why = _("%(n)s of its %(of)s products are in your shop already, so it fits what you sell.") % facts
    if facts["share"]:
        share = {"supplier": supplier, "share": f"{facts['share'] / 100:g}"}
        why += " " + _("%(supplier)s bears %(share)s %% of its discount.") % share
    return _("Take on the kit “%(title)s”") % facts, why, _("Look at it")


def _quiet(facts: dict[str, Any], shop: Shop, supplier: str) -> tuple[str, str, str]:
    given = {"now": figures.amount(facts["now"], shop.currency), "fall": facts["fall"]}
    why = _(
        "You sold %(now)s in the last four weeks, %(fall)s %% less than in the four before, and no promotion runs."
    )
    return _("Give a reason to come back"), why % given, _("Promotions")


def _words(facts: dict[str, Any], shop: Shop, supplier: str) -> tuple[str, str, str]:
    why = _("%(pieces)s pieces in four weeks: it is among your best sellers, and its text is still the supplier's.")
    return _("Say in your own words why “%(title)s”") % facts, why % facts, _("Write")


def _course(facts: dict[str, Any], shop: Shop, supplier: str) -> tuple[str, str, str]:
    if facts["n"]:
        why = _("You have read %(n)s of %(of)s lessons; all of it takes %(minutes)s minutes.") % facts
    else:
        why = _("It takes %(minutes)s minutes, with a few questions at the end.") % facts
    if facts["unlocks"]:
        why += " " + _("Who passes may take some kits on days before the others.")
    return _("Finish “%(title)s”") % facts if facts["n"] else _("Learn: “%(title)s”") % facts, why, _("Read on")


_WORDS = {"share": _share, "sold_out": _sold_out, "kit": _kit, "quiet": _quiet, "words": _words, "course": _course}


@reseller_role("manager")
@require_POST
def answer(request: Request) -> HttpResponseBase:
    """Follow a tip, or put it away for a month."""
    code, subject, target = (request.POST.get(name, "") for name in ("code", "subject", "target"))
    taken = request.POST.get("do") == "take"
    service.answer(reseller=shops.reseller(), code=code, subject=subject, taken=taken)
    shop = shops.reseller().slug
    if not taken:
        toast.add(request, _("Put away for a month"))
        return redirect(reverse("office:home", kwargs={"shop": shop}))
    name, argument, after = PLACES[code]
    wanted = {argument: int(target)} if argument and target.isdigit() and len(target) < 18 else {}
    if argument and not wanted:
        return redirect(reverse("office:home", kwargs={"shop": shop}))
    return redirect(f"{reverse(f'office:{name}', kwargs={'shop': shop, **wanted})}{after}")
