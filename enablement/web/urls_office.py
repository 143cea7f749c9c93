"""Pages of the five dimensions in a reseller's office."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import insights
from enablement.web import urls_network_office as network
from enablement.web import urls_tools_office as tools

urlpatterns: list[Any] = [
    *tools.urlpatterns,
    *network.urlpatterns,
    path("insights/", insights.office, name="insights"),
]
