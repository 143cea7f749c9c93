"""The schema of an audience's API, and its pages for people."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer

TITLES = {
    "supply": format_lazy("{} – {}", settings.PLATFORM_NAME, _("supplier API")),
    "shop": format_lazy("{} – {}", settings.PLATFORM_NAME, _("shop API")),
}
TEXTS = {
    "supply": _(
        "Catalogue, stock, fulfilment orders and shipments, for an ERP or a warehouse system. Every call needs a key "
        "with the scope it names; keys are made in the supplier office, Settings → API keys."
    ),
    "shop": _(
        "Catalogue, cart, checkout and order status of one shop, for a storefront of your own. Reading and buying need "
        "no key; what concerns the shop's orders needs one, made in the shop's office, Settings → API keys."
    ),
}
ERROR = _(
    'Errors have one shape: `{"error": {"code", "message", "field", "params"}}`. Lists come in pages: follow `next`. '
    "Writes take an `Idempotency-Key`. Amounts are integers in minor units, instants are UTC."
)


class Schema(SpectacularAPIView):
    """OpenAPI 3 of the API on this host."""

    audience = "shop"

    @extend_schema(exclude=True)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.urlconf = f"s2b2c.urls.{self.audience}"
        with translation.override(asked_for(request)):
            text = f"{TEXTS[self.audience]}\n\n{ERROR}"
            self.custom_settings = {"TITLE": str(TITLES[self.audience]), "DESCRIPTION": text}
            return super().get(request, *args, **kwargs)


class Docs(SpectacularSwaggerSplitView):
    """The schema to read and to try; the script comes from an address of its own, for the sake of the CSP."""

    renderer_classes = [TemplateHTMLRenderer]
    template_name = "api/docs.html"
    url_name = "api:schema"
    audience = "shop"

    @extend_schema(exclude=True)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().get(request, *args, **kwargs)
        answer.data |= {"heading": TITLES[self.audience], "language": asked_for(request)}
        return answer


def asked_for(request: Any) -> str:
    """Give the language the address asks for with ``?lang=``, or else the reader's own."""
    asked = request.GET.get("lang")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE
