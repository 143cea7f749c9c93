"""The code on a parcel's slip: its number and a signature, so that nobody finds a parcel by trying numbers.

Nothing is stored for it. Where the key of the installation changes, old ones stay good as long as the key before is
named among the fallbacks.
"""

from __future__ import annotations

from django.core import signing


def code(number: str) -> str:
    """Give the code of a parcel."""
    return signing.Signer(salt="parcel", sep=".").sign(number)


def number(text: str) -> str | None:
    """Give the number of the parcel a code is of; none where it is no code of ours."""
    try:
        return signing.Signer(salt="parcel", sep=".").unsign(text)
    except signing.BadSignature:
        return None
