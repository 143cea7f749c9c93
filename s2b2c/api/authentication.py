"""``Authorization: Bearer sk_…``: a machine of S on the supplier's host, one of a shop on that shop's host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from s2b2c.api.models import ApiKey
from s2b2c.api.selectors import keys
from s2b2c.api.services import keys as key_services

_SCHEME = "bearer"


@dataclass(frozen=True, slots=True)
class Machine:
    """What stands in for a user when a key is used."""

    key: ApiKey
    is_authenticated: bool = True
    is_anonymous: bool = False
    is_active: bool = True
    pk: None = None

    def __str__(self) -> str:
        return str(self.key)


class ApiKeyAuthentication(BaseAuthentication):
    """Knows only the keys of the place the request came to. Cookies mean nothing here, so no CSRF either."""

    def authenticate(self, request: Any) -> tuple[Machine, ApiKey] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        scheme, _space, secret = header.partition(" ")
        if scheme.lower() != _SCHEME or not 20 <= len(secret) <= 100 or not secret.isascii():
            raise AuthenticationFailed(_("Send the key as “Authorization: Bearer sk_…”."))
        key = keys.find(secret, reseller=request.reseller)
        if key is None:
            raise AuthenticationFailed(_("This key is not valid here."))
        key_services.note_use(key)
        return Machine(key), key

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="api"'


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the schema describes it."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "sk_…"}
