"""Pages of the five dimensions in a reseller's office."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import care_office, insights, rounds_office
from enablement.web import urls_network_office as network
from enablement.web import urls_tools_office as tools

urlpatterns: list[Any] = [
    *tools.urlpatterns,
    *network.urlpatterns,
    path("insights/", insights.office, name="insights"),
    path("rounds/", rounds_office.index, name="rounds"),
    path("rounds/<str:number>/", rounds_office.page, name="round"),
    path("rounds/<str:number>/live/", rounds_office.live, name="round_live"),
    path("rounds/<str:number>/items/<int:variant_id>/", rounds_office.commit, name="round_commit"),
    path("complaints/", care_office.index, name="complaints"),
    path("complaints/<str:number>/", care_office.page, name="complaint"),
]
