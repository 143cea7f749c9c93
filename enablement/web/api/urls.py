"""The supplier's API for the service network, below ``/api/v1/``; namespace ``api``."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web.api import providers
from s2b2c.accounts.permissions import public

urlpatterns: list[Any] = [
    path("service-providers/", public(providers.Registration.as_view()), name="service_providers"),
    path("service-providers/<int:provider_id>/", public(providers.OneProvider.as_view()), name="service_provider"),
]
