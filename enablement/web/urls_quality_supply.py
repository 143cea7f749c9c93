"""Pages of the supplier's office about quality: inspections, their plans, complaints, recalls."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import inspections

urlpatterns: list[Any] = [
    path("quality/inspections/", inspections.index, name="inspections"),
    path("quality/inspections/<int:inspection_id>/", inspections.page, name="inspection"),
    path("quality/plans/", inspections.plans, name="inspection_plans"),
    path("quality/plans/<int:plan_id>/end/", inspections.plan_end, name="inspection_plan_end"),
    path("quality/plans/<int:plan_id>/begin/", inspections.plan_resume, name="inspection_plan_begin"),
    path("quality/lots/<int:lot_id>/inspect/", inspections.again, name="lot_inspect"),
]
