"""Bundles in the supplier's office: what is in one, and the page on which it is put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.ui import toast
from supplier.models import Product, Variant
from supplier.selectors import bundles as selectors
from supplier.selectors import catalogue
from supplier.services import bundles

_FIELD = "n-"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the page: a part with the number typed for it."""

    variant: Variant
    typed: str
    free: int

    @property
    def name(self) -> str:
        return f"{_FIELD}{self.variant.pk}"


@supplier_role("catalogue")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, product_id: int, variant_id: int) -> HttpResponse:
    """Put a bundle together: search, add, number, remove; nothing is kept before it is saved."""
    product = catalogue.product(product_id)
    variant = _variant(product, variant_id)
    typed, refused = _typed(request, variant), ""
    if request.method == "POST" and "save" in request.POST:
        try:
            bundles.put(variant_id=variant.pk, parts=_numbers(typed), actor_id=request.user.pk)
        except Refused as refusal:
            refused = str(refusal)
        else:
            toast.add(request, gettext("%(sku)s is a bundle of these now") % {"sku": variant.sku})
            return redirect(reverse("supply:product", args=[product.pk]) + "#bundles")
    context = _context(request, product, variant, typed, refused)
    return render(request, "supplier/catalogue/bundle.html", context, status=422 if refused else 200)


@supplier_role("catalogue")
@require_POST
def drop(request: Request, product_id: int, variant_id: int) -> HttpResponse:
    """Make a bundle that was never ordered a plain variant again."""
    variant = _variant(catalogue.product(product_id), variant_id)
    try:
        bundles.drop(variant_id=variant.pk, actor_id=request.user.pk)
    except Refused as refusal:
        toast.add(request, str(refusal), tone="bad")
    else:
        toast.add(request, gettext("%(sku)s is no bundle any more") % {"sku": variant.sku})
    return redirect(reverse("supply:product", args=[product_id]) + "#bundles")


def _variant(product: Product, variant_id: int) -> Variant:
    found = next((each for each in product.variants.all() if each.pk == variant_id), None)
    if found is None:
        raise NotFound()
    return found


def _typed(request: HttpRequest, variant: Variant) -> dict[int, str]:
    """Give the numbers on the page by variant: as stored, or as typed with what was added or removed."""
    if request.method != "POST":
        return {id_: str(pieces) for id_, pieces in selectors.parts([variant.pk]).get(variant.pk, {}).items()}
    typed = dict(_fields(request.POST))
    added, removed = _id(request.POST.get("add", "")), _id(request.POST.get("remove", ""))
    if added and added not in typed:
        typed[added] = "1"
    typed.pop(removed, None)
    return typed


def _fields(data: QueryDict) -> list[tuple[int, str]]:
    named = [(_id(name.removeprefix(_FIELD)), text) for name, text in data.items() if name.startswith(_FIELD)]
    return [(id_, str(text).strip()[:6]) for id_, text in named if id_][:50]


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _numbers(typed: dict[int, str]) -> dict[int, int]:
    """Read the numbers; what is no number is 0, which the service refuses with its reason."""
    return {id_: int(text) if text.isascii() and text.isdigit() else 0 for id_, text in typed.items()}


def _context(
    request: Request, product: Product, variant: Variant, typed: dict[int, str], refused: str
) -> dict[str, Any]:
    known = Variant.objects.filter(id__in=list(typed)).select_related("product__category")
    by_id = {each.pk: each for each in known.prefetch_related("product__media")}
    words = request.POST.get("q", "")[:80].strip()
    found = [each for each in selectors.candidates(words, without=variant.pk) if each.pk not in typed] if words else []
    free = selectors.free([*by_id, *(each.pk for each in found)])
    return {
        "product": product,
        "variant": variant,
        "content": selectors.of(variant),
        "rows": [Row(by_id[id_], text, free.get(id_, 0)) for id_, text in typed.items() if id_ in by_id],
        "q": words,
        "found": [Row(each, "", free.get(each.pk, 0)) for each in found],
        "refused": refused,
        "why_not": bundles.hindrance(variant.pk),
        "most": bundles.MOST_PIECES,
        "worth_minor": sum(
            by_id[id_].wholesale_minor * pieces for id_, pieces in _numbers(typed).items() if id_ in by_id
        ),
    }
