"""Identifiers that leave the house: unguessable, or short and scoped to one shop."""

from __future__ import annotations

import secrets

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _random(length: int) -> str:
    return "".join(_CROCKFORD[byte % 32] for byte in secrets.token_bytes(length))  # 256 is 8 × 32: all alike likely


def token() -> str:
    """Give 26 lower-case base-32 characters, 130 random bits."""
    return _random(26).lower()


def order_number() -> str:
    """Give 8 base-32 characters (2^40): unique within one shop by constraint, easy to read aloud."""
    return _random(8)
