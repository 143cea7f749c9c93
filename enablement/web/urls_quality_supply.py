"""Pages of the supplier's office about quality: inspections, their plans, complaints, recalls."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import care, inspections, recalls, standing

urlpatterns: list[Any] = [
    path("buying/vendors/<int:vendor_id>/standing/", standing.page, name="vendor_standing"),
    path("buying/vendors/<int:vendor_id>/paper/", standing.paper, name="vendor_paper"),
    path("buying/vendors/<int:vendor_id>/paper/<int:paper_id>/", standing.paper_file, name="vendor_paper_file"),
    path("buying/vendors/<int:vendor_id>/vet/", standing.decide, name="vendor_vet"),
    path("buying/vendors/<int:vendor_id>/origin/", standing.origin, name="vendor_origin"),
    path("quality/complaints/", care.index, name="complaints"),
    path("quality/complaints/<str:number>/", care.complaint, name="complaint"),
    path("quality/complaints/<str:number>/lot/", care.name_lot, name="complaint_lot"),
    path("quality/reviews/", care.review_index, name="reviews"),
    path("quality/reviews/<int:review_id>/", care.review, name="review"),
    path("quality/recalls/", recalls.index, name="recalls"),
    path("quality/recalls/new/", recalls.new, name="recall_new"),
    path("quality/recalls/<str:number>/", recalls.page, name="recall"),
    path("quality/recalls/<str:number>/start/", recalls.start, name="recall_start"),
    path("quality/inspections/", inspections.index, name="inspections"),
    path("quality/inspections/<int:inspection_id>/", inspections.page, name="inspection"),
    path("quality/plans/", inspections.plans, name="inspection_plans"),
    path("quality/plans/<int:plan_id>/end/", inspections.plan_end, name="inspection_plan_end"),
    path("quality/plans/<int:plan_id>/begin/", inspections.plan_resume, name="inspection_plan_begin"),
    path("quality/lots/<int:lot_id>/inspect/", inspections.again, name="lot_inspect"),
]
