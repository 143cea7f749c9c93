"""Campaigns: discounts offered to the shops, of which S bears a share."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from s2b2c.ui import toast
from supplier.selectors import catalogue
from supplier.services import campaigns
from supplier.web import shown


class CampaignForm(forms.Form):
    """A percentage off, and the share of it S bears."""

    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    percent = forms.DecimalField(label=_("Per cent off"), min_value=1, max_value=90, decimal_places=2, localize=False)
    share = forms.DecimalField(
        label=_("Of it, we bear per cent"), min_value=0, max_value=100, decimal_places=2, localize=False
    )
    category = forms.ChoiceField(label=_("On what"), required=False)
    until = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        named = [(str(each.pk), shown.local(each)) for each in catalogue.category_list()]
        self.fields["category"].choices = [("", gettext("Everything")), *named]  # type: ignore[attr-defined]


@supplier_role("finance")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """List campaigns; a POST offers one to every shop."""
    form = CampaignForm(request.POST or None)
    if form.is_valid() and _offered(request, form):
        toast.add(request, gettext("Every shop can take it on now"))
        return redirect("supply:campaigns")
    now = clock.now()
    names = {each.pk: shown.local(each) for each in catalogue.category_list()}
    rows = [
        (each, shown.local(each), f"{each.value_bps / 100:g} %", f"{each.share_bps / 100:g} %",
         each.ends_at is None or each.ends_at > now, _on_what(each.categories, names))
        for each in catalogue.campaigns()
    ]  # fmt: skip
    found = {"rows": rows, "form": form}
    return render(request, "supplier/ledger/campaigns.html", found, status=422 if form.errors else 200)


def _on_what(categories: list[int], names: dict[int, str]) -> str:
    """Name what a campaign is on; of a category and those below it the first says it."""
    return names.get(categories[0], "–") if categories else gettext("Everything")


def _offered(request: Request, form: CampaignForm) -> bool:
    data = form.cleaned_data
    day = data["until"]
    try:
        campaigns.offer(
            name_en=data["name_en"],
            name_zh=data["name_zh"],
            value_bps=int(data["percent"] * 100),
            share_bps=int(data["share"] * 100),
            categories=catalogue.with_descendants(int(data["category"])) if data["category"] else (),
            ends_at=timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) if day else None,
            actor_id=request.user.pk,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@supplier_role("finance")
@require_POST
def end(request: Request, campaign_id: int) -> HttpResponse:
    """End a campaign in every shop."""
    campaigns.end(campaign_id=campaign_id, actor_id=request.user.pk)
    toast.add(request, gettext("It is over. Orders placed keep it."))
    return redirect("supply:campaigns")
