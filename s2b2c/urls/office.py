"""``office.<platform>``: the resellers' office. All pages are in the namespace ``office``.

A page of a shop lies below ``/<shop>/`` and is linked by ``{% url "office:orders" shop=request.reseller.slug %}``;
``reseller_role`` takes that argument off, so the view is ``orders(request)``.
"""

from __future__ import annotations

from typing import Any

from django.urls import include, path

from enablement.web import urls_office as enablement
from orders.web import urls_office as orders
from reseller.web import urls_office as reseller
from s2b2c.accounts.web import urls_office as accounts
from s2b2c.jobs.web import urls_office as jobs
from s2b2c.urls import common

# Lists are joined before they are included: a namespace can be included only once.
# Before a shop is chosen: the list of my shops, opening one.
entrance: list[Any] = [
    *accounts.entrance,
    *reseller.entrance,
]

# Inside a shop.
pages: list[Any] = [
    *accounts.urlpatterns,
    *jobs.urlpatterns,
    *orders.urlpatterns,
    *reseller.urlpatterns,
    *enablement.urlpatterns,
]

urlpatterns: list[Any] = [
    *common.staff,
    path("", include(([*entrance, path("<slug:shop>/", include(pages))], "office"))),
]

handler500 = "s2b2c.ui.refusals.server_error"
