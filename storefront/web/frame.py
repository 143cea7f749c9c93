"""The page around a page: head, foot, meta data.

The frame of a shop is the same on all its pages, so it is drawn once per state of shop and catalogue and kept; a page
is its ``<main>`` put into it. ``templates/shop/_frame*.html`` are the frames, ``templates/shop/<page>.html`` the mains.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template import Context, Template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from reseller.models import Shop
from s2b2c.kernel import texts
from s2b2c.tenancy import hosts
from s2b2c.ui import theme as looks
from s2b2c.ui.nav import NavItem
from storefront import cache, language, prices, stencil
from storefront.memo import Memo
from storefront.selectors import policies
from storefront.selectors import shell as shells
from storefront.selectors.shell import Shell
from storefront.web import preview
from storefront.words import gettext as _

_TITLE, _HEAD, _MAIN = "<!--title-->", "<!--head-->", "<!--main-->"
_frames: Memo[tuple[str, str, str, str]] = Memo(size=4_000)
_OG = {"en": "en_US", "zh-hans": "zh_CN"}


@dataclass(frozen=True, slots=True)
class Meta:
    """What search engines and messengers show. ``path``: the canonical address, None: not to be found there.

    ``head``: all of it as markup, where it was drawn before.
    """

    title: str
    description: str = ""
    path: str | None = None
    image: str = ""
    kind: str = "website"
    data: list[dict[str, Any]] = field(default_factory=list)
    head: str = ""


def shell(request: HttpRequest) -> Shell:
    """Give the shop at this moment, with the look of a preview where a signed one is asked for.

    :raises Http404: the schema is there, but the shop is not furnished yet.
    """
    try:
        read_before = getattr(request, "versions", None)  # never with a preview, whose look is put on the shop itself
        found = shells.of(read_before) if read_before else shells.read()
    except Shop.DoesNotExist:
        raise Http404 from None
    preview.dress(request, found.shop)
    return found


def respond(
    request: HttpRequest, shell: Shell, template: str, context: Mapping[str, Any], meta: Meta, *,
    frame: str = "shop/_frame.html", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Answer with a page: its main in the frame."""
    main = render(template, {**context, "shell": shell, "shop": shell.shop, "request": request})
    before, between, after, end = _frame(request, shell, frame)
    title = escape(meta.title)
    body = f"{before}{title}{between}{meta.head or head(request, meta, shell)}{after}{main}{end}"
    query = {key: value for key, value in request.GET.lists() if key != language.PARAM}
    if query:
        body = body.replace('href="?lang=', f'href="?{escape(urlencode(query, doseq=True))}&amp;lang=')
    response = HttpResponse(body, status=status)
    if hasattr(request, "tried"):
        preview.let_office_frame(response)
    return response


def render(template: str, context: Mapping[str, Any]) -> SafeString:
    """Draw a template without context processors: a shop's pages need none."""
    return _template(template).render(Context({**stencil.ALWAYS, **context}))


@lru_cache(maxsize=400)
def _loaded(name: str, tongue: str) -> Template:
    return stencil.make(name, tongue)


def _template(name: str) -> Template:
    tongue = get_language() or "en"
    return stencil.make(name, tongue) if settings.DEBUG else _loaded(name, tongue)


# --- The frame --------------------------------------------------------------------------------------
def _frame(request: HttpRequest, shell: Shell, frame: str) -> tuple[str, str, str, str]:
    bag = cache.bag_count(request)
    code = get_language() or "en"
    shop = shell.shop
    key = (
        *shell.key,
        frame,
        code,
        bag,
        shop.look,
        str(shop.look_overrides),
        shop.updated_at,
        getattr(request, "tried", ""),
        request.reseller.is_open,  # type: ignore[attr-defined]
    )
    return _frames.get(key, lambda: _drawn(request, shell, frame, bag))


def _drawn(request: HttpRequest, shell: Shell, frame: str, bag: int) -> tuple[str, str, str, str]:
    text = render(frame, context(request, shell, bag))
    before, rest = text.split(_TITLE, 1)
    between, rest = rest.split(_HEAD, 1)
    after, end = rest.split(_MAIN, 1)
    return before, between, after, end


