"""Identifiers that leave the house: unguessable, or short and scoped to one shop."""

from __future__ import annotations

import secrets

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def token() -> str:
    """Give 26 lower-case base-32 characters, 130 random bits."""
    return "".join(secrets.choice(_CROCKFORD) for _ in range(26)).lower()


def order_number() -> str:
    """Give 8 base-32 characters (2^40): unique within one shop by constraint, easy to read aloud."""
    return "".join(secrets.choice(_CROCKFORD) for _ in range(8))
