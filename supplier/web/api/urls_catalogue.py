"""The supplier's API for the catalogue, below ``/api/v1/``; namespace ``api``."""

from __future__ import annotations

from typing import Any

from django.urls import path

from s2b2c.accounts.permissions import public
from supplier.web.api import catalogue

urlpatterns: list[Any] = [
    path("categories/", public(catalogue.Categories.as_view()), name="categories"),
    path("products/", public(catalogue.Products.as_view()), name="products"),
    path("products/<str:code>/", public(catalogue.OneProduct.as_view()), name="product"),
    path("products/<str:code>/variants/", public(catalogue.VariantsOfProduct.as_view()), name="product_variants"),
    path("variants/", public(catalogue.Variants.as_view()), name="variants"),
    path("variants/<str:sku>/", public(catalogue.OneVariant.as_view()), name="variant"),
]
