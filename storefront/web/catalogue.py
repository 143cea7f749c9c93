"""Categories and search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from storefront import prices
from storefront.selectors import browse, search
from storefront.selectors import home as picks
from storefront.selectors.browse import Filters, Result
from storefront.selectors.shell import Shell
from storefront.web import cards, doors, frame, structured
from storefront.words import gettext as _

_MOST_CHOSEN = 12
_OPEN = 4  # facets unfolded from the start


@doors.kept
def category(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Show a category, or everything."""
    shell = frame.shell(request)
    node = shell.tree.by_slug.get(slug)
    if slug and node is None:
        raise Http404
    filters, asked = _filters(request.GET, shell)
    sort = _sort(request, browse.PICKED)
    scope = browse.category(node.path if node else "")
    result = browse.read(shell, scope, filters, sort=sort, after=request.GET.get("after", "")[:80])
    heading = node.name if node else _("Everything")
    trail = [
        (_("Home"), "/"),
        *((above.name, f"/c/{above.slug}/") for above in (shell.tree.above(node) if node else [])),
    ]
    context = {**_browse(request, shell, result, filters, asked, sort), "heading": heading, "crumbs": trail}
    if not shell.tree.count:
        context["empty"] = _("The shelves are being filled. Please come back soon.")
    here = request.path
    data = [structured.crumbs(request, [*trail, (heading, here)])]
    lead = _("%(category)s at %(shop)s: %(count)s things.") % {
        "category": heading,
        "shop": shell.shop.name,
        "count": result.counts.total,
    }
    plain = not (set(request.GET) - {"lang"})
    meta = frame.Meta(f"{heading} · {shell.shop.name}", lead, here if plain else None, data=data)
    return _answer(request, shell, context, meta)


@doors.kept
def find(request: HttpRequest) -> HttpResponse:
    """Show what a search finds."""
    shell = frame.shell(request)
    query = search.cleaned(request.GET.get("q", ""))
    context: dict[str, Any] = {"search": True, "query": query, "heading": _("Search"), "crumbs": []}
    if query:
        filters, asked = _filters(request.GET, shell)
        sort = _sort(request, browse.BEST)
        found = search.read(shell, query, filters, sort=sort, after=request.GET.get("after", "")[:80])
        context |= _browse(request, shell, found.result, filters, asked, sort)
        context["heading"] = _("“%(query)s”") % {"query": query}
        if found.close:
            context["lead"] = _("Nothing is called exactly that. These come close.")
        if not found.result.counts.total and not filters:
            context["empty"] = _("Nothing here is called that. Try a shorter or more general word.")
    else:
        context["empty"] = _("What are you looking for?")
    if context.get("empty"):
        context["instead"] = cards.grid(picks.picks(shell), shell.shop.currency)
    return _answer(request, shell, context, frame.Meta(f"{context['heading']} · {shell.shop.name}"))


@doors.kept
def suggest(request: HttpRequest) -> HttpResponse:
    """Give the few best finds while c is still typing."""
    shell = frame.shell(request)
    query = search.cleaned(request.GET.get("q", ""))
    found = search.suggest(shell, query) if query else []
    rows = [
        (card, cards.markup(card.photo, card.plate, card.tints[0] if card.tints else "", card.title), prices.text(card.price_minor, shell.shop.currency))
        for card in found
    ]  # fmt: skip
    context = {"rows": rows, "query": query, "all_url": f"/search/?{urlencode({'q': query})}"}
    return HttpResponse(frame.render("shop/_suggest.html", context))


def _answer(request: HttpRequest, shell: Shell, context: dict[str, Any], meta: frame.Meta) -> HttpResponse:
    """Answer with the page, or with the part htmx asked for."""
    part = {"browse": "shop/_browse.html", "more": "shop/_cards_more.html"}.get(request.headers.get("HX-Target", ""))
    if part and not context.get("empty") and request.headers.get("HX-Request"):
        return HttpResponse(frame.render(part, context))
    return frame.respond(request, shell, "shop/category.html", context, meta)


def _sort(request: HttpRequest, usual: str) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in browse.SORTS and (asked != browse.BEST or usual == browse.BEST) else usual


@dataclass(frozen=True, slots=True)
class _Asked:
    """The price bounds as typed, and what is wrong with them."""

    low: str = ""
    high: str = ""
    error: str = ""