@dataclass(frozen=True, slots=True)
class _Face:
    """The shop's words in the reader's language, as the frame names them."""

    name: str
    notice: str
    legal_name: str = ""
    tagline: str = ""


def context(request: HttpRequest, shell: Shell, bag: int) -> dict[str, Any]:
    """Give what the frame shows."""
    shop = shell.shop
    code = get_language() or "en"
    if not request.reseller.is_open:  # type: ignore[attr-defined]
        return _closed(shell, code)
    return {
        "shop": _Face(shop.name, texts.local(shop, "notice")),
        "look": shop.look,
        "theme_url": preview.theme_url(shop, getattr(request, "tried", "")),
        "nav_categories": [NavItem(node.name, f"/c/{node.slug}/") for node in shell.tree.roots],
        "bag_count": bag,
        "bag_url": "/bag/",
        "account_url": "/account/",
        "search_url": "/search/",
        "search_hint": _("Search %(count)s things") % {"count": shell.tree.count},
        "supplier_name": shell.tree.supplier,
        "footer_groups": _groups(shell),
        "footer_links": [],
        "language_links": _languages(code),
        "ui_zh": code.startswith("zh"),
        "LANGUAGE_CODE": code,
        "PLATFORM_NAME": settings.PLATFORM_NAME,
        "demo": shell.tree.demo,
        "favicon_url": "/icon.svg",
    }


def _closed(shell: Shell, code: str) -> dict[str, Any]:
    """Give the frame of what stays open when a shop is closed – orders, account, policies: no way to shelves or bag."""
    shop = shell.shop
    return {
        "shop": _Face(shop.name, _("The shop is closed for now. Orders already placed will still be delivered.")),
        "look": shop.look,
        "theme_url": preview.theme_url(shop, ""),
        "account_url": "/account/",
        "supplier_name": shell.tree.supplier,
        "footer_groups": [(title, items) for title, items in _groups(shell) if title != _("Shop")],
        "language_links": _languages(code),
        "ui_zh": code.startswith("zh"),
        "LANGUAGE_CODE": code,
        "PLATFORM_NAME": settings.PLATFORM_NAME,
        "favicon_url": "/icon.svg",
        "closed": True,
    }


def _languages(code: str) -> list[tuple[str, str]]:
    return [(each, name) for each, name in (("en", "English"), ("zh-hans", "中文")) if each != code]


def _groups(shell: Shell) -> list[tuple[str, list[NavItem]]]:
    shop = shell.shop
    goods = [NavItem(node.name, f"/c/{node.slug}/") for node in shell.tree.roots[:6]]
    help_ = [NavItem(_("Find your order"), "/account/")]
    help_ += [NavItem(_("Warranty"), "/warranty/")]
    help_ += [NavItem(title, f"/pages/{code}/") for code, title in policies.titles(shop)]
    visit = [
        NavItem(text, url)
        for text, url in ((shop.address, ""), (shop.phone, ""), (shop.email, f"mailto:{shop.email}"))
        if text
    ]
    groups = [(_("Shop"), goods), (_("Help"), help_), (_("Contact"), visit)]
    return [(title, items) for title, items in groups if items]


# --- Meta data --------------------------------------------------------------------------------------
def head(request: HttpRequest, meta: Meta, shell: Shell) -> str:
    """Give what stands in ``<head>`` for a page; ``meta.head`` where that was drawn before."""
    parts = []
    if meta.description:
        parts.append(f'<meta name="description" content="{escape(meta.description[:300])}">')
    if meta.path is None:
        parts.append('<meta name="robots" content="noindex">')
    else:
        parts += _addresses(request, meta, shell)
    if meta.data:
        parts.append(f'<script type="application/ld+json">{_json(meta.data)}</script>')
    return "".join(parts)


