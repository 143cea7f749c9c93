"""Promotions in the shop's office: start one, take on what the supplier offers, end one."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from reseller.models import Customer, Promotion
from reseller.selectors import promotions
from reseller.selectors import shop as shops
from reseller.services import promotions as service
from reseller.web import ground
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import clock, money, texts
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context
from s2b2c.ui import figures, toast
from s2b2c.ui.states import State
from supplier.selectors import catalogue

Kind = Promotion.Kind


class PromotionForm(forms.Form):
    """What is taken off, from what, and how long."""

    name = forms.CharField(label=gettext_lazy("Name your customers see"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("What it gives"), choices=Kind.choices)
    value = forms.CharField(
        label=gettext_lazy("How much"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Per cent, or an amount."),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"), required=False, max_length=20, help_text=gettext_lazy("Empty: it works by itself.")
    )
    category = forms.ChoiceField(label=gettext_lazy("On what"), required=False)
    least = forms.CharField(label=gettext_lazy("From an order of"), required=False, max_length=20)
    segment = forms.ChoiceField(
        label=gettext_lazy("For which customers"),
        required=False,
        help_text=gettext_lazy("A segment needs a code: send it to them from your list of customers."),
    )
    uses = forms.IntegerField(label=gettext_lazy("How many orders at most"), required=False, min_value=1)
    until = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        named = [(str(each.pk), texts.local(each, "name")) for each in catalogue.category_list()]
        self.fields["segment"].choices = [("", pgettext_lazy("customers", "Everybody")), *Customer.Segment.choices]  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", _("Everything")), *named]  # type: ignore[attr-defined]


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponseBase:
    """List promotions and what the supplier offers; a POST starts one."""
    with context.reading():
        form = PromotionForm(request.POST or None)
    if form.is_valid() and _started(form):
        toast.add(request, _("It runs from now on."))
        return redirect(ground.url("promotions", ground.slug(request)))
    with context.reading():
        return _page(request, form)


def _page(request: Request, form: PromotionForm) -> HttpResponse:
    shop, now, gone = shops.get(), clock.now(), promotions.ended_by_supplier()
    found = {
        "row": shop,
        "form": form,
        "rows": [(each, words(each, shop.currency), _state(each, now, gone)) for each in promotions.listed()[:200]],
        "offered": [
            (each, texts.local(each, "name"), f"{each.value_bps / 100:g}", f"{each.share_bps / 100:g}")
            for each in promotions.offered()
        ],
        "now": now,
        "gone": gone,
    }
    return render(request, "office/promotions.html", found, status=422 if form.errors else 200)


def words(each: Promotion, currency: str) -> str:
    """Say what a promotion gives: ``10 % off``."""
    if each.kind == Kind.DELIVERY:
        return _("Free delivery")
    off = figures.amount(each.value, currency) if each.kind == Kind.AMOUNT else f"{each.value / 100:g} %"
    return _("%(off)s off") % {"off": off}


def _state(each: Promotion, now: datetime, gone: set[int]) -> State:
    if (each.ends_at is not None and each.ends_at <= now) or each.campaign_id in gone:
        return State("", _("Over"), "stop")
    if each.uses_most is not None and each.uses >= each.uses_most:
        return State("warn", _("Used up"), "full")
    return State("ok", _("Running"))


def _started(form: PromotionForm) -> bool:
    data = form.cleaned_data
    try:
        with context.reading():
            currency = shops.get().currency
        service.make(
            name=data["name"],
            kind=data["kind"],
            value=_value(data, currency),
            code=data["code"],
            categories=_below(data["category"]),
            least_minor=money.parse_amount(data["least"] or "0", currency, field="least"),
            uses_most=data["uses"],
            segment=data["segment"],
            ends_at=_end_of(data["until"]),
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


def _value(data: dict[str, Any], currency: str) -> int:
    if data["kind"] == Kind.DELIVERY:
        return 0
    if data["kind"] == Kind.AMOUNT:
        return money.parse_amount(data["value"] or "0", currency, field="value")
    return money.parse_amount(
        data["value"].strip().removesuffix("%") or "0", "USD", field="value"
    )  # hundredths of 1 %


def _below(category: str) -> list[int]:
    """Give a category with all below it, as they are now."""
    with context.reading():
        return catalogue.with_descendants(int(category)) if category else []


def _end_of(day: Any) -> datetime | None:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) if day else None


@reseller_role("manager")
@require_POST
def take_on(request: Request, campaign_id: int) -> HttpResponseBase:
    """Take on a campaign of the supplier."""
    return _done(request, lambda: service.take_on(campaign_id=campaign_id), _("It runs in your shop from now on."))


@reseller_role("manager")
@require_POST
def end(request: Request, promotion_id: int) -> HttpResponseBase:
    """End a promotion."""
    return _done(request, lambda: service.end(promotion_id=promotion_id), _("It is over. Orders placed keep it."))


def _done(request: Request, act: Any, said: str) -> HttpResponseBase:
    try:
        act()
        toast.add(request, said)
    except Refused as refusal:
        toast.add(request, str(refusal), tone="bad")
    return redirect(ground.url("promotions", ground.slug(request)))