def _filters(query: QueryDict, shell: Shell) -> tuple[Filters, _Asked]:
    """Read filters from an address; what makes no sense there is left out, a price that is none is told."""
    chosen: dict[str, tuple[str, ...]] = {}
    for code in list(query)[:40]:
        if code == "type" or code[:2] in ("o.", "a."):
            values = tuple(sorted({value[:160] for value in query.getlist(code) if value and chr(0) not in value}))
            if values and len(code) <= 60 and chr(0) not in code:
                chosen[code] = values[:_MOST_CHOSEN]
    low, high = query.get("from", "").strip()[:20], query.get("to", "").strip()[:20]
    try:
        bounds = [money.parse_amount(text, shell.shop.currency) if text else None for text in (low, high)]
        asked = _Asked(low, high)
    except Refused as refusal:
        bounds, asked = [None, None], _Asked(low, high, str(refusal))
    return Filters(chosen, bounds[0], bounds[1], query.get("stock") == "1"), asked


@dataclass(frozen=True, slots=True)
class _Value:
    code: str
    label: str
    count: int
    chosen: bool
    hex: str


@dataclass(frozen=True, slots=True)
class _Facet:
    code: str
    label: str
    values: list[_Value]
    open: bool


def _browse(
    request: HttpRequest, shell: Shell, result: Result, filters: Filters, asked: _Asked, sort: str
) -> dict[str, Any]:
    """Give what ``_browse.html`` shows."""
    counts, currency, path = result.counts, shell.shop.currency, request.path
    params = [
        (key, value)
        for key, values in request.GET.lists()
        for value in values
        if value and key not in ("after", "lang")
    ]
    sorts = [
        (browse.PICKED, _("Picked by us")), (browse.NEWEST, _("Newest")),
        (browse.CHEAP, _("Price, low first")), (browse.DEAR, _("Price, high first")),
    ]  # fmt: skip
    if "q" in request.GET:
        sorts.insert(0, (browse.BEST, _("Best match")))
    spread = counts.high_minor > counts.low_minor or asked.low or asked.high
    return {
        "here": path,
        "total": counts.total,
        "cards": cards.grid(result.cards, currency, eager=4),
        "facets": [
            _Facet(facet.code, facet.label, [_Value(v.code, v.label, v.count, v.chosen, cards.tint_hex(v.tint) if v.tint else "") for v in facet.values],
                   n < _OPEN or any(v.chosen for v in facet.values))
            for n, facet in enumerate(counts.facets)
        ],
        "filtered": bool(filters),
        "price": {"from": asked.low, "to": asked.high, "error": asked.error, "low": _bare(counts.low_minor, currency),
                  "high": _bare(counts.high_minor, currency)} if spread else None,
        "stock": {"count": counts.in_stock, "chosen": filters.in_stock},
        "chips": _chips(path, params, counts, asked),
        "clear_url": _url(path, [(k, v) for k, v in params if k in ("q", "sort")]),
        "sorts": sorts,
        "sort": sort,
        "sort_chosen": request.GET.get("sort", ""),
        "kept_params": [(k, v) for k, v in params if k != "sort"],
        "query": request.GET.get("q", "") and search.cleaned(request.GET["q"]),
        "more_url": _url(path, [*params, ("after", result.after)]) if result.after else "",
        "start_url": _url(path, params) if request.GET.get("after") else "",
    }  # fmt: skip


def _bare(minor: int, currency: str) -> str:
    return f"{money.to_decimal(minor, currency):f}"


def _url(path: str, params: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(params))
    return f"{path}?{query}" if query else path


def _chips(path: str, params: list[tuple[str, str]], counts: browse.Counts, asked: _Asked) -> list[tuple[str, str]]:
    """Give the label of each active filter and the address without it."""

    def without(name: str, value: str) -> str:
        return _url(path, [pair for pair in params if pair != (name, value)])

    chips = [
        (value.label, without(facet.code, value.code))
        for facet in counts.facets
        for value in facet.values
        if value.chosen
    ]
    if asked.low and not asked.error:
        chips.append((_("From %(price)s") % {"price": asked.low}, without("from", asked.low)))
    if asked.high and not asked.error:
        chips.append((_("Up to %(price)s") % {"price": asked.high}, without("to", asked.high)))
    if ("stock", "1") in params:
        chips.append((_("Ready to send"), without("stock", "1")))
    return chips
