"""Pages of a shop, namespace ``shop``."""

from __future__ import annotations

from typing import Any

from django.urls import path, re_path

from storefront.web import (
    account,
    bank,
    cart,
    catalogue,
    checkout,
    content,
    home,
    order,
    product,
    returns,
    stories,
    telling,
    trace,
)
from storefront.web import help as help_

urlpatterns: list[Any] = [
    path("", home.page, name="home"),
    path("c/", catalogue.category, name="all"),
    path("c/<slug:slug>/", catalogue.category, name="category"),
    path("p/<slug:slug>/", product.product, name="product"),
    path("stories/<slug:slug>/", stories.page, name="story"),
    path("search/", catalogue.find, name="search"),
    path("search/suggest/", catalogue.suggest, name="suggest"),
    path("bag/", cart.page, name="bag"),
    path("bag/drawer/", cart.drawer, name="drawer"),
    path("bag/add/", cart.add, name="bag_add"),
    path("bag/change/", cart.change, name="bag_change"),
    path("bag/remove/", cart.remove, name="bag_remove"),
    path("bag/code/", cart.code, name="bag_code"),
    path("bag/accept/", cart.accept, name="bag_accept"),
    path("checkout/", checkout.page, name="checkout"),
    path("order/<slug:token>/", order.page, name="order"),
    path("order/<slug:token>/check/", order.check, name="order_check"),
    path("order/<slug:token>/pay/", order.pay, name="order_pay"),
    path("order/<slug:token>/cancel/", order.cancel, name="order_cancel"),
    path("order/<slug:token>/return/", returns.ask, name="return"),
    path("order/<slug:token>/return/<slug:number>/", returns.slip, name="return_slip"),
    path("order/<slug:token>/return/<slug:number>/sent/", returns.sent, name="return_sent"),
    path("order/<slug:token>/return/<slug:number>/withdraw/", returns.withdraw, name="return_withdraw"),
    path("order/<slug:token>/bank/", bank.page, name="order_bank"),
    path("order/<slug:token>/help/", help_.ask, name="help"),
    path("order/<slug:token>/help/<slug:number>/", help_.thread, name="help_thread"),
    path("order/<slug:token>/help/<slug:number>/solved/", help_.solved, name="help_solved"),
    path("order/<slug:token>/help/<slug:number>/allow/", help_.allow, name="help_allow"),
    path("order/<slug:token>/tell/", telling.complain, name="order_tell"),
    path("order/<slug:token>/review/", telling.review, name="order_review"),
    path("order/<slug:token>/hold/", order.hold, name="order_hold"),
    path("trace/<str:code>/", trace.page, name="trace"),
    path("account/", account.page, name="account"),
    path("account/ask/", account.ask, name="account_ask"),
    path("account/code/", account.code, name="account_code"),
    path("account/leave/", account.leave, name="account_leave"),
    path("account/export/", account.export, name="account_export"),
    path("account/erase/", account.erase, name="account_erase"),
    path("pages/<slug:code>/", content.page, name="page"),
    path("robots.txt", content.robots, name="robots"),
    path("sitemap.xml", content.site_map, name="sitemap"),
    path("manifest.webmanifest", content.manifest, name="manifest"),
    path("icon.svg", content.icon, name="icon"),
    re_path(r"^theme\.(?P<digest>[0-9a-f]{12})\.css$", content.style, name="theme"),
]
