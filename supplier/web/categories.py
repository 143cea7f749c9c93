"""The category tree."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import toast
from supplier.models import Category
from supplier.selectors import catalogue as selectors
from supplier.services import categories
from supplier.web.catalogue_forms import CategoryForm


@supplier_role("catalogue")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """Show the tree; a POST adds a category."""
    form = CategoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = categories.create(
                name_en=given["name_en"],
                name_zh=given["name_zh"],
                parent_id=given["parent"],
                plate=given["plate"],
                warranty_months=given["warranty_months"],
                actor_id=request.user.pk,
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            toast.add(request, gettext("%(name)s added") % {"name": made.name_en})
            return redirect("supply:categories")
    context = {"nodes": selectors.tree(), "form": form}
    return render(request, "supplier/catalogue/categories.html", context, status=422 if form.errors else 200)


@supplier_role("catalogue")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, category_id: int) -> HttpResponse:
    """Rename a category or put it elsewhere."""
    category = categories.get(category_id)
    parent = category.get_parent()
    initial = {
        "name_en": category.name_en,
        "name_zh": category.name_zh,
        "plate": category.plate,
        "warranty_months": category.warranty_months,
        "parent": parent.id if parent else "",
    }
    form = CategoryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            categories.update(
                category_id=category.id, actor_id=request.user.pk,
                name_en=given["name_en"], name_zh=given["name_zh"], plate=given["plate"] or category.plate,
                warranty_months=given["warranty_months"],
            )  # fmt: skip
            if given["parent"] != (parent.id if parent else None):
                categories.move(category_id=category.id, parent_id=given["parent"], actor_id=request.user.pk)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            toast.add(request, gettext("Saved"))
            return redirect("supply:categories")
    context = {"form": form, "category": category}
    return render(request, "supplier/catalogue/category.html", context, status=422 if form.errors else 200)


@supplier_role("catalogue")
@require_POST
def move(request: Request, category_id: int) -> HttpResponse:
    """Put a category one place up or down among its siblings."""
    category = categories.get(category_id)
    siblings = list(category.get_siblings())
    place = next(index for index, each in enumerate(siblings) if each.id == category.id)
    parent = category.get_parent()
    order: list[Category] = [each for each in siblings if each.id != category.id]
    to = place - 1 if request.POST.get("to") == "up" else place + 1
    if 0 <= to < len(siblings):
        before = order[to].id if to < len(order) else None
        categories.move(
            category_id=category.id,
            parent_id=parent.id if parent else None,
            before_id=before,
            actor_id=request.user.pk,
        )
    return redirect("supply:categories")


@supplier_role("catalogue")
@require_POST
def delete(request: Request, category_id: int) -> HttpResponse:
    """Remove an empty category."""
    try:
        categories.delete(category_id=category_id, actor_id=request.user.pk)
    except Refused as refusal:
        toast.add(request, str(refusal), tone="bad")
    else:
        toast.add(request, gettext("Category removed"))
    return redirect("supply:categories")
