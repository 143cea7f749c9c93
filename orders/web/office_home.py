"""The shop's home: what was earned, what needs the owner, what is next. Sees orders and the shop's own data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from enablement.selectors import academy, kits, notices
from enablement.selectors import alerts as unlike
from orders.models import Order
from orders.selectors import cases, office, returns
from orders.web import words
from reseller.models import Shop
from reseller.selectors import home as alerts
from reseller.selectors import listing as listings
from reseller.selectors import offers
from reseller.selectors import shop as shops
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import texts
from s2b2c.tenancy import directory
from s2b2c.ui import figures, prose
from supplier.selectors import statement


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that needs the owner: what happened, what it costs, one verb."""

    icon: str
    title: str
    text: str
    url: str
    verb: str
    urgent: bool = False


STEPS = {
    "look": (gettext_lazy("Name and look"), "office:design"),
    "products": (gettext_lazy("First 12 products"), "office:add_products"),
    "story": (gettext_lazy("Your story in two lines"), "office:settings"),
    "contact": (gettext_lazy("How customers reach you"), "office:settings"),
    "policies": (gettext_lazy("Say how returns work"), "office:settings"),
    "order": (gettext_lazy("First order"), "office:share"),
    "domain": (gettext_lazy("Use your own address"), "office:domains"),
}


@reseller_role()
@require_safe
def home(request: Request) -> HttpResponseBase:
    """Show the day. A shop that is still bare is furnished first."""
    reseller = shops.reseller()
    shop = shops.find()
    if shop is None:
        return redirect(reverse("office:begin", kwargs={"shop": reseller.slug}))
    return _page(request, shop)


def _page(request: Request, shop: Shop) -> HttpResponse:
    days = office.days(14)
    today = days[-1]
    same_day = days[-8]
    balance = statement.balance(shops.reseller().id, shop.currency)
    latest = office.latest(5)
    steps = _steps(request, shop, sold=bool(latest))
    supplier = shops.company_name()
    found = {
        "row": shop,
        "hello": _hello(str(request.user)),
        "now": timezone.localtime(),
        "today": today,
        "change": today.keep - same_day.keep,
        "same_day": date_format(same_day.day, "l"),
        "bars": [day.keep for day in days],
        "bar_labels": [date_format(days[0].day, "MONTH_DAY_FORMAT"), date_format(days[7].day, "D"), _("Today")],
        "week": sum(day.keep for day in days[-7:]),
        "balance": balance,
        "told": _told(request),
        "needs": _needs(request, shop, supplier),
        "tips_url": _link(request, "tips"),
        "latest": [(each, office.bought(each.lines.all()), words.STATES[each.status]) for each in latest],
        "steps": steps,
        "done": sum(1 for _word, _url, done, _lesson in steps if done),
        "supplier_name": supplier,
        "money_open": request.membership is not None and request.membership.role != "clerk",
    }
    return render(request, "office/home.html", found)


def _hello(name: str) -> str:
    hour = timezone.localtime().hour
    first = name.split("@")[0].split(" ")[0]
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": first}
    return (_("Good afternoon, %(name)s") if hour < 18 else _("Good evening, %(name)s")) % {"name": first}


def _url(request: Request, name: str, **more: Any) -> str:
    assert request.reseller is not None
    return reverse(f"office:{name}", kwargs={"shop": request.reseller.slug, **more})


def _told(request: Request) -> list[tuple[Any, str, str]]:
    """Give the announcements the shop has not read, with title and first words."""
    assert request.reseller is not None
    return [
        (each, texts.local(each, "title"), prose.plain(texts.local(each, "text")))
        for each in notices.unread(request.reseller)
    ]


def _unlike(request: Request) -> list[Need]:
    """Tell of yesterday, if it was unlike other such days."""
    assert request.reseller is not None
    alert = unlike.of_shop(request.reseller.pk)
    if alert is None:
        return []
    told = {"orders": alert.orders, "usual": f"{alert.usual:g}", "low": alert.low, "high": alert.high}
    title = _("Far more orders than usual yesterday") if alert.more else _("Far fewer orders than usual yesterday")
    text = _("%(orders)s; on the eight such weekdays before it was %(usual)s, mostly %(low)s to %(high)s.") % told
    url = f"{_url(request, 'orders')}?placed_from={alert.on}&placed_to={alert.on}"
    return [Need("trending-up" if alert.more else "trending-down", title, text, url, _("Look"))]


