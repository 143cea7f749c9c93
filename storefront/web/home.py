"""The front page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from s2b2c.kernel import texts
from s2b2c.ui import theme
from storefront.selectors import home as picks
from storefront.selectors import policies
from storefront.selectors.shell import Shell
from storefront.web import cards, doors, frame, stories, structured
from storefront.words import gettext as _

_SECOND = {
    "scene-table": "scene-room",
    "scene-room": "scene-table",
    "scene-camp": "scene-night",
    "scene-night": "scene-camp",
}


@doors.kept
def page(request: HttpRequest) -> HttpResponse:
    """Show the look's scene, the categories, what b picked, and who b is."""
    shell = frame.shell(request)
    shop, tree = shell.shop, shell.tree
    first = tree.roots[0] if tree.roots else None
    context = {
        "scene": frame.scene(shop),
        "second_scene": f"{settings.STATIC_URL}scenes/{_SECOND.get(_scene(shell), 'scene-room')}.svg",
        "tagline": texts.local(shop, "tagline"),
        "lead": _("%(count)s things, sent straight from the warehouse.") % {"count": tree.count} if tree.count else "",
        "story": texts.local(shop, "story"),
        "first_url": f"/c/{first.slug}/" if first else "/c/",
        "first_label": _("Look at %(category)s") % {"category": first.name} if first else _("Look around"),
        "categories": [(node, cards.markup(None, node.plate, "", node.name)) for node in tree.roots],
        "cards": cards.grid(picks.picks(shell, most=7 if _leads(shop.look) else 8), shop.currency, lead=True),
        "count": tree.count,
        "keep": keep(shell),
        "kits": stories.banners(shell),
    }
    title = f"{shop.name}: {context['tagline']}" if context["tagline"] else shop.name
    meta = frame.Meta(
        title, texts.local(shop, "story")[:160] or title, "/", frame.scene(shop), data=structured.home(request, shell)
    )
    return frame.respond(request, shell, "shop/home.html", context, meta)


def _scene(shell: Shell) -> str:
    return shell.shop.hero_plate or str(theme.look(shell.shop.look)["scene"])


def _leads(look: str) -> bool:
    """Tell whether the look shows the first card large."""
    properties = theme.look(look)
    return any(properties[width].get("--lk-lead-col", "auto") != "auto" for width in ("base", "wide"))


def keep(shell: Shell) -> list[tuple[str, str, str]]:
    """Give icon, title and text of each thing the shop stands for: only what is so."""
    shop, supplier = shell.shop, shell.tree.supplier
    ways = {
        (True, True): _("By card, wallet, or in cash when the parcel comes."),
        (True, False): _("By card or wallet, on the payment provider's own page."),
        (False, True): _("In cash, when the parcel comes."),
    }.get((shop.card_enabled, shop.cod_enabled), "")
    points = [("truck", frame.delivery(shell), _("You see the whole sum before you pay."))]
    if supplier:
        points.append(
            (
                "shield-check",
                _("Goods by %(supplier)s") % {"supplier": supplier},
                _("One supplier keeps the stock, packs, and answers for the goods."),
            )
        )
    returns = policies.text(shop, "returns")
    if returns:
        points.append(("rotate-ccw", _("Returns"), returns[:110]))
    points.append(("map-pin", _("Follow your parcel"), _("One link shows every step. No account needed.")))
    if ways:
        points.append(("wallet", _("Pay as you like"), ways))
    return points[:4]
