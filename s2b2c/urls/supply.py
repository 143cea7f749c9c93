"""``supply.<platform>``: the supplier's office and its API. All pages are in the namespace ``supply``."""

from __future__ import annotations

from typing import Any

from django.urls import include, path

from enablement.web import urls_supply as buying
from enablement.web.api import urls as network_api
from s2b2c.accounts.web import urls_supply as accounts
from s2b2c.api.web import urls as api
from s2b2c.jobs.web import urls_supply as jobs
from s2b2c.urls import common
from supplier.web import urls_operations as operations
from supplier.web import urls_supply as catalogue
from supplier.web.api import urls_catalogue as catalogue_api
from supplier.web.api import urls_operations as api_operations

# Lists are joined before they are included: a namespace can be included only once.
pages: list[Any] = [
    *accounts.urlpatterns,
    *jobs.urlpatterns,
    *operations.urlpatterns,
    *catalogue.urlpatterns,
    *buying.urlpatterns,
]

api_v1: list[Any] = [
    *api.urlpatterns("supply"),
    *catalogue_api.urlpatterns,
    *api_operations.urlpatterns,
    *network_api.urlpatterns,
]

urlpatterns: list[Any] = [
    *common.staff,
    path("", include((pages, "supply"))),
    path("api/v1/", include((api_v1, "api"))),
    path("api/", include(api.elsewhere)),
]

handler500 = "s2b2c.ui.refusals.server_error"
