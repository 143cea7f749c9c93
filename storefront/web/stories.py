"""The story of a kit in a shop: its picture, its words, its products."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from enablement.selectors.kits import Shown
from s2b2c.ui import prose
from storefront.selectors import cards as products
from storefront.selectors import kits
from storefront.selectors.shell import Shell
from storefront.web import cards, doors, frame
from storefront.words import gettext as _


@doors.kept
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a story and what it tells of."""
    shell = frame.shell(request)
    found = next((each for each in kits.on(shell) if each.slug == slug), None)
    if found is None:
        raise Http404
    context = {
        **banner(found),
        "story": prose.markup(found.words("story")),
        "cards": cards.grid(products.of(shell, found.product_ids), shell.shop.currency),
    }
    meta = frame.Meta(f"{context['title']} · {shell.shop.name}", context["lead"], f"/stories/{slug}/", found.picture)
    return frame.respond(request, shell, "shop/story.html", context, meta)


def banners(shell: Shell) -> list[dict[str, Any]]:
    """Give the banners of the front page."""
    return [{**banner(each), "set": _set(shell, each)} for each in kits.on(shell)[:2]]


def _set(shell: Shell, kit: Shown) -> SafeString | None:
    """Draw four of a kit's products side by side where there is no picture: the scene is the look's already."""
    if kit.has_picture:
        return None
    things = products.plain(shell, kit.product_ids)[:4]
    drawn = [
        cards.markup(each.photo, each.plate, each.tints[0] if each.tints else "", each.title, alt="", lazy=True)
        for each in things
    ]
    return cards.safe("".join(drawn)) if len(drawn) == 4 else None


def banner(kit: Shown) -> dict[str, Any]:
    """Give picture, words and offer of a kit as the page draws them."""
    off = f"{kit.off_bps / 100:g}"
    return {
        "url": f"/stories/{kit.slug}/",
        "picture": kit.picture,
        "title": kit.words("title"),
        "lead": kit.words("lead"),
        "off": _("%(off)s %% off") % {"off": off} if kit.off_bps else "",
        "last": kit.last,
    }
