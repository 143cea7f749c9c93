"""Add products: S's catalogue as pictures with what b keeps on each; publish one, many or a whole category; undo."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from reseller.models import Shop
from reseller.selectors import assortment, prices
from reseller.selectors import shop as shops
from reseller.selectors.assortment import Wish
from reseller.selectors.prices import Rule
from reseller.services import listing as service
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from s2b2c.ui import toast

PAGE = 24
MOST = 480
RULES = {
    "shop": None,
    "suggested": Rule("suggested"),
    "cost60": Rule("cost", 6_000, 90),
    "cost100": Rule("cost", 10_000, 90),
}


@reseller_role()
@require_safe
def add_products(request: Request) -> HttpResponse:
    """Show what S sells, most kept first; more of it when asked."""
    shop = shops.get()
    cut, rule = shops.cut(shop), prices.rule_of(shop)
    wish, refused = _wish(request.GET, shop)
    shown = min(max(_number(request.GET.get("shown")), PAGE), MOST)
    shelf = assortment.shelf(wish, currency=shop.currency, rule=rule, cut=cut, limit=shown)
    found = {
        "row": shop,
        "shelf": shelf,
        "wish": wish,
        "refused": refused,
        "aisles": assortment.aisles(currency=shop.currency, rule=rule, cut=cut, not_mine=wish.not_mine),
        "chips": _chips(request.GET, wish, shop),
        "keep_typed": request.GET.get("keep", ""),
        "more": _with(request.GET, shown=str(shown + PAGE)) if shelf.count > shown and shown < MOST else "",
        "left": min(PAGE, shelf.count - shown),
        "base": _with(request.GET, category="", shown=""),
        "here": request.get_full_path(),
        "can_publish": request.membership is not None and request.membership.role != "clerk",
        "rules": _rules(shop),
        "decimals": money.exponent(shop.currency),
    }
    return render(request, "office/products/add.html", found)


def _rules(shop: Shop) -> list[tuple[str, str]]:
    return [
        ("shop", rule_words(prices.rule_of(shop))),
        ("suggested", _("as suggested")),
        ("cost60", _("cost + 60 %, ends in .90")),
        ("cost100", _("cost + 100 %, ends in .90")),
    ]


def rule_words(rule: Rule) -> str:
    """Say a rule in a few words."""
    percent = f"{rule.markup_bps / 100:g}"
    if rule.base == "suggested" and not rule.markup_bps:
        start = _("as suggested")
    elif rule.base == "suggested":
        start = _("suggested %(percent)s %%") % {"percent": f"{rule.markup_bps / 100:+g}"}
    else:
        start = _("cost + %(percent)s %%") % {"percent": percent}
    if rule.ending is None:
        return start
    return _("%(start)s, ends in .%(ending)02d") % {"start": start, "ending": rule.ending}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else 0


def _wish(query: QueryDict, shop: Shop) -> tuple[Wish, Refused | None]:
    keep, refused = 0, None
    if query.get("keep"):
        try:
            keep = money.parse_amount(query.get("keep", ""), shop.currency, field="keep")
        except Refused as problem:
            refused = problem
    wish = Wish(
        category_id=_number(query.get("category")) or None,
        text=query.get("q", "").replace("\x00", "")[:80],
        keep_minor=keep,
        in_stock=query.get("stock") == "1",
        not_mine=query.get("mine") != "1",
        order=query.get("order", "keep"),
    )
    return wish, refused


def _chips(query: QueryDict, wish: Wish, shop: Shop) -> list[tuple[str, str]]:
    """Give the filters in use as words and the address without each."""
    chips = []
    if wish.keep_minor:
        kept = money.format_minor(wish.keep_minor, shop.currency)
        chips.append((_("You keep %(kept)s or more") % {"kept": kept}, _with(query, keep="")))
    if wish.in_stock:
        chips.append((_("In stock"), _with(query, stock="")))
    if wish.not_mine:
        chips.append((_("Not in my shop yet"), _with(query, mine="1")))
    if wish.text:
        chips.append((f"“{wish.text}”", _with(query, q="")))
    return chips


def _with(query: QueryDict, **changes: str) -> str:
    kept = {
        key: query.get(key, "")
        for key in ("category", "q", "keep", "stock", "mine", "order", "shown")
        if query.get(key)
    }
    if "shown" not in changes:
        kept.pop("shown", None)
    text = urlencode({key: value for key, value in {**kept, **changes}.items() if value})
    return f"?{text}"


@reseller_role("manager")
@require_POST
def publish(request: Request) -> HttpResponseBase:
    """Put the picked products, or a whole category, into the shop; the toast takes it back."""
    slug = request.reseller.slug  # type: ignore[union-attr]
    ids = [int(word) for word in request.POST.getlist("product") if word.isdigit() and len(word) < 18]
    category = _number(request.POST.get("category"))
    back = request.POST.get("next", "")
    back = back if back.startswith(f"/{slug}/") else reverse("office:add_products", kwargs={"shop": slug})
    try:
        if not ids and not category:
            raise Refused("nothing", _("Pick at least one product: tap its picture."))
        done = service.list_products(
            product_ids=ids, category_ids=[category] if category else [], rule=RULES.get(request.POST.get("rule", ""))
        )
    except Refused as refused:
        toast.add(request, str(refused), tone="bad")
        return redirect(back)
    _say(request, done, slug)
    return redirect(back)


def _say(request: Request, done: service.Listed, slug: str) -> None:
    if not done.count:
        toast.add(request, _("All of these were in your shop already."), tone="info")
        return
    text = ngettext("%(n)s product is in your shop now.", "%(n)s products are in your shop now.", done.count)
    query = urlencode({"batch": done.batch.isoformat()})
    undo = f"{reverse('office:undo_adding', kwargs={'shop': slug})}?{query}"
    toast.add(request, text % {"n": done.count}, undo_url=undo)


@reseller_role("manager")
@require_POST
def undo(request: Request) -> HttpResponseBase:
    """Take out what one publish put in."""
    try:
        batch = datetime.fromisoformat(request.GET.get("batch", ""))
        count = service.undo_batch(batch=batch) if batch.tzinfo else 0
    except ValueError:
        count = 0
    if count:
        text = ngettext("%(n)s product taken out again.", "%(n)s products taken out again.", count) % {"n": count}
        toast.add(request, text)
    else:
        toast.add(request, _("There was nothing to take back."), tone="info")
    return redirect(reverse("office:add_products", kwargs={"shop": request.reseller.slug}))  # type: ignore[union-attr]
