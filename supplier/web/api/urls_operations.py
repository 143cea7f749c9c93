"""The supplier's API for stock and fulfilment, below ``/api/v1/``; namespace ``api``."""

from __future__ import annotations

from typing import Any

from django.urls import path

from s2b2c.accounts.permissions import public
from supplier.web.api import cash, deliveries, fulfilment, returns, settlement, shipments, stock

_ORDER = "fulfilment-orders/<str:number>/"

urlpatterns: list[Any] = [
    path("stock/", public(stock.Stock.as_view()), name="stock"),
    path("stock/receipts/", public(stock.Receipts.as_view()), name="stock_receipts"),
    path("stock/adjustments/", public(stock.Adjustments.as_view()), name="stock_adjustments"),
    path("stock/<str:sku>/", public(stock.StockOfOne.as_view()), name="stock_of"),
    path("fulfilment-orders/", public(fulfilment.FulfilmentOrders.as_view()), name="fulfilment_orders"),
    path(_ORDER, public(fulfilment.OneFulfilmentOrder.as_view()), name="fulfilment_order"),
    path(f"{_ORDER}picking/", public(fulfilment.Picking.as_view()), name="picking"),
    path(f"{_ORDER}packing/", public(fulfilment.Packing.as_view()), name="packing"),
    path(f"{_ORDER}shortages/", public(fulfilment.Shortages.as_view()), name="shortages"),
    path(f"{_ORDER}hold/", public(fulfilment.Hold.as_view()), name="hold"),
    path(f"{_ORDER}shipments/", public(shipments.Shipments.as_view()), name="shipments"),
    path("cash-on-delivery/", public(cash.CashOnDelivery.as_view()), name="cash_on_delivery"),
    path("deliveries/", public(deliveries.Deliveries.as_view()), name="deliveries"),
    path("returns/", public(returns.Returns.as_view()), name="returns"),
    path("returns/<str:number>/", public(returns.OneReturn.as_view()), name="return"),
    path("returns/<str:number>/receipt/", public(returns.Receipt.as_view()), name="return_receipt"),
    path("returns/<str:number>/inspection/", public(returns.Inspection.as_view()), name="return_inspection"),
    path("settlement/balances/<slug:slug>/", public(settlement.BalanceOf.as_view()), name="balance"),
    path("settlement/statements/", public(settlement.Statements.as_view()), name="statements"),
    path("settlement/statements/<str:number>/", public(settlement.OneStatement.as_view()), name="statement"),
    path("settlement/statements/<str:number>/lines/", public(settlement.Lines.as_view()), name="statement_lines"),
    path("settlement/payouts/", public(settlement.Payouts.as_view()), name="payouts"),
]
