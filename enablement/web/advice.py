"""What advice is worth, as S sees it: given, taken, and measured against what was held back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from enablement.models import Advice
from enablement.selectors import advice
from enablement.web import forecasts
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role

KINDS = {
    Advice.Kind.RANGE: _("Products to add"),
    Advice.Kind.PRICE: _("Prices"),
    Advice.Kind.PAIR: _("Shown together"),
}


@supplier_role("finance", "support", "catalogue")
@require_safe
def index(request: Request) -> HttpResponse:
    """Show what shops were advised, what they decided and what it was worth."""
    night = advice.last_run()
    context: dict[str, Any] = {
        "tabs": forecasts.tabs("advice"),
        "night": night,
        "hits": night.hits if night is not None and night.hits.get("shops") else None,
        "counts": [(KINDS[Advice.Kind(each.kind)], each) for each in advice.counts()],
        "uplifts": [(KINDS[Advice.Kind(each.kind)], each) for each in advice.uplift()],
        "enough": advice.ENOUGH,
    }
    return render(request, "supplier/advice.html", context)
