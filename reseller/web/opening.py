"""Opening a shop: name, address, look, first shelf, live. Each answer is a form of its own; the draft waits in the session."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from reseller.selectors import assortment, looks
from reseller.selectors import listing as listings
from reseller.selectors import shop as shops
from reseller.selectors.prices import Rule
from reseller.services import shop as service
from reseller.web import countries, swatches
from reseller.web.typed import plain
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import public, reseller_role
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context, directory, hosts, slugs
from s2b2c.ui import toast
from supplier.models import Company

STEPS = ("name", "address", "look", "shelf")
DRAFT = "opening"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_shop(request: Request) -> HttpResponseBase:
    """Show the steps, the open one as a form; keep each answer; at the end open the shop."""
    draft: dict[str, Any] = dict(request.session.get(DRAFT, {}))
    asked = request.POST.get("step") or request.GET.get("step", "")
    if request.method != "POST":
        return render(request, "office/open/page.html", _context(draft, asked))
    try:
        draft = {**draft, **_answer(request, asked)}
    except Refused as refused:
        typed = {**draft, **_typed(request, asked)}
        return render(request, "office/open/page.html", _context(typed, asked, refused), status=refused.status)
    request.session[DRAFT] = draft
    if asked != "shelf" or any(step not in draft for step in STEPS):
        return redirect(f"{reverse('office:open_shop')}#now")
    return _open(request, draft)


def _typed(request: Request, step: str) -> dict[str, Any]:
    return {step: plain(request.POST.get(step, ""))} if step in STEPS else {}


def _answer(request: Request, step: str) -> dict[str, Any]:
    """Check one answer and give what the draft keeps of it.

    :raises Refused: it won't do; ``field`` is the step.
    """
    given = plain(request.POST.get(step, "")).strip()
    if step == "name":
        name = " ".join(given.split())
        if not 1 <= len(name) <= 80:
            raise Refused("name", _("Give your shop a name of up to 80 characters."), field="name")
        return {"name": name}
    if step == "address":
        slug = given.lower()
        problem = _problem(slug)
        if problem:
            raise Refused("address", problem, field="address")
        country = request.POST.get("country", "")
        if country not in countries.codes():
            raise Refused("country", _("Choose the country you sell from."), field="country")
        return {"address": slug, "country": country}
    if step == "look":
        looks.check(given)
        return {"look": given}
    if step == "shelf":
        return {"shelf": [int(word) for word in request.POST.getlist("shelf") if word.isdigit() and len(word) < 18]}
    raise Refused("step", _("Please answer the questions in their order."))


def _problem(slug: str) -> str:
    """Say why an address can't be had; "" if it can."""
    if not slugs.is_free_to_take(slug):
        return _("Use 3 to 40 small letters, digits and single hyphens; some names are reserved.")
    if directory.by_slug(slug) is not None:
        return _("This address is taken. Try another one.")
    return ""


def _open(request: Request, draft: dict[str, Any]) -> HttpResponseBase:
    if not request.user.is_authenticated:
        here = reverse("office:open_shop")
        return redirect(f"{reverse('office:signup')}?{urlencode({'next': here})}")
    try:
        made = service.open_shop(
            user=request.user,
            name=draft["name"],
            slug=draft["address"],
            currency=_currency(),
            country=draft["country"],
            language=get_language() or "en",
            look=draft["look"],
            category_ids=draft["shelf"],
        )
    except Refused as refused:
        step = "address" if refused.field == "slug" else refused.field or "name"
        return render(request, "office/open/page.html", _context(draft, step, refused), status=refused.status)
    request.session.pop(DRAFT, None)
    if not made.has_schema:
        toast.add(request, _("Your application is with the supplier. You will get a mail when the shop opens."))
        return redirect(f"{reverse('office:shops')}?all=1")
    return redirect(reverse("office:live", kwargs={"shop": made.slug}))


