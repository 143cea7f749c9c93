"""Help for c: asked, answered by the shop, with S behind it where the shop needs it."""

from orders.services.cases.adopting import adopt_all
from orders.services.cases.talking import (
    MOST_PHOTOS,
    allow,
    answer,
    ask,
    close,
    open_case,
    pass_on,
    say,
    store_photos,
    topics,
)
from orders.services.cases.telling import take_told

__all__ = [
    "MOST_PHOTOS", "adopt_all", "allow", "answer", "ask", "close", "open_case", "pass_on", "say", "store_photos", "take_told",
    "topics",
]  # fmt: skip
