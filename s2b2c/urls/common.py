"""What every host has, and what the three hosts for staff have besides."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language
from django.views.static import serve

from s2b2c import health
from s2b2c.accounts.permissions import public
from s2b2c.accounts.web import urls as account_urls
from supplier.web import media

# On every host.
everywhere: list[Any] = [
    path("healthz", public(health.healthz), name="healthz"),
    path("readyz", public(health.readyz), name="readyz"),
    path("i18n/language/", public(set_language), name="set_language"),
    path("", include("s2b2c.ui.urls")),
    path("media/products/<path:path>", public(media.picture)),
    path("media/<path:path>", public(serve), {"document_root": settings.MEDIA_ROOT}),
]

# On the hosts of the platform, the supplier and the resellers.
staff: list[Any] = [
    *everywhere,
    path("accounts/", include(account_urls)),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
