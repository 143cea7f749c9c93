"""What moved stock, in words and as a link to it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_WORDS = {
    "shipment": _("Parcel %(number)s"),
    "transfer": _("Transfer %(number)s"),
    "count": _("Count %(number)s"),
    "short": _("Reported short in %(number)s"),
    "import": _("Import %(number)s"),
    "revert": _("Import %(number)s taken back"),
    "purchase": _("Purchase order %(number)s"),
    "lot": _("Lot"),
    "return": _("Return %(number)s"),
}
_PAGES = {
    "transfer": "supply:transfer",
    "count": "supply:count",
    "short": "supply:fulfilment_order",
    "import": "supply:import",
    "revert": "supply:import",
    "purchase": "supply:purchase",
    "lot": "supply:lot",
    "return": "supply:return",
}


def word(cause: str) -> str:
    """Name a cause; nothing for what has no name, such as a form."""
    kind, number = _parted(cause)
    if kind == "arrival":
        return gettext("Expected arrival")
    return str(_WORDS[kind]) % {"number": number} if kind in _WORDS else ""


def link(cause: str, fulfilment: str = "") -> SafeString | str:
    """Name a cause and lead to it; a parcel leads to the fulfilment order it is of."""
    kind, number = _parted(cause)
    if kind == "arrival":
        address = reverse("supply:arrivals")
    elif kind == "shipment" and fulfilment:
        address = reverse("supply:fulfilment_order", args=[fulfilment])
    elif kind in _PAGES:
        address = reverse(_PAGES[kind], args=[number])
    else:
        return word(cause)
    return format_html('<a class="ink" href="{}">{}</a>', address, word(cause))


def _parted(cause: str) -> tuple[str, str]:
    """Give the kind and the number of a cause; what may follow the number makes the movement once."""
    kind, _colon, rest = cause.partition(":")
    return kind, rest.partition(":")[0]
