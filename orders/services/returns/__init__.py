"""Returns of a shop's orders: asked for, decided, followed and closed. See docs/adr/0017-returns.md."""

from orders.services.returns.closing import close, note_inspected, note_received
from orders.services.returns.deciding import approve, refuse, take_asked, withdraw
from orders.services.returns.requesting import MOST_PHOTOS, note_sent, request, store_photos

__all__ = [
    "MOST_PHOTOS",
    "approve",
    "close",
    "note_inspected",
    "note_received",
    "note_sent",
    "refuse",
    "request",
    "store_photos",
    "take_asked",
    "withdraw",
]
