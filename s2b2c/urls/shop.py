"""``<shop>.<platform>`` and a shop's own domains: what c sees, and the shop's API. Namespace ``shop``."""

from __future__ import annotations

from typing import Any

from django.urls import include, path

from s2b2c.api.web import urls as api
from s2b2c.urls import common
from storefront.web import urls_shop as storefront
from storefront.web.api import urls as storefront_api

# Lists are joined before they are included: a namespace can be included only once.
pages: list[Any] = [
    *storefront.urlpatterns,
]

api_v1: list[Any] = [
    *api.urlpatterns("shop"),
    *storefront_api.urlpatterns,
]

urlpatterns: list[Any] = [
    *common.everywhere,
    path("", include((pages, "shop"))),
    path("api/v1/", include((api_v1, "api"))),
    path("api/", include(api.elsewhere)),
]

handler404 = "storefront.web.content.not_found"
handler500 = "s2b2c.ui.refusals.server_error"
