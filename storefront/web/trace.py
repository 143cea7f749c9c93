"""Where the things in a parcel come from: the page behind the code on its slip. It says nothing of whom it went to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from enablement.selectors import trace as selectors
from s2b2c.tenancy import context
from storefront import promise
from storefront.web import cards, doors, frame
from storefront.words import gettext as _


@doors.also_closed
@doors.reads
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a parcel's lots: what they are, where they were made, when they were inspected, and whether they were recalled."""
    reseller = context.current()
    found = selectors.parcel(code, reseller_id=reseller.pk) if reseller else None
    if found is None:
        raise Http404
    shell = frame.shell(request)
    shown = {
        "number": found.number,
        "sent": promise.day(found.sent_at.date()),
        "things": [
            {
                "name": each.name,
                "label": each.label,
                "picture": cards.markup(
                    None, each.plate, each.tint, each.name, css="w-16 aspect-4/5 object-cover shrink-0"
                ),
                "pieces": each.quantity,
                "lot": each.lot,
                "serial": each.serial,
                "expires": each.expires_on,
                "inspected": promise.day(each.inspected_at.date()) if each.inspected_at else "",
                "origin": each.origin,
                "recall": each.recall,
                "advice": each.advice,
            }
            for each in found.things
        ],
        "others": found.others,
        "supplier": shell.tree.supplier,
    }
    meta = frame.Meta(f"{_('Where it comes from')} · {shell.shop.name}")
    response = frame.respond(request, shell, "shop/trace.html", shown, meta)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    response.headers["X-Robots-Tag"] = "noindex"
    return response
