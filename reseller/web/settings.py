"""What the shop is called and promises: name, texts, contact, delivery, tax, ways to pay, policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from reseller.models import Shop
from reseller.selectors import shop as shops
from reseller.services import shop as service
from reseller.web import countries
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context
from s2b2c.ui import toast


class ProfileForm(forms.ModelForm):
    """Name and words, both languages, and how customers reach the shop."""

    class Meta:
        model = Shop
        fields = (
            "name", "tagline_en", "tagline_zh", "story_en", "story_zh", "notice_en", "notice_zh", "email", "phone", "address"
        )  # fmt: skip
        labels = {
            "name": gettext_lazy("Name of your shop"),
            "tagline_en": gettext_lazy("One line about it, in English"),
            "tagline_zh": gettext_lazy("One line about it, in Chinese"),
            "story_en": gettext_lazy("Your story, in English"),
            "story_zh": gettext_lazy("Your story, in Chinese"),
            "notice_en": gettext_lazy("Notice at the top, in English"),
            "notice_zh": gettext_lazy("Notice at the top, in Chinese"),
            "email": gettext_lazy("E-mail for customers"),
            "phone": gettext_lazy("Phone"),
            "address": gettext_lazy("Postal address"),
        }
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("story_en", "story_zh")}


class DeliveryForm(forms.Form):
    """What delivery costs and where it goes; amounts as people write them."""

    price = forms.CharField(label=gettext_lazy("Price of delivery"), max_length=20)
    free_over = forms.CharField(
        label=gettext_lazy("Free from"), required=False, max_length=20, help_text=gettext_lazy("Empty: never free.")
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Countries and regions you deliver to"),
        choices=countries.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class TaxForm(forms.Form):
    """The rate of tax, and whether prices hold it."""

    rate = forms.DecimalField(
        label=gettext_lazy("Rate of tax"), min_value=0, max_value=50, decimal_places=2, localize=False
    )
    included = forms.BooleanField(label=gettext_lazy("My prices include the tax"), required=False)


class PaymentForm(forms.Form):
    """Ways to pay."""

    card_enabled = forms.BooleanField(label=gettext_lazy("Card, Alipay, WeChat Pay"), required=False)
    cod_enabled = forms.BooleanField(label=gettext_lazy("Cash on delivery"), required=False)


POLICY_NAMES = {
    "delivery": gettext_lazy("Delivery"),
    "returns": gettext_lazy("Returns"),
    "privacy": gettext_lazy("Privacy"),
    "imprint": gettext_lazy("Imprint"),
}


class PolicyForm(forms.Form):
    """The policies in both languages."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for code, name in POLICY_NAMES.items():
            for lang, language in (("en", gettext_lazy("English")), ("zh", gettext_lazy("Chinese"))):
                self.fields[f"{code}_{lang}"] = forms.CharField(
                    label=f"{name} · {language}",
                    required=False,
                    max_length=20_000,
                    widget=forms.Textarea(attrs={"rows": 4, "lang": "zh-Hans" if lang == "zh" else "en"}),
                )


SECTIONS = ("profile", "delivery", "tax", "payment", "policies")


def _forms(shop: Shop) -> dict[str, forms.BaseForm]:
    shipping = shop.shipping
    free = shipping.get("free_over_minor")

    def written(minor: int | None) -> str:
        return "" if minor is None else str(money.to_decimal(minor, shop.currency))

    policies = {
        f"{code}_{lang}": shop.policies.get(code, {}).get(lang, "") for code in POLICY_NAMES for lang in ("en", "zh")
    }
    return {
        "profile": ProfileForm(instance=shop),
        "delivery": DeliveryForm(
            initial={
                "price": written(shipping.get("price_minor", 0)),
                "free_over": written(free),
                "countries": shop.countries,
            }
        ),
        "tax": TaxForm(initial={"rate": f"{shop.tax_bps / 100:g}", "included": shop.tax_included}),
        "payment": PaymentForm(initial={"card_enabled": shop.card_enabled, "cod_enabled": shop.cod_enabled}),
        "policies": PolicyForm(initial=policies),
    }


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Request) -> HttpResponseBase:
    """Show the shop's settings; each section is a form of its own."""
    with context.reading():
        shop = shops.get()
        found = _forms(shop)
    section = request.POST.get("section", "")
    if request.method != "POST" or section not in SECTIONS:
        return _page(request, shop, found)
    form = found[section] = _bound(section, request.POST, shop)
    if not form.is_valid():
        return _page(request, shop, found, status=422)
    try:
        SAVE[section](form, shop)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _page(request, shop, found, status=refused.status)
    toast.add(request, _("Saved. Your shop shows it at once."))
    assert request.reseller is not None
    return redirect(f"{reverse('office:settings', kwargs={'shop': request.reseller.slug})}#{section}")


def _page(request: Request, shop: Shop, found: dict[str, forms.BaseForm], *, status: int = 200) -> HttpResponse:
    with context.reading():
        return render(request, "office/settings.html", {"row": shop, "forms": found}, status=status)


def _bound(section: str, data: QueryDict, shop: Shop) -> forms.BaseForm:
    if section == "profile":
        return ProfileForm(data, instance=Shop(id=shop.id, currency=shop.currency))
    kinds: dict[str, type[forms.Form]] = {
        "delivery": DeliveryForm, "tax": TaxForm, "payment": PaymentForm, "policies": PolicyForm
    }  # fmt: skip
    return kinds[section](data)


def _save_profile(form: forms.BaseForm, shop: Shop) -> None:
    service.write_profile(texts=form.cleaned_data)


def _save_delivery(form: forms.BaseForm, shop: Shop) -> None:
    given = form.cleaned_data
    free = given["free_over"].strip()
    service.set_delivery(
        price_minor=money.parse_amount(given["price"], shop.currency, field="price"),
        free_over_minor=money.parse_amount(free, shop.currency, field="free_over") if free else None,
        countries=given["countries"],
    )


def _save_tax(form: forms.BaseForm, shop: Shop) -> None:
    service.set_tax(tax_bps=int(form.cleaned_data["rate"] * 100), tax_included=form.cleaned_data["included"])


def _save_payment(form: forms.BaseForm, shop: Shop) -> None:
    service.set_payment(card=form.cleaned_data["card_enabled"], cod=form.cleaned_data["cod_enabled"])


def _save_policies(form: forms.BaseForm, shop: Shop) -> None:
    given = form.cleaned_data
    service.write_policies(
        policies={code: {lang: given[f"{code}_{lang}"] for lang in ("en", "zh")} for code in POLICY_NAMES}
    )


SAVE: dict[str, Callable[[Any, Shop], None]] = {
    "profile": _save_profile,
    "delivery": _save_delivery,
    "tax": _save_tax,
    "payment": _save_payment,
    "policies": _save_policies,
}
