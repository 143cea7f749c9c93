"""Pages of data intelligence in the supplier's office."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import advice, alerts, forecasts

urlpatterns: list[Any] = [
    path("insights/alerts/", alerts.index, name="alerts"),
    path("insights/advice/", advice.index, name="advice"),
    path("insights/forecasts/", forecasts.index, name="forecasts"),
    path("insights/forecasts/<int:variant_id>/", forecasts.page, name="forecast"),
]
