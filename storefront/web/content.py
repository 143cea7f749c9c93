"""The shop's texts, and what machines read: robots, sitemap, manifest, icon."""

from __future__ import annotations

from html import escape

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from s2b2c.kernel import texts
from s2b2c.ui import theme
from storefront import language
from storefront.selectors import home, kits, policies, sitemap
from storefront.web import cards, doors, frame
from storefront.words import gettext as _

_HOUR = "public, max-age=3600"


@doors.also_closed
@doors.kept
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one of the shop's texts."""
    shell = frame.shell(request)
    text = policies.text(shell.shop, code)
    if not text:
        raise Http404
    title = dict(policies.titles(shell.shop))[code]
    meta = frame.Meta(f"{title} · {shell.shop.name}", text[:160], f"/pages/{code}/")
    return frame.respond(request, shell, "shop/page.html", {"title": title, "text": text}, meta)


@doors.files
def robots(request: HttpRequest) -> HttpResponse:
    """Say what robots may read."""
    closed = ("/bag/", "/checkout/", "/order/", "/account/", "/search/", "/trace/", "/warranty/", "/api/")
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        f"Sitemap: {frame.absolute(request, '/sitemap.xml')}",
    ]
    return HttpResponse(
        "\n".join(lines) + "\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": _HOUR}
    )


@doors.files
def site_map(request: HttpRequest) -> HttpResponse:
    """List every page there is to find, in each language."""
    shell = frame.shell(request)
    paths = ["/", "/c/", *(f"/c/{node.slug}/" for node in shell.tree.nodes)]
    paths += [f"/pages/{code}/" for code, _title in policies.titles(shell.shop)]
    paths += [f"/stories/{each.slug}/" for each in kits.on(shell)]
    entries = [_entry(request, path, "") for path in paths]
    entries += [
        _entry(request, f"/p/{slug}/", changed.date().isoformat()) for slug, changed in sitemap.products(shell)
    ]
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:xhtml="http://www.w3.org/1999/xhtml">{"".join(entries)}</urlset>\n'
    )
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


def _entry(request: HttpRequest, path: str, changed: str) -> str:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{frame.tag(code)}" href="{escape(frame.absolute(request, frame.in_language(path, code, request)))}"/>'
        for code in language.CODES
    )
    modified = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc>{escape(frame.absolute(request, path))}</loc>{modified}{links}</url>"


@doors.also_closed
@doors.files
def manifest(request: HttpRequest) -> HttpResponse:
    """Say how the shop looks as an app on a phone."""
    shell = frame.shell(request)
    shop = shell.shop
    colours = theme.properties(shop.look, shop.look_overrides)
    ground = theme.resolve(colours, "--color-base-100") or "#ffffff"
    data = {
        "name": shop.name, "short_name": shop.name[:20], "start_url": "/", "display": "minimal-ui",
        "description": texts.local(shop, "tagline"), "background_color": ground, "theme_color": ground,
        "icons": [{"src": "/icon.svg", "type": "image/svg+xml", "sizes": "any", "purpose": "any"}],
    }  # fmt: skip
    return JsonResponse(data, content_type="application/manifest+json", headers={"Cache-Control": _HOUR})


@doors.also_closed
@doors.files
def icon(request: HttpRequest) -> HttpResponse:
    """Draw the shop's initial in its colours."""
    shop = frame.shell(request).shop
    colours = theme.properties(shop.look, shop.look_overrides)
    fill = theme.resolve(colours, "--color-primary") or "#14171c"
    ink = theme.resolve(colours, "--color-primary-content") or "#ffffff"
    letter = escape(next((sign for sign in shop.name if sign.isalnum()), "·").upper())
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="12" fill="{fill}"/><text x="32" y="45" text-anchor="middle" '
        f'font-family="Georgia, Songti SC, serif" font-size="38" fill="{ink}">{letter}</text></svg>'
    )
    return HttpResponse(svg, content_type="image/svg+xml", headers={"Cache-Control": _HOUR})


@doors.also_closed
@doors.files
def style(request: HttpRequest, digest: str) -> HttpResponse:
    """Give the shop's look as a style sheet; its address says what is in it, so it may be kept for ever."""
    shop = frame.shell(request).shop
    fits = theme.digest(shop.look, shop.look_overrides) == digest
    response = HttpResponse(theme.css(shop.look, shop.look_overrides), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fits else "no-store"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here, and what there is."""
    shell = frame.shell(request)
    context = {"cards": cards.grid(home.picks(shell, most=4), shell.shop.currency)}
    return frame.respond(
        request, shell, "shop/404.html", context, frame.Meta(f"{_('Not found')} · {shell.shop.name}"), status=404
    )
