"""Services consumers can book with goods: what S offers, in its office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import ServiceKind, ServiceOption
from enablement.selectors import bookings
from enablement.services import service_options
from enablement.web import network_words as words
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from s2b2c.kernel.texts import local
from s2b2c.ui import toast
from supplier.models import Product
from supplier.web.catalogue_forms import category_choices


class OptionForm(forms.Form):
    """A service offered with a product or a category: names in both languages, price, and what of it is ours."""

    kind = forms.ChoiceField(label=_("What"), choices=[(kind.value, kind.label) for kind in service_options.KINDS])
    name_en = forms.CharField(label=_("Name, English"), max_length=80)
    name_zh = forms.CharField(label=_("Name, Chinese"), max_length=80, required=False)
    text_en = forms.CharField(label=_("What it is, English"), max_length=240, required=False)
    text_zh = forms.CharField(label=_("What it is, Chinese"), max_length=240, required=False)
    product = forms.CharField(
        label=_("With the product"), max_length=60, required=False, help_text=_("Its number or SKU")
    )
    category = forms.TypedChoiceField(label=_("Or with a category"), coerce=int, empty_value=None, required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in money.OFFERED])
    price = forms.CharField(label=_("Price to the customer"), max_length=20)
    cost = forms.CharField(
        label=_("Of it ours"), max_length=20, help_text=_("What a provider may ask at most; the rest is the shop’s.")
    )
    most_pieces = forms.IntegerField(label=_("Pieces in one visit, at most"), min_value=1, max_value=99, initial=4)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["category"].choices = [("", "–"), *category_choices()]  # type: ignore[attr-defined]

    @classmethod
    def of(cls, row: ServiceOption) -> OptionForm:
        """Give the form of what is offered already."""
        same = ("kind", "name_en", "name_zh", "text_en", "text_zh", "currency", "most_pieces")
        return cls(
            initial={name: getattr(row, name) for name in same}
            | {
                "product": row.product.code if row.product else "",
                "category": row.category_id,
                "price": money.to_decimal(row.price_minor, row.currency),
                "cost": money.to_decimal(row.cost_minor, row.currency),
            }
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in ("price", "cost"):
            try:
                found[f"{name}_minor"] = money.parse_amount(found.get(name) or "0", found.get("currency") or "USD")
            except Refused as refusal:
                self.add_error(name, str(refusal))
        found["product_id"] = self._product(found.get("product") or "")
        return found

    def _product(self, named: str) -> int | None:
        rows = Product.objects.filter(status=Product.Status.ACTIVE)
        found = named and (rows.filter(code__iexact=named).first() or rows.filter(variants__sku__iexact=named).first())
        if named and not found:
            self.add_error("product", gettext("There is no product with this number."))
        return found.pk if found else None

    def told(self) -> service_options.Offered:
        """Give what is offered."""
        data = self.cleaned_data
        same = ("kind", "name_en", "name_zh", "text_en", "text_zh", "currency", "most_pieces")
        return service_options.Offered(
            product_id=data["product_id"], category_id=data["category"], price_minor=data["price_minor"],
            cost_minor=data["cost_minor"], **{name: data[name] for name in same},
        )  # fmt: skip


def goods(row: ServiceOption) -> str:
    """Say what a service goes with."""
    if row.product is not None:
        return local(row.product, "name")
    return gettext("Everything in %(category)s") % {"category": local(row.category, "name")}


def shown(row: ServiceOption) -> dict[str, Any]:
    """Give a service as lists show it."""
    return {
        "option": row, "title": local(row, "name"), "text": local(row, "text"), "goods": goods(row),
        "icon": words.ICONS[row.kind], "kind": str(ServiceKind(row.kind).label),
        "shop_minor": row.price_minor - row.cost_minor,
    }  # fmt: skip


@supplier_role(*words.READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List what consumers can book with goods."""
    context = {"options": [shown(each) for each in bookings.options()[:200]], **words.tabs(request, "options")}
    return render(request, "supplier/network/options.html", context)


@supplier_role(*words.DISPATCHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Offer a service with goods."""
    return _edit(request, None, OptionForm(request.POST or None))


@supplier_role(*words.DISPATCHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, option_id: int) -> HttpResponseBase:
    """Change what is offered; what was booked stays as it was sold."""
    row = bookings.option(option_id)
    return _edit(request, row, OptionForm(request.POST) if request.method == "POST" else OptionForm.of(row))


def _edit(request: Request, row: ServiceOption | None, form: OptionForm) -> HttpResponseBase:
    if form.is_bound and form.is_valid():
        try:
            service_options.save(option_id=row.pk if row else None, told=form.told(), actor_id=request.user.pk)
            toast.add(request, gettext("Saved; shops show it at once."))
            return redirect("supply:service_options")
        except Refused as refusal:
            field = refusal.field or ""
            form.add_error(field if field in form.fields else None, str(refusal))
    context = {"form": form, "option": row, **words.tabs(request, "options")}
    return render(request, "supplier/network/option.html", context, status=422 if form.errors else 200)


@supplier_role(*words.DISPATCHERS)
@require_POST
def switch(request: Request, option_id: int) -> HttpResponseBase:
    """Offer it in shops, or no longer."""
    on = request.POST.get("active") == "1"
    service_options.switch(option_id=option_id, active=on, actor_id=request.user.pk)
    toast.add(
        request,
        gettext("Shops offer it again.") if on else gettext("Shops no longer offer it; what is booked is done."),
    )
    return redirect("supply:service_options")
