"""Amounts in Stripe's unit and in ours."""

from __future__ import annotations

from s2b2c.kernel import money

# docs.stripe.com/currencies; where Stripe's decimals differ from the kernel's, amounts are rescaled.
_NO_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


def to_stripe(minor: int, currency: str) -> int:
    """Give an amount in Stripe's unit. :raises ValueError: finer than Stripe's."""
    shift = _decimals(currency) - money.exponent(currency)
    if shift >= 0:
        return minor * 10**shift
    if minor % 10**-shift:
        raise ValueError(f"{minor} {currency} is finer than Stripe's unit")
    return minor // 10**-shift


def from_stripe(amount: int, currency: str) -> int:
    """Give an amount of Stripe's in our minor units. :raises ValueError: finer than ours."""
    shift = money.exponent(currency) - _decimals(currency)
    if shift >= 0:
        return amount * 10**shift
    if amount % 10**-shift:
        raise ValueError(f"{amount} of Stripe's {currency} is finer than our unit")
    return amount // 10**-shift


def _decimals(currency: str) -> int:
    return 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2