def _currency() -> str:
    return Company.objects.filter(id=1).values_list("currency", flat=True).first() or "USD"


def _context(draft: dict[str, Any], asked: str = "", refused: Refused | None = None) -> dict[str, Any]:
    done = [step for step in STEPS if step in draft]
    first_open = next((step for step in STEPS if step not in draft), "shelf")
    now = asked if asked in STEPS and (asked in done or asked == first_open) else first_open
    look = draft.get("look") or "hearth"
    return {
        "draft": draft,
        "now": now,
        "number": STEPS.index(now) + 1,
        "done": [step for step in done if step != now],
        "refused": refused,
        "suggested": draft.get("address") or suggest(draft.get("name", "")),
        "suffix": hosts.platform_url("").split("://")[1],
        "countries": countries.choices(),
        "country": draft.get("country") or "US",
        "looks": swatches.all(),
        "look": look,
        "phone": swatches.phone(look),
        "aisles": _aisles() if "look" in draft or now == "shelf" else [],
        "shelf": draft.get("shelf"),
        "currency": _currency(),
    }


def _aisles() -> list[assortment.Aisle]:
    rule, cut = Rule(), shops.cut_for(None)
    return assortment.aisles(currency=_currency(), rule=rule, cut=cut, samples=3)


def suggest(name: str) -> str:
    """Make an address out of a name: ``Juniper & Row`` → ``juniper-row``; "" where nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: slugs.MAX_LENGTH].strip("-")
    return slug if slugs.is_free_to_take(slug) else ""


@public
@never_cache
@require_safe
def address(request: Request) -> HttpResponse:
    """Say whether an address is free, while it is being typed."""
    slug = request.GET.get("address", "").strip().lower()[:80]
    return render(request, "office/open/_address.html", {"slug": slug, "problem": _problem(slug) if slug else ""})


@public
@never_cache
@require_safe
def phone(request: Request) -> HttpResponse:
    """Draw the small picture of a shop in a look, for the page that asks for it."""
    draft = request.session.get(DRAFT, {})
    picked = request.GET.get("look", "")
    return render(request, "office/open/_phone.html", {"phone": swatches.phone(picked), "draft": draft})


@never_cache
@reseller_role("owner", "manager")
@require_safe
def live(request: Request) -> HttpResponse:
    """Show that the shop is open: its address and QR code."""
    shop = shops.find()
    if shop is None:
        return redirect(reverse("office:begin", kwargs={"shop": shops.reseller().slug}))
    found = {"row": shop, "look": shop.look, "phone": swatches.phone(shop.look), "spread": listings.spread()}
    return render(request, "office/open/live.html", {**found, "name": shop.name, "address": _shown_address()})


def _shown_address() -> str:
    return hosts.shop_url(shops.reseller(), "").split("://")[1]


@never_cache
@reseller_role("owner")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Request) -> HttpResponseBase:
    """Choose look and first shelf of a shop that S has approved and that is still bare."""
    with context.reading():
        reseller = shops.reseller()
        if shops.find() is not None:
            return redirect(reverse("office:home", kwargs={"shop": reseller.slug}))
    refused: Refused | None = None
    if request.method == "POST":
        shelf = [int(word) for word in request.POST.getlist("shelf") if word.isdigit() and len(word) < 18]
        try:
            service.furnish(look=request.POST.get("look", ""), category_ids=shelf, email=request.user.email)
            return redirect(reverse("office:live", kwargs={"shop": reseller.slug}))
        except Refused as problem:
            refused = problem
    with context.reading():
        rule, cut = Rule(), shops.cut_for(reseller.id)
        found = {
            "looks": swatches.all(),
            "look": request.POST.get("look") or "hearth",
            "aisles": assortment.aisles(currency=reseller.currency, rule=rule, cut=cut, samples=3),
            "currency": reseller.currency,
            "refused": refused,
        }
        return render(request, "office/open/begin.html", found, status=refused.status if refused else 200)
