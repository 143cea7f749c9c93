"""Services a reseller books from its office."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import services_office

urlpatterns: list[Any] = [
    path("services/", services_office.index, name="services"),
    path("services/new/", services_office.new, name="service_new"),
    path("services/with-goods/", services_office.with_goods, name="service_options"),
    path("services/with-goods/<int:option_id>/", services_office.leave_out, name="service_option"),
    path("services/<str:number>/", services_office.page, name="service"),
    path("services/<str:number>/<slug:step>/", services_office.step, name="service_step"),
]
