"""One product: its page, and each of its parts as a form of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.models import AuditEntry
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.kernel.texts import local
from s2b2c.ui import toast
from supplier.models import Product, Variant
from supplier.selectors import bundles
from supplier.selectors import catalogue as selectors
from supplier.services import bands, catalogue, media, variants
from supplier.web.catalogue import STATES, writes
from supplier.web.catalogue_forms import Grid, NewVariants, PictureForm, ProductForm, attributes, options

_S = Product.Status
_DONE: dict[str, tuple[str | Promise, str]] = {
    "product.created": (_("Created"), "plus"),
    "product.changed": (_("Text changed"), "pencil"),
    "product.active": (_("Put on sale"), "play"),
    "product.withdrawn": (_("Withdrawn"), "pause"),
    "product.draft": (_("Back to draft"), "undo-2"),
    "variants.added": (_("Variants added"), "plus"),
    "variants.changed": (_("Variants changed"), "pencil"),
    "bundle.set": (_("Bundle put together"), "package-plus"),
    "bundle.dropped": (_("Bundle undone"), "package-open"),
    "media.added": (_("Picture added"), "image"),
    "media.changed": (_("Picture described"), "image"),
    "media.ordered": (_("Pictures put in order"), "image"),
    "media.removed": (_("Picture removed"), "trash-2"),
}


@supplier_role("catalogue", "warehouse", "finance", "support", "quality")
@require_safe
def page(request: Request, product_id: int) -> HttpResponse:
    """Show a product."""
    return _page(request, selectors.product(product_id))


def _page(request: Request, product: Product, *, status: int = 200, **parts: Any) -> HttpResponse:
    """Draw the page, with forms that were refused in place of fresh ones."""
    held, made = selectors.stock_by_warehouse(product.id), _bundles(product)
    grid: Grid = parts.get("grid") or Grid(product)
    pairs = [
        (product.name_en, product.name_zh),
        (product.summary_en, product.summary_zh),
        (product.text_en, product.text_zh),
    ]
    pairs += [(each.get("value_en"), each.get("value_zh")) for each in product.attributes.values()]
    context = {
        "product": product,
        "state": STATES[product.status],
        "may_write": writes(request),
        "form": ProductForm.of(product),
        "picture_form": PictureForm(),
        "above": selectors.ancestors(product.category),
        "grid": grid,
        "currency": next((variant.currency for variant in product.variants.all()), ""),
        "missing": len(selectors.combinations(product)),
        "made": made,
        "plain": [each for each in product.variants.all() if each not in [variant for variant, _content in made]][:40],
        "inside_of": bundles.holding(each.pk for each in product.variants.all()),
        "stock": held,
        "stock_sum": {name: sum(getattr(each, name) for each in held) for name in ("on_hand", "held", "available")},
        "texts": {
            "of": len(pairs),
            "en": sum(bool(en) for en, _zh in pairs),
            "zh": sum(bool(zh) for _en, zh in pairs),
        },
        "events": [_event(entry) for entry in selectors.history(product.id)],
        **parts,
    }
    return render(request, "supplier/catalogue/product.html", {**context, "grid": grid}, status=status)


def _bundles(product: Product) -> list[tuple[Variant, bundles.Content]]:
    found = bundles.contents(each.pk for each in product.variants.all())
    return [(each, found[each.pk]) for each in product.variants.all() if each.pk in found]


def _event(entry: AuditEntry) -> dict[str, Any]:
    title, icon = _DONE.get(entry.action, (entry.action, "circle"))
    before = entry.detail.get("before", {})
    names = ", ".join(sorted(before)[:8]) if isinstance(before, dict) else ""
    return {
        "title": title,
        "icon": icon,
        "at": entry.at,
        "by": str(entry.actor or ""),
        "note": names or _parts(entry) or ", ".join(entry.detail.get("skus", [])[:8]),
    }


def _parts(entry: AuditEntry) -> str:
    parts = entry.detail.get("parts") or {}
    return (
        f"{', '.join(entry.detail['skus'])}: {' + '.join(f'{n} × {sku}' for sku, n in parts.items())}" if parts else ""
    )


@supplier_role("catalogue")
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request) -> HttpResponse:
    """Write a new product; its variants come next."""
    form = ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = catalogue.create_product(**form.values(), actor_id=request.user.pk)
        except Refused as refusal:
            _blame(form, refusal)
        else:
            toast.add(request, gettext("Draft saved. Now its variants and prices."))
            return redirect("supply:variants_new", made.pk)
    return render(request, "supplier/catalogue/new.html", {"form": form}, status=422 if form.errors else 200)


def _blame(form: Any, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


@supplier_role("catalogue")
@require_POST
def texts(request: Request, product_id: int) -> HttpResponse:
    """Save texts and attributes."""
    product = selectors.product(product_id)
    form = ProductForm(request.POST)
    if form.is_valid():
        try:
            catalogue.update_product(
                product_id=product.id,
                actor_id=request.user.pk,
                **form.values(),
                attributes=attributes(request.POST, product.attributes),
            )
        except Refused as refusal:
            _blame(form, refusal)
        else:
            toast.add(request, gettext("Saved. Every shop shows it now."))
            return redirect("supply:product", product.pk)
    return _page(request, product, form=form, status=422)


@supplier_role("catalogue")
@require_POST
def grid(request: Request, product_id: int) -> HttpResponse:
    """Save the spreadsheet of variants: all of it, or nothing and why."""
    product = selectors.product(product_id)
    typed = Grid(product, request.POST)
    changes, withdrawn, restored = typed.read()
    if not typed.faults:
        try:
            changed = variants.update(product_id=product.id, changes=changes, actor_id=request.user.pk)
        except bands.VariantsRefused as refusal:
            typed.refuse(refusal.faults)
        else:
            off = variants.withdraw(variant_ids=withdrawn, actor_id=request.user.pk) if withdrawn else 0
            on = variants.restore(variant_ids=restored, actor_id=request.user.pk) if restored else 0
            count = len({variant.id for variant in changed} | set(withdrawn) | set(restored))
            words = ngettext("%(n)s variant changed", "%(n)s variants changed", count) % {"n": count}
            toast.add(request, words if changed or off or on else gettext("Nothing has changed"))
            return redirect(reverse("supply:product", args=[product.pk]) + "#variants")
    return _page(request, product, grid=typed, status=422)


@supplier_role("catalogue")
@require_http_methods(["GET", "HEAD", "POST"])
def new_variants(request: Request, product_id: int) -> HttpResponse:
    """Add variants: the combinations of options that are missing, or one."""
    product = selectors.product(product_id)
    typed = NewVariants(product, variants.company_currency(), request.POST if request.method == "POST" else None)
    refused: list[str] = []
    if request.method == "POST":
        specs = typed.read()
        if not specs:
            refused = [gettext("Tick the variants to add.")]
        elif not typed.faults:
            try:
                made = variants.add(product_id=product.id, variants=specs, actor_id=request.user.pk)
            except bands.VariantsRefused as refusal:
                refused = typed.refuse(refusal.faults)
            except Refused as refusal:
                refused = [str(refusal)]
            else:
                toast.add(
                    request, ngettext("%(n)s variant added", "%(n)s variants added", len(made)) % {"n": len(made)}
                )
                return redirect(reverse("supply:product", args=[product.pk]) + "#variants")
    context = {"product": product, "new": typed, "refused": refused}
    status = 422 if refused or typed.faults else 200
    return render(request, "supplier/catalogue/variants_new.html", context, status=status)


@supplier_role("catalogue")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_options(request: Request, product_id: int) -> HttpResponse:
    """Change what variants differ by: options and their values in both languages."""
    product = selectors.product(product_id)
    typed = product.options
    refused = ""
    if request.method == "POST":
        typed = options(request.POST, product.options)
        try:
            catalogue.update_product(product_id=product.id, actor_id=request.user.pk, options=typed)
        except Refused as refusal:
            refused = str(refusal)
        else:
            toast.add(request, gettext("Options saved"))
            return redirect(
                "supply:variants_new" if selectors.combinations(selectors.product(product_id)) else "supply:product",
                product.pk,
            )
    context = {"product": product, "options": typed, "refused": refused}
    return render(request, "supplier/catalogue/options.html", context, status=422 if refused else 200)


@supplier_role("catalogue")
@require_POST
def set_status(request: Request, product_id: int) -> HttpResponse:
    """Put a product on sale, withdraw or restore it; undo leads back here."""
    product = selectors.product(product_id)
    wanted = request.GET.get("to") or request.POST.get("to", "")
    outcome = catalogue.set_status(product_ids=[product.id], status=wanted, actor_id=request.user.pk)
    words = {
        _S.ACTIVE: gettext("%(name)s is on sale"),
        _S.WITHDRAWN: gettext("%(name)s is in no shop any more"),
        _S.DRAFT: gettext("%(name)s is a draft again"),
    }
    if outcome.done:
        undo = f"{reverse('supply:product_status', args=[product.pk])}?to={product.status}"
        toast.add(request, words[_S(wanted)] % {"name": local(product, "name")}, undo_url=undo)
    elif outcome.refused:
        toast.add(request, outcome.refused[0][1], tone="bad")
    return redirect("supply:product", product.pk)


@supplier_role("catalogue")
@require_POST
def add_picture(request: Request, product_id: int) -> HttpResponse:
    """Add a picture."""
    product = selectors.product(product_id)
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            media.add(
                product_id=product.id,
                upload=given["file"],
                alt_en=given["alt_en"],
                alt_zh=given["alt_zh"],
                actor_id=request.user.pk,
            )
        except Refused as refusal:
            _blame(form, refusal)
        else:
            toast.add(request, gettext("Picture added"))
            return redirect("supply:product", product.pk)
    return _page(request, product, picture_form=form, status=422)


@supplier_role("catalogue")
@require_POST
def change_picture(request: Request, product_id: int, media_id: int) -> HttpResponse:
    """Describe a picture, put it first, or remove it."""
    product = selectors.product(product_id)
    if all(medium.id != media_id for medium in product.media.all()):
        return redirect("supply:product", product.pk)
    action = request.POST.get("action", "")
    if action == "remove":
        media.remove(media_id=media_id, actor_id=request.user.pk)
        toast.add(request, gettext("Picture removed"))
    elif action == "first":
        media.reorder(product_id=product.id, media_ids=[media_id], actor_id=request.user.pk)
    else:
        words = {name: request.POST.get(name, "") for name in ("alt_en", "alt_zh")}
        media.update(media_id=media_id, actor_id=request.user.pk, alt_en=words["alt_en"], alt_zh=words["alt_zh"])
        toast.add(request, gettext("Saved"))
    return redirect("supply:product", product.pk)
