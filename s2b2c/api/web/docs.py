"""The schema of an audience's API, and its pages for people."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer

TITLES = {
    "supply": f"{settings.PLATFORM_NAME} – supplier API",
    "shop": f"{settings.PLATFORM_NAME} – shop API",
}
TEXTS = {
    "supply": "Catalogue, stock, fulfilment orders and shipments, for an ERP or a warehouse system. "
    "Every call needs a key with the scope it names; keys are made in the supplier office, Settings → API keys.",
    "shop": "Catalogue, cart, checkout and order status of one shop, for a storefront of your own. Reading and "
    "buying need no key; what concerns the shop's orders needs one, made in the shop's office, Settings → API keys.",
}
ERROR = """

Errors have one shape: `{"error": {"code", "message", "field", "params"}}`. Lists come in pages: follow `next`.
Writes take an `Idempotency-Key`. Amounts are integers in minor units, instants are UTC."""


class Schema(SpectacularAPIView):
    """OpenAPI 3 of the API on this host."""

    audience = "shop"

    @extend_schema(exclude=True)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.urlconf = f"s2b2c.urls.{self.audience}"
        self.custom_settings = {"TITLE": TITLES[self.audience], "DESCRIPTION": TEXTS[self.audience] + ERROR}
        return super().get(request, *args, **kwargs)


class Docs(SpectacularSwaggerSplitView):
    """The schema to read and to try; the script comes from an address of its own, for the sake of the CSP."""

    renderer_classes = [TemplateHTMLRenderer]
    template_name = "api/docs.html"
    url_name = "api:schema"
