"""The supplier's API for the service network, below ``/api/v1/``; namespace ``api``."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web.api import providers, tasks
from s2b2c.accounts.permissions import public

_TASKS = "service-providers/<int:provider_id>/tasks/"

urlpatterns: list[Any] = [
    path("service-providers/", public(providers.Registration.as_view()), name="service_providers"),
    path("service-providers/<int:provider_id>/", public(providers.OneProvider.as_view()), name="service_provider"),
    path(_TASKS, public(tasks.Tasks.as_view()), name="provider_tasks"),
    path(f"{_TASKS}<slug:number>/accept/", public(tasks.Accept.as_view()), name="provider_accept"),
    path(f"{_TASKS}<slug:number>/decline/", public(tasks.Decline.as_view()), name="provider_decline"),
    path(f"{_TASKS}<slug:number>/hand-back/", public(tasks.HandBack.as_view()), name="provider_hand_back"),
    path(f"{_TASKS}<slug:number>/done/", public(tasks.Done.as_view()), name="provider_done"),
]
