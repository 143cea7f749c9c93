"""Pages of the service network: in the supplier's office, and the providers' own on its host."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import options, provider_pages, providers, services

urlpatterns: list[Any] = [
    path("network/", services.index, name="services"),
    path("network/new/", services.new, name="service_new"),
    path("network/tasks/<str:number>/", services.page, name="service"),
    path("network/tasks/<str:number>/<slug:step>/", services.step, name="service_step"),
    path("network/with-goods/", options.index, name="service_options"),
    path("network/with-goods/new/", options.new, name="service_option_new"),
    path("network/with-goods/<int:option_id>/", options.edit, name="service_option"),
    path("network/with-goods/<int:option_id>/switch/", options.switch, name="service_option_switch"),
    path("network/providers/", providers.index, name="providers"),
    path("network/providers/new/", providers.new, name="provider_new"),
    path("network/providers/<int:provider_id>/", providers.page, name="provider"),
    path("network/providers/<int:provider_id>/move/", providers.move, name="provider_move"),
    path("network/providers/<int:provider_id>/link/", providers.renew_link, name="provider_link"),
    path("network/pay/", providers.pay, name="service_pay"),
    path("network/pay/new/", providers.file_new, name="service_file_new"),
    path("network/pay/files/<str:batch>/", providers.file, name="service_file"),
    path("network/pay/<str:number>/paid/", providers.paid, name="service_paid"),
    path("provider/", provider_pages.home, name="provider_home"),
    path("provider/apply/", provider_pages.apply, name="provider_apply"),
    path("provider/applied/", provider_pages.applied, name="provider_applied"),
    path("provider/in/", provider_pages.login, name="provider_login"),
    path("provider/in/<str:word>/", provider_pages.enter, name="provider_enter"),
    path("provider/out/", provider_pages.leave, name="provider_leave"),
    path("provider/me/", provider_pages.me, name="provider_me"),
    path("provider/bank/", provider_pages.bank, name="provider_bank"),
    path("provider/tasks/<str:number>/", provider_pages.task, name="provider_task"),
    path("provider/tasks/<str:number>/<slug:step>/", provider_pages.step, name="provider_step"),
]
