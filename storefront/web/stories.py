"""The story of a kit in a shop: its picture, its words, its products."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

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
    return [banner(each) for each in kits.on(shell)[:2]]


def banner(kit: Shown) -> dict[str, Any]:
    """Give picture, words and offer of a kit as the page draws them."""
    off = f"{kit.kit.value_bps / 100:g}"
    return {
        "url": f"/stories/{kit.slug}/",
        "picture": kit.picture,
        "title": kit.words("title"),
        "lead": kit.words("lead"),
        "off": _("%(off)s %% off") % {"off": off} if kit.kit.value_bps else "",
        "last": kit.last,
    }
