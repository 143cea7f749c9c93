"""Pages of the supplier's office about what is sold, sent, kept and owed."""

from __future__ import annotations

from typing import Any

from django.urls import path

from supplier.web import (
    cash,
    fulfilment,
    ledger,
    orders,
    outbox,
    palette,
    picking,
    resellers,
    stock,
    today,
    warehouses,
    waves,
)

urlpatterns: list[Any] = [
    path("", today.index, name="today"),
    path("search/", palette.palette, name="palette"),
    path("orders/", orders.index, name="orders"),
    path("orders/<slug:slug>/<str:number>/", orders.page, name="order"),
    path("fulfilment/", fulfilment.index, name="fulfilment"),
    path("fulfilment/wave/", waves.wave_start, name="wave_start"),
    path("fulfilment/wave/pack/", picking.wave_pack, name="wave_pack"),
    path("fulfilment/pick/", picking.pick, name="pick"),
    path("fulfilment/list/", waves.pick_list, name="pick_list"),
    path("fulfilment/<str:number>/", fulfilment.page, name="fulfilment_order"),
    path("fulfilment/<str:number>/start/", fulfilment.start, name="start_picking"),
    path("fulfilment/<str:number>/put-back/", fulfilment.put_back, name="put_back"),
    path("fulfilment/<str:number>/pack/", fulfilment.pack, name="pack"),
    path("fulfilment/<str:number>/unpack/", fulfilment.unpack, name="unpack"),
    path("fulfilment/<str:number>/ship/", fulfilment.ship, name="ship"),
    path("fulfilment/<str:number>/short/", fulfilment.short, name="short"),
    path("stock/", stock.index, name="stock"),
    path("stock/<int:variant_id>/", stock.of, name="stock_of"),
    path("stock/<int:variant_id>/receive/", stock.receive, name="stock_receive"),
    path("stock/<int:variant_id>/adjust/", stock.adjust, name="stock_adjust"),
    path("warehouses/", warehouses.index, name="warehouses"),
    path("warehouses/<int:warehouse_id>/", warehouses.page, name="warehouse"),
    path("resellers/", resellers.index, name="resellers"),
    path("resellers/new/", resellers.new, name="reseller_new"),
    path("resellers/terms/", resellers.everybody, name="terms"),
    path("resellers/<slug:slug>/", resellers.page, name="reseller"),
    path("resellers/<slug:slug>/approve/", resellers.approve, name="reseller_approve"),
    path("resellers/<slug:slug>/decline/", resellers.decline, name="reseller_decline"),
    path("resellers/<slug:slug>/suspend/", resellers.suspend, name="reseller_suspend"),
    path("resellers/<slug:slug>/reopen/", resellers.reopen, name="reseller_reopen"),
    path("resellers/<slug:slug>/terms/", resellers.set_terms, name="reseller_terms"),
    path("cash/", cash.index, name="cash"),
    path("cash/settle/", cash.settle, name="cash_settle"),
    path("cash/list/", cash.upload, name="cash_upload"),
    path("ledger/", ledger.index, name="ledger"),
    path("ledger/check/", ledger.check, name="ledger_check"),
    path("ledger/journals/", ledger.journals, name="journals"),
    path("ledger/journals/<int:journal_id>/", ledger.journal, name="journal"),
    path("events/", outbox.index, name="outbox"),
    path("events/<int:event_id>/", outbox.page, name="outbox_event"),
    path("events/<int:event_id>/retry/", outbox.retry, name="outbox_retry"),
    path("events/<int:event_id>/skip/", outbox.skip, name="outbox_skip"),
]
