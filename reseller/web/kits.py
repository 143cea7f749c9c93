"""Kits of S in the shop's office: the library, one kit, taking it on, making it one's own, its poster, its effect."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from enablement.models import Kit, KitUse
from enablement.selectors import effects, kits, visits
from reseller.models import Listing
from reseller.selectors import promotions
from reseller.selectors import shop as shops
from reseller.services import kits as service
from reseller.web import ground
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import texts
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.tenancy import context, hosts
from s2b2c.ui import toast

_DAY = forms.DateInput(attrs={"type": "date"})
_LONG = forms.Textarea(attrs={"rows": 7})


class AdaptForm(forms.Form):
    """The shop's own words, days and picture over those of a kit."""

    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=80, required=False)
    title_zh = forms.CharField(label=gettext_lazy("Title in Chinese"), max_length=80, required=False)
    lead_en = forms.CharField(label=gettext_lazy("One line in English"), max_length=200, required=False)
    lead_zh = forms.CharField(label=gettext_lazy("One line in Chinese"), max_length=200, required=False)
    story_en = forms.CharField(label=gettext_lazy("Story in English"), max_length=6_000, required=False, widget=_LONG)
    story_zh = forms.CharField(label=gettext_lazy("Story in Chinese"), max_length=6_000, required=False, widget=_LONG)
    shown_from = forms.DateField(label=gettext_lazy("First day"), required=False, widget=_DAY)
    shown_to = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=_DAY)
    upload = forms.FileField(
        label=gettext_lazy("Your own picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    theirs = forms.BooleanField(label=gettext_lazy("Show the supplier's picture again"), required=False)

    def __init__(self, data: Any, files: Any, *, use: KitUse) -> None:
        super().__init__(data, files, initial={name: getattr(use, name, None) for name in self.base_fields})
        for name in ("title", "lead", "story"):
            for tongue in ("en", "zh"):
                self.fields[f"{name}_{tongue}"].widget.attrs["placeholder"] = getattr(use.kit, f"{name}_{tongue}")[
                    :300
                ]

    @property
    def facts(self) -> dict[str, Any]:
        """Give what the service takes."""
        facts = {name: value for name, value in self.cleaned_data.items() if name not in ("upload", "theirs")}
        return {**facts, "picture": ""} if self.cleaned_data["theirs"] else facts


@reseller_role("manager")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """Show the library: what is in the shop, what S offers."""
    reseller = shops.reseller()
    on = kits.in_shop(reseller)
    offered = kits.offered(reseller)
    context = {
        "on": [(use, kits.words(use, "title"), kits.words(use, "lead"), kits.picture(use)) for use in on],
        "offered": [_card(kit) for kit in offered],
    }
    return render(request, "office/tools/kits.html", context)


def _card(kit: Any) -> dict[str, Any]:
    return {
        "kit": kit,
        "title": texts.local(kit, "title"),
        "lead": texts.local(kit, "lead"),
        "picture": kits.picture(kit),
        "off": f"{kit.value_bps / 100:g}" if kit.value_bps else "",
        "share": f"{kit.share_bps / 100:g}",
    }


@reseller_role("manager")
@require_safe
def page(request: Request, kit_id: int) -> HttpResponseBase:
    """Show a kit: what it is, what taking it on does, or what it has done."""
    kit = kits.open_to(shops.reseller(), kit_id)
    use = kits.use_of(shops.reseller(), kit_id)
    return _page(request, kit, use, AdaptForm(None, None, use=use) if use else None)


def _page(request: Request, kit: Kit, use: KitUse | None, form: AdaptForm | None) -> HttpResponseBase:
    goods = kits.goods(kit)
    found = {
        **_card(kit),
        "row": shops.get(),
        "use": use,
        "form": form,
        "goods": _goods(kit, goods),
        "listed": sum(each["status"] != "" for each in _goods(kit, goods)),
        "story": kits.words(use, "story") if use else texts.local(kit, "story"),
        "post": texts.local(kit, "post"),
    }
    if use:
        found |= {
            "title": kits.words(use, "title"),
            "lead": kits.words(use, "lead"),
            "picture": kits.picture(use),
            "off": "" if promotions.is_over(use.promotion_id) else found["off"],
            "effect": effects.of_use(use, shops.get().currency),
            "story_url": _story_url(kit),
            "opened": visits.of_kit(kit.pk, shops.reseller().pk, use.adopted_at.date()),
        }
    return render(request, "office/tools/kit.html", found, status=422 if form is not None and form.errors else 200)


def _goods(kit: Kit, goods: list[Any]) -> list[dict[str, Any]]:
    """Give the products with their state in the shop, and the suggested price before and after the offer."""
    ids = [each.product_id for each in goods]
    states = dict(Listing.objects.filter(product_id__in=ids).values_list("product_id", "status"))
    asked = kits.prices(ids)
    return [
        {
            "product": each.product,
            "name": texts.local(each.product, "name"),
            "status": states.get(each.product_id, ""),
            "price": asked[each.product_id]["suggested"] if each.product_id in asked else None,
            "currency": asked[each.product_id]["currency"] if each.product_id in asked else "",
        }
        for each in goods
    ]


def _story_url(kit: Kit) -> str:
    return f"{hosts.shop_url(shops.reseller()).rstrip('/')}/stories/{kit.slug}/"


@reseller_role("manager")
@require_POST
def adopt(request: Request, kit_id: int) -> HttpResponseBase:
    """Take a kit on."""
    try:
        done = service.adopt(kit_id=kit_id)
        toast.add(request, _said(done))
    except NotFound:
        raise
    except Refused as refusal:
        toast.add(request, str(refusal), tone="bad")
    return redirect(ground.url("kit", ground.slug(request), kit_id=kit_id))


def _said(done: service.Adopted) -> str:
    if not done.listed:
        return _("It is in your shop now: banner and story are on your front page.")
    text = ngettext(
        "It is in your shop now, with %(n)s new product.",
        "It is in your shop now, with %(n)s new products.",
        done.listed,
    )
    return text % {"n": done.listed}


@reseller_role("manager")
@require_POST
def adapt(request: Request, kit_id: int) -> HttpResponseBase:
    """Make a kit one's own."""
    with context.reading():
        use = kits.use_of(shops.reseller(), kit_id)
        if use is None:
            raise NotFound()
        form = AdaptForm(request.POST, request.FILES, use=use)
    if form.is_valid():
        try:
            service.adapt(kit_id=kit_id, facts=form.facts, upload=form.cleaned_data["upload"])
            toast.add(request, _("Saved: your customers see it now"))
            return redirect(ground.url("kit", ground.slug(request), kit_id=kit_id))
        except Refused as refusal:
            field = "upload" if refusal.field == "file" else refusal.field
            form.add_error(field if field in form.fields else None, str(refusal))
    with context.reading():
        return _page(request, use.kit, use, form)


@reseller_role("manager")
@require_POST
def leave(request: Request, kit_id: int) -> HttpResponseBase:
    """Take a kit out of the shop."""
    service.leave(kit_id=kit_id)
    toast.add(request, _("Taken out. Its products stay in your shop."))
    return redirect(ground.url("kits", ground.slug(request)))


@reseller_role("manager")
@require_safe
def poster(request: Request, kit_id: int) -> HttpResponseBase:
    """Show the poster of a kit in this shop, to print."""
    use = kits.use_of(shops.reseller(), kit_id)
    if use is None:
        raise NotFound()
    kit, url = use.kit, _story_url(use.kit)
    found = {
        "row": shops.get(),
        "kit": kit,
        "title": kits.words(use, "title"),
        "lead": kits.words(use, "lead"),
        "picture": kits.picture(use),
        "off": "" if promotions.is_over(use.promotion_id) else f"{kit.value_bps / 100:g}",
        "last": min((day for day in (kit.ends_on, use.shown_to) if day), default=None),
        "goods": kits.goods(kit)[:3],
        "url": url,
        "address": url.split("://", 1)[1].split("/", 1)[0],
    }
    return render(request, "office/tools/kit_poster.html", found)
