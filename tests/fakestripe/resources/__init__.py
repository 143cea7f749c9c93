"""One module per resource of the API; each ends with its ``ROUTES``. A new resource is one more line here."""

from __future__ import annotations

import re

from tests.fakestripe.resources import (
    account_links,
    accounts,
    balance,
    checkout,
    disputes,
    events,
    payments,
    payouts,
    refunds,
    transfers,
)
from tests.fakestripe.world import Route

ROUTES: tuple[Route, ...] = (
    *checkout.ROUTES,
    *payments.ROUTES,
    *refunds.ROUTES,
    *balance.ROUTES,
    *disputes.ROUTES,
    *accounts.ROUTES,
    *account_links.ROUTES,
    *transfers.ROUTES,
    *payouts.ROUTES,
    *events.ROUTES,
)
_PATTERNS = [(route, re.compile(re.sub(r"\{\w+\}", r"([A-Za-z0-9_-]+)", route.path))) for route in ROUTES]


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """Give the route of a request and the ids in its path."""
    for route, pattern in _PATTERNS:
        match = pattern.fullmatch(path)
        if match and route.method == method:
            return route, match.groups()
    return None
