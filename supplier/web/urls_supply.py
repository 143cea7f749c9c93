"""Pages of the supplier's office about the catalogue and its imports."""

from __future__ import annotations

from typing import Any

from django.urls import path

from supplier.web import bundles, catalogue, categories, products
from supplier.web.imports import files, pages, steps

_catalogue: list[Any] = [
    path("catalogue/", catalogue.index, name="catalogue"),
    path("catalogue/category/", catalogue.set_category, name="products_category"),
    path("catalogue/new/", products.create, name="product_new"),
    path("catalogue/<int:product_id>/", products.page, name="product"),
    path("catalogue/<int:product_id>/texts/", products.texts, name="product_texts"),
    path("catalogue/<int:product_id>/status/", products.set_status, name="product_status"),
    path("catalogue/<int:product_id>/options/", products.edit_options, name="product_options"),
    path("catalogue/<int:product_id>/variants/", products.grid, name="variants"),
    path("catalogue/<int:product_id>/variants/new/", products.new_variants, name="variants_new"),
    path("catalogue/<int:product_id>/variants/<int:variant_id>/bundle/", bundles.edit, name="bundle"),
    path("catalogue/<int:product_id>/variants/<int:variant_id>/bundle/drop/", bundles.drop, name="bundle_drop"),
    path("catalogue/<int:product_id>/pictures/", products.add_picture, name="picture_add"),
    path("catalogue/<int:product_id>/pictures/<int:media_id>/", products.change_picture, name="picture"),
]

_categories: list[Any] = [
    path("catalogue/categories/", categories.index, name="categories"),
    path("catalogue/categories/<int:category_id>/", categories.edit, name="category"),
    path("catalogue/categories/<int:category_id>/move/", categories.move, name="category_move"),
    path("catalogue/categories/<int:category_id>/delete/", categories.delete, name="category_delete"),
]

_imports: list[Any] = [
    path("imports/", pages.index, name="imports"),
    path("imports/sample.csv", files.sample, name="import_sample"),
    path("imports/<slug:token>/", pages.page, name="import"),
    path("imports/<slug:token>/progress/", pages.progress, name="import_progress"),
    path("imports/<slug:token>/reread/", steps.reread, name="import_reread"),
    path("imports/<slug:token>/check/", steps.check, name="import_check"),
    path("imports/<slug:token>/correct/", steps.correct, name="import_correct"),
    path("imports/<slug:token>/apply/", steps.apply, name="import_apply"),
    path("imports/<slug:token>/revert/", steps.revert, name="import_revert"),
    path("imports/<slug:token>/discard/", steps.discard, name="import_discard"),
    path("imports/<slug:token>/failed.csv", files.errors, name="import_errors"),
]

urlpatterns: list[Any] = [*_catalogue, *_categories, *_imports]
