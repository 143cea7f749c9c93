"""The shop owner's pages: below ``/<shop>/``, and opening a shop before there is one."""

from __future__ import annotations

from typing import Any

from django.urls import path

from reseller.web import (
    adding,
    advice,
    delivered,
    design,
    domains,
    kits,
    opening,
    people,
    product,
    products,
    promotions,
    rule,
    settings,
)

entrance: list[Any] = [
    path("open/", opening.open_shop, name="open_shop"),
    path("open/address/", opening.address, name="open_address"),
    path("open/phone/", opening.phone, name="open_phone"),
]

_ONE = "products/<int:listing_id>/"
urlpatterns: list[Any] = [
    path("begin/", opening.begin, name="begin"),
    path("live/", opening.live, name="live"),
    path("add/", adding.add_products, name="add_products"),
    path("add/publish/", adding.publish, name="publish_products"),
    path("add/undo/", adding.undo, name="undo_adding"),
    path("delivered/<str:number>/", delivered.panel, name="service_used"),
    path("delivered/<str:number>/<slug:what>/", delivered.use, name="service_use"),
    path("products/", products.products, name="products"),
    path("products/rule/", rule.pricing_rule, name="pricing_rule"),
    path("products/restore/", products.restore_listed, name="restore_listed"),
    path(_ONE, product.product, name="product"),
    path(f"{_ONE}price/", product.set_price, name="set_price"),
    path(f"{_ONE}rule/", product.follow_rule, name="follow_rule"),
    path(f"{_ONE}follow/", product.follow_changes, name="follow_changes"),
    path(f"{_ONE}keep/", product.keep_price, name="keep_price"),
    path(f"{_ONE}variants/", product.sell_variants, name="sell_variants"),
    path(f"{_ONE}words/", product.write_words, name="write_words"),
    path(f"{_ONE}change/", product.change, name="change_product"),
    path("advice/", advice.index, name="advice"),
    path("advice/<int:advice_id>/adopt/", advice.adopt, name="adopt_advice"),
    path("advice/<int:advice_id>/dismiss/", advice.dismiss, name="dismiss_advice"),
    path("design/", design.design, name="design"),
    path("settings/", settings.settings, name="settings"),
    path("address/", domains.domains, name="domains"),
    path("address/restore/", domains.restore_domain, name="restore_domain"),
    path("address/<int:domain_id>/", domains.change_domain, name="change_domain"),
    path("promotions/", promotions.index, name="promotions"),
    path("promotions/take/<int:campaign_id>/", promotions.take_on, name="take_on_campaign"),
    path("promotions/end/<int:promotion_id>/", promotions.end, name="end_promotion"),
    path("kits/", kits.index, name="kits"),
    path("kits/<int:kit_id>/", kits.page, name="kit"),
    path("kits/<int:kit_id>/adopt/", kits.adopt, name="kit_adopt"),
    path("kits/<int:kit_id>/adapt/", kits.adapt, name="kit_adapt"),
    path("kits/<int:kit_id>/leave/", kits.leave, name="kit_leave"),
    path("kits/<int:kit_id>/poster/", kits.poster, name="kit_poster"),
    path("customers/", people.customers, name="customers"),
    path("share/", people.share, name="share"),
]
