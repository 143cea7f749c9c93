"""Pages of vendors' bills and of paying them, in the supplier's office."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import bills, purchase_steps, vendor_pay

urlpatterns: list[Any] = [
    path("buying/bills/", bills.index, name="bills"),
    path("buying/bills/rules/", bills.rules, name="bill_rules"),
    path("buying/bills/<int:bill_id>/", bills.page, name="bill"),
    path("buying/bills/<int:bill_id>/refuse/", bills.refuse, name="bill_refuse"),
    path("buying/bills/<int:bill_id>/lines/<int:line_id>/", bills.decide, name="bill_decide"),
    path("buying/bills/<int:bill_id>/lines/<int:line_id>/credit/", bills.credit, name="bill_credit"),
    path("buying/orders/<str:number>/bill/", bills.new, name="bill_new"),
    path("buying/orders/<str:number>/costs/", purchase_steps.charge, name="purchase_charge"),
    path("buying/pay/", vendor_pay.index, name="vendor_pay"),
    path("buying/pay/new/", vendor_pay.file_new, name="vendor_file_new"),
    path("buying/pay/<str:number>/", vendor_pay.file, name="vendor_file"),
    path("buying/pay/<str:number>/paid/", vendor_pay.paid, name="vendor_paid"),
    path("buying/pay/<str:number>/bills/<int:bill_id>/back/", vendor_pay.came_back, name="vendor_came_back"),
    path("buying/vendors/<int:vendor_id>/bank/", vendor_pay.account, name="vendor_bank"),
]
