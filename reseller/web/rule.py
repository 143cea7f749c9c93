"""The pricing rule: tried on the shop's products, then made the shop's."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from reseller.selectors import listing as listings
from reseller.selectors import prices
from reseller.selectors import shop as shops
from reseller.selectors.prices import Rule
from reseller.services import pricing
from reseller.web import ground
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context
from s2b2c.ui import toast


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def pricing_rule(request: Request) -> HttpResponseBase:
    """Try a pricing rule on the shop's products, then make it the shop's."""
    asked = request.POST if request.method == "POST" else request.GET
    with context.reading():
        shop = shops.get()
    try:
        rule = _rule(asked, prices.rule_of(shop))
        refused = None
    except Refused as problem:
        rule, refused = prices.rule_of(shop), problem
    if request.method == "POST" and refused is None:
        pricing.set_rule(rule=rule, follow=asked.get("follow") == "1")
        count = pricing.apply_rule(rule=rule, by_hand_too=bool(asked.get("by_hand")))
        text = ngettext("Rule saved, %(n)s price changed.", "Rule saved, %(n)s prices changed.", count) % {"n": count}
        toast.add(request, text)
        return redirect(ground.url("products", ground.slug(request)))
    with context.reading():
        rows = listings.preview(rule, cut=shops.cut(shop))
        found = {
            "row": shop,
            "rule": rule,
            "follow": asked.get("follow") == "1" if "base" in asked else prices.follows(shop),
            "percent": asked.get("percent") or f"{rule.markup_bps / 100:g}",
            "preview": rows,
            "changes": sum(1 for row in rows if row.then_minor != row.now_minor and not row.by_hand),
            "by_hand": sum(1 for row in rows if row.by_hand),
            "endings": [(90, ".90"), (95, ".95"), (99, ".99"), (50, ".50"), (0, ".00")],
            "refused": refused,
        }
        return render(request, "office/products/rule.html", found, status=refused.status if refused else 200)


def _rule(asked: Any, standard: Rule) -> Rule:
    """Read a rule from a form.

    :raises Refused: a number that is none, or out of range.
    """
    if "base" not in asked:
        return standard
    try:
        percent = float(asked.get("percent", "").replace(",", ".") or 0)
    except ValueError:
        raise Refused("rule", _("Enter a percentage such as 60."), field="markup") from None
    if not -1_000 <= percent <= 10_000:
        raise Refused("rule", _("Enter a percentage such as 60."), field="markup")
    ending = asked.get("ending", "")
    return Rule(asked["base"], round(percent * 100), int(ending) if ending.isdigit() and len(ending) < 3 else None)
