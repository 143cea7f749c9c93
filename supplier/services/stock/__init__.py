"""Hold, release, ship, receive and adjust stock. Only this and ``counts`` (imports) write stock rows.

Stock rows are taken by a conditional update as the last statement of the caller's transaction, so a hot
row is locked for as short as can be. When that misses, a second pass locks every row of the variants
and decides for good: "sold out" is never said while a piece is there. See docs/adr/0003-stock.md.

``rows`` chooses and takes, ``holds`` is the beginning and end of an order's reservation, ``pieces`` what is
shipped or freed of it, ``movements`` what comes in and what is corrected, ``damage`` what cannot be sold,
``quarantine`` what is of a lot that is not free, and ``buckets`` spreads what sells fast.
"""

from supplier.services.stock.damage import damage, repair, scrap
from supplier.services.stock.holds import confirm, expire, hold, hold_again, prolong, release, wait_for
from supplier.services.stock.movements import ONCE, adjust, receive, require_no_serials, take_back
from supplier.services.stock.pieces import Leaving, release_pieces, ship_parcels, ship_pieces

__all__ = [
    "ONCE",
    "Leaving",
    "adjust",
    "confirm",
    "damage",
    "expire",
    "hold",
    "hold_again",
    "prolong",
    "receive",
    "release",
    "release_pieces",
    "repair",
    "require_no_serials",
    "scrap",
    "ship_parcels",
    "ship_pieces",
    "take_back",
    "wait_for",
]
