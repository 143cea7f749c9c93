"""Pages of the supplier's office about buying, and its insights."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import insights, plans, purchase_steps, purchases, replenishment, rounds, vendors
from enablement.web import urls_bills as billing
from enablement.web import urls_desk as desk
from enablement.web import urls_intelligence as intelligence
from enablement.web import urls_network_supply as network
from enablement.web import urls_quality_supply as quality
from enablement.web import urls_quotes as quoting
from enablement.web import urls_tools_supply as tools

urlpatterns: list[Any] = [
    *tools.urlpatterns,
    *desk.urlpatterns,
    *intelligence.urlpatterns,
    *network.urlpatterns,
    *quality.urlpatterns,
    *quoting.urlpatterns,
    *billing.urlpatterns,
    path("insights/", insights.supply, name="insights"),
    path("buying/", purchases.index, name="purchases"),
    path("buying/new/", purchases.new, name="purchase_new"),
    path("buying/needs/", replenishment.index, name="replenishment"),
    path("buying/plans/", plans.index, name="plans"),
    path("buying/plans/start/", plans.start, name="plan_start"),
    path("buying/plans/<str:number>/", plans.page, name="plan"),
    path("buying/plans/<str:number>/progress/", plans.progress, name="plan_progress"),
    path("buying/plans/<str:number>/order/", plans.order, name="plan_order"),
    path("buying/plans/<str:number>/shops/", plans.shops, name="plan_shops"),
    path("buying/rounds/", rounds.index, name="rounds"),
    path("buying/rounds/new/", rounds.new, name="round_new"),
    path("buying/rounds/<str:number>/", rounds.page, name="round"),
    path("buying/rounds/<str:number>/cancel/", rounds.cancel, name="round_cancel"),
    path("buying/costs/", purchases.costs, name="costs"),
    path("buying/orders/<str:number>/", purchases.page, name="purchase"),
    path("buying/orders/<str:number>/paper/", purchases.paper, name="purchase_paper"),
    path("buying/orders/<str:number>/lines/", purchase_steps.write, name="purchase_write"),
    path("buying/orders/<str:number>/add/", purchase_steps.add, name="purchase_add"),
    path("buying/orders/<str:number>/send/", purchase_steps.send, name="purchase_send"),
    path("buying/orders/<str:number>/postpone/", purchase_steps.postpone, name="purchase_postpone"),
    path("buying/orders/<str:number>/receive/", purchase_steps.receive, name="purchase_receive"),
    path("buying/orders/<str:number>/close/", purchase_steps.close, name="purchase_close"),
    path("buying/orders/<str:number>/cancel/", purchase_steps.cancel, name="purchase_cancel"),
    path("buying/vendors/", vendors.index, name="vendors"),
    path("buying/vendors/new/", vendors.new, name="vendor_new"),
    path("buying/vendors/<int:vendor_id>/", vendors.page, name="vendor"),
    path("buying/vendors/<int:vendor_id>/archive/", vendors.archive, name="vendor_archive"),
    path("buying/vendors/<int:vendor_id>/offers/new/", vendors.offer_new, name="vendor_offer_new"),
    path("buying/offers/<int:offer_id>/", vendors.offer, name="vendor_offer"),
    path("buying/offers/<int:offer_id>/remove/", vendors.offer_remove, name="vendor_offer_remove"),
]