def _addresses(request: HttpRequest, meta: Meta, shell: Shell) -> list[str]:
    """Canonical address, the same page in the other language, what messengers show."""
    code = get_language() or "en"
    here = absolute(request, in_language(meta.path or "/", code, request))
    others = [(each, absolute(request, in_language(meta.path or "/", each, request))) for each in language.CODES]
    graph = {
        "og:type": meta.kind, "og:title": meta.title, "og:description": meta.description[:300], "og:url": here,
        "og:site_name": shell.shop.name, "og:locale": _OG.get(code, "en_US"),
        "og:image": absolute(request, meta.image) if meta.image else "",
    }  # fmt: skip
    return [
        f'<link rel="canonical" href="{escape(here)}">',
        *(f'<link rel="alternate" hreflang="{tag(each)}" href="{escape(url)}">' for each, url in others),
        f'<link rel="alternate" hreflang="x-default" href="{escape(absolute(request, meta.path or "/"))}">',
        *(f'<meta property="{name}" content="{escape(value)}">' for name, value in graph.items() if value),
    ]


def in_language(path: str, code: str, request: HttpRequest) -> str:
    """Give the address of a page in a language: the shop's own needs no word for it."""
    if code == request.reseller.language:  # type: ignore[attr-defined]
        return path
    return f"{path}{'&' if '?' in path else '?'}{language.PARAM}={code}"


def tag(code: str) -> str:
    return "zh-Hans" if code.startswith("zh") else code


def absolute(request: HttpRequest, path: str) -> str:
    """Give an address on the shop's main host."""
    if path.startswith("http"):
        return path
    origin: str | None = getattr(request, "shop_origin", None)
    if origin is None:
        origin = hosts.shop_url(request.reseller, "")  # type: ignore[attr-defined]
        request.shop_origin = origin  # type: ignore[attr-defined]
    return origin + hosts.quoted(path)


def _json(data: Any) -> str:
    """Write JSON that can't end the script element it stands in."""
    text = json.dumps(data if len(data) > 1 else data[0], ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def delivery(shell: Shell) -> str:
    """Say in a few words what delivery costs."""
    shop = shell.shop
    cost = int(shop.shipping.get("price_minor", 0))
    free = shop.shipping.get("free_over_minor")
    if not cost:
        return _("Free delivery")
    if free is None:
        return _("Delivery %(price)s") % {"price": prices.text(cost, shop.currency)}
    return _("Delivery %(price)s, free from %(free)s") % {
        "price": prices.text(cost, shop.currency), "free": prices.text(free, shop.currency)
    }  # fmt: skip


def scene(shop: Shop) -> str:
    """Give the address of the picture of the look's front page."""
    return f"{settings.STATIC_URL}scenes/{shop.hero_plate or looks.look(shop.look)['scene']}.svg"


def pick(words: Mapping[str, Any], otherwise: str) -> str:
    """Give the text of ``{"en", "zh"}`` in the reader's language."""
    return texts.pick({key: words.get(key) or "" for key in ("en", "zh")}) or otherwise


@lru_cache(maxsize=2_000)
def country(code: str, tongue: str) -> str:
    """Give a country's name in a language."""
    locale = Locale("zh", script="Hans") if tongue.startswith("zh") else Locale("en")
    return locale.territories.get(code, code)


def countries(shop: Shop) -> list[tuple[str, str]]:
    """Give code and name of where the shop delivers; everywhere is an empty list."""
    tongue = get_language() or "en"
    return [(code, country(code, tongue)) for code in shop.countries]


def countries_line(shop: Shop) -> str:
    """Say where the shop delivers."""
    names = [name for _code, name in countries(shop)]
    if not names:
        return _("We deliver to every country.")
    if len(names) > 4:
        return _("We deliver to %(count)s countries.") % {"count": len(names)}
    return _("We deliver to: %(names)s.") % {
        "names": (", " if not (get_language() or "").startswith("zh") else "、").join(names)
    }


@lru_cache(maxsize=4)
def _every_country(tongue: str) -> list[tuple[str, str]]:
    locale = Locale("zh", script="Hans") if tongue.startswith("zh") else Locale("en")
    named = [
        (code, name)
        for code, name in locale.territories.items()
        if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
    ]
    return sorted(named, key=lambda pair: pair[1])


def every_country() -> list[tuple[str, str]]:
    """Give code and name of every country in the reader's language."""
    return _every_country(get_language() or "en")
