"""Orders and money in the shop's office, below ``/<shop>/``."""

from __future__ import annotations

from typing import Any

from django.urls import path

from orders.web import (
    office,
    office_bank,
    office_cases,
    office_changes,
    office_home,
    office_lines,
    office_money,
    office_payouts,
    office_refunds,
    office_returns,
    office_tips,
)

urlpatterns: list[Any] = [
    path("", office_home.home, name="home"),
    path("tips/", office_tips.tips, name="tips"),
    path("tips/answer/", office_tips.answer, name="answer_tip"),
    path("orders/", office.orders, name="orders"),
    path("orders/<slug:number>/", office.order, name="order"),
    path("orders/<slug:number>/cancel/", office.cancel, name="cancel_order"),
    path("orders/<slug:number>/address/", office_changes.address, name="order_address"),
    path("orders/<slug:number>/take-off/", office_changes.take_off, name="order_take_off"),
    path("orders/<slug:number>/hold/", office_changes.hold, name="hold_order"),
    path("orders/<slug:number>/resume/", office_changes.resume, name="resume_order"),
    path("orders/<slug:number>/refund/", office_refunds.give_back, name="refund_order"),
    path("orders/<slug:number>/refund/<int:refund_id>/", office.send_refund, name="send_refund"),
    path("orders/<slug:number>/bank/", office_bank.page, name="order_bank"),
    path("orders/<slug:number>/return/", office_returns.start, name="start_return"),
    path("orders/<slug:number>/return/<slug:back>/", office_returns.page, name="return"),
    path("help/", office_cases.index, name="cases"),
    path("help/<slug:number>/", office_cases.page, name="case"),
    path("money/", office_money.money, name="money"),
    path("money/account/", office_payouts.account, name="payout_account"),
    path("money/account/connect/", office_payouts.connect, name="payout_account_connect"),
    path("money/account/back/", office_payouts.back, name="payout_account_back"),
    path("money/papers/", office_payouts.on_papers, name="papers"),
    path("money/statements/<int:settlement_id>/", office_payouts.statement, name="statement"),
    path("money/invoices/<int:invoice_id>/", office_payouts.invoice, name="invoice"),
    path("money/lines/", office_lines.entries, name="money_lines"),
]