def _needs(request: Request, shop: Shop, supplier: str) -> list[Need]:
    """Give what needs the owner, the most urgent first."""
    found = [
        *_case_needs(request),
        *_order_needs(request),
        *_return_needs(request),
        *_kit_needs(request),
        *_unlike(request),
    ]
    changed = alerts.changes(shop)
    for gone in changed.withdrawn:
        title = offers.title(gone, gone.product)
        found.append(
            Need(
                "ban",
                _("%(title)s is no longer supplied") % {"title": title},
                _("Customers don't see it any more. Take it out or leave it hidden."),
                _url(request, "product", listing_id=gone.pk),
                _("Look"),
            )
        )
    found += [_price_need(request, alert) for alert in alerts.dearer(shops.cut(shop), limit=3)]
    for listing in changed.reworded:
        title = offers.title(listing, listing.product)
        found.append(
            Need(
                "refresh-cw",
                _("%(supplier)s changed the text of %(title)s") % {"supplier": supplier, "title": title},
                _("Your own words still stand over it."),
                f"{_url(request, 'product', listing_id=listing.pk)}#words",
                _("Compare"),
            )
        )
    for listing in changed.more:
        title = offers.title(listing, listing.product)
        found.append(
            Need(
                "layers",
                _("%(title)s comes in a new variant") % {"title": title},
                _("It is not in your shop yet."),
                _url(request, "product", listing_id=listing.pk),
                _("Choose"),
            )
        )
    return found


def _order_needs(request: Request) -> list[Need]:
    """Give failed refunds one by one, and the orders that wait for long as one."""
    found, late = [], []
    for each in office.attention(limit=50):
        if each.why == "late":
            late.append(each.order)
            continue
        title = _("A refund to %(name)s did not go through") % {"name": each.order.name}
        text = _("Order #%(number)s") % {"number": each.order.number}
        url = _url(request, "order", number=each.order.number)
        found.append(Need("circle-alert", title, text, url, _("Look"), urgent=True))
    return [*found, _late_need(request, late)] if late else found


def _return_needs(request: Request) -> list[Need]:
    """Give the returns the shop itself decides on."""
    return [
        Need(
            "undo-2",
            _("%(name)s asks to return something") % {"name": each.order.name},
            f"{each.get_reason_display()}. {each.note}".strip(),
            _url(request, "return", number=each.order.number, back=each.number),
            _("Decide"),
            urgent=True,
        )
        for each in returns.waiting_for_shop()
    ]


def _kit_needs(request: Request) -> list[Need]:
    """Give the kits S took out of the shop in the last two weeks, with its reason."""
    since = timezone.now() - timedelta(days=14)
    return [
        Need(
            "package-open",
            _("%(title)s is gone from your shop") % {"title": kits.words(use, "title")},
            _("Withdrawn by the supplier: %(why)s Its products stay.") % {"why": use.kit.why_withdrawn},
            _link(request, "kits"),
            _("See other kits"),
        )
        for use in kits.taken_away(shops.reseller(), since)
    ]


def _case_needs(request: Request) -> list[Need]:
    """Give the customers who wait for an answer of the shop."""
    return [
        Need(
            "message-square",
            _("%(name)s asks for help") % {"name": each.order.name},
            next((row["text"] for row in reversed(each.entries) if row["by"] == "customer" and row["text"]), "")[:160],
            _url(request, "case", number=each.number),
            pgettext("help", "Answer"),
            urgent=True,
        )
        for each in cases.waiting()
    ]


def _late_need(request: Request, late: list[Order]) -> Need:
    oldest = late[0]
    days = (timezone.now() - oldest.placed_at).days
    if len(late) == 1:
        title = _("%(name)s is still waiting for the parcel") % {"name": oldest.name}
        url = _url(request, "order", number=oldest.number)
    else:
        title = _("%(n)s orders have not left yet") % {"n": len(late)}
        url = f"{_url(request, 'orders')}?status=placed&status=processing&sort=placed_at"
    text = _("The oldest, #%(number)s, waits %(days)s days") % {"number": oldest.number, "days": days}
    return Need("clock", title, text, url, _("Look"), urgent=True)


def _price_need(request: Request, alert: alerts.PriceAlert) -> Need:
    def written(minor: int) -> str:
        return figures.amount(minor, alert.currency)

    name = f"{alert.title} {alert.label}".strip()
    text = _("%(before)s became %(after)s. At your price of %(price)s you keep %(now)s, not %(then)s") % {
        "before": written(alert.cost_before),
        "after": written(alert.cost_now),
        "price": written(alert.price_minor),
        "now": written(alert.keep_now),
        "then": written(alert.keep_before),
    }
    url = _url(request, "product", listing_id=alert.listing_id)
    return Need("tag", _("%(name)s costs you more") % {"name": name}, text, url, _("Choose price"))


def _steps(request: Request, shop: Shop, *, sold: bool) -> list[tuple[Any, str, bool, str]]:
    own_domain = directory.primary_host(shops.reseller()) is not None
    steps = alerts.steps(shop, products=listings.spread()["published"], sold=sold, own_domain=own_domain)
    helping = academy.helping(shops.reseller())
    found = []
    for step in steps:
        word, name = STEPS[step.key]
        course = helping.get(step.key)
        lesson = _url(request, "course", course_id=course.pk) if course and not step.done else ""
        found.append((word, _link(request, name), step.done, lesson))
    return found


def _link(request: Request, name: str) -> str:
    """Give the address of a page, or nothing where there is none or the reader's role may not open it."""
    try:
        url = _url(request, name.removeprefix("office:"))
    except NoReverseMatch:
        return ""
    roles = getattr(resolve(url, request.urlconf).func, "required_roles", frozenset())
    return url if not roles or (request.membership and request.membership.role in roles) else ""
