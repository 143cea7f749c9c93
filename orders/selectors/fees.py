"""The platform fee's own tax: it is inside the fee, at the rate of the terms an order was sold under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s2b2c.kernel import money


def tax_in(fee_minor: int, terms: Mapping[str, Any]) -> int:
    """Give the tax inside a fee. Of parts of a fee, take it of the sums before and after: it grows with the fee."""
    return money.included_bps(fee_minor, terms.get("fee_tax_bps", 0))
