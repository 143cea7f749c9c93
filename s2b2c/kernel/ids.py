"""Identifiers that leave the house: unguessable, or short and scoped to one shop."""

from __future__ import annotations

import hashlib
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


def return_id() -> int:
    """Give 40 random bits: the key of a return, and, written as :func:`return_number`, its number."""
    return secrets.randbits(40)


def return_number(id_: int) -> str:
    """Write a return's key as its number: ``R`` and 8 base-32 characters."""
    return _written("R", id_)


def return_id_of(number: str) -> int:
    """Read a return's number back to its key; a word that is no such number gives -1, which nothing has."""
    return _read("R", number)


def case_id(order_token: str, key: str) -> int:
    """Give the key of a case of help, 40 bits: the same form of the same order sent again gives the same one."""
    return int.from_bytes(hashlib.sha256(f"{order_token}:{key}".encode()).digest()[:5], "big")


def case_number(id_: int) -> str:
    """Write a case's key as its number: ``H`` and 8 base-32 characters."""
    return _written("H", id_)


def case_id_of(number: str) -> int:
    """Read a case's number back to its key; a word that is no such number gives -1, which nothing has."""
    return _read("H", number)


def _written(letter: str, id_: int) -> str:
    return letter + "".join(_CROCKFORD[id_ >> shift & 31] for shift in range(35, -1, -5))


def _read(letter: str, number: str) -> int:
    word = number.strip().upper()
    if len(word) != 9 or word[0] != letter or any(sign not in _CROCKFORD for sign in word[1:]):
        return -1
    return sum(_CROCKFORD.index(sign) << 5 * place for place, sign in enumerate(reversed(word[1:])))
