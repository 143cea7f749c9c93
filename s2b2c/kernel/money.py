"""Money in integer minor units. Nothing here, or anywhere, is a float."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.core import get_global
from babel.numbers import format_currency
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import Refused

MAX_MINOR = 10**15
OFFERED = ("USD", "EUR", "GBP", "CNY", "JPY")  # currencies one can choose


def exponent(currency: str) -> int:
    """Give the number of decimal places of an ISO 4217 currency (2 for USD, 0 for JPY)."""
    fractions = get_global("currency_fractions")
    return fractions.get(currency, fractions["DEFAULT"])[0]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of one ISO currency."""

    minor: int
    currency: str

    def __str__(self) -> str:
        return format_minor(self.minor, self.currency)


def to_decimal(minor: int, currency: str) -> Decimal:
    """Give minor units as an exact decimal of the major unit."""
    return Decimal(minor).scaleb(-exponent(currency))


def format_minor(minor: int, currency: str, language: str | None = None) -> str:
    """Format an amount for a reader of ``language`` (the active one by default)."""
    code = "zh_Hans_CN" if (language or get_language() or "en").startswith("zh") else "en_US"
    return format_currency(to_decimal(minor, currency), currency, locale=code)


def parse_amount(text: str, currency: str, *, field: str | None = None) -> int:
    """Read ``12.90`` (also ``12,90`` and ``1,234.50``) as minor units.

    :raises Refused: not a number, negative, too large, or finer than the currency's minor unit.
    """
    cleaned = text.strip().replace("\u00a0", "").replace(" ", "")
    if cleaned.count(",") == 1 and "." not in cleaned and len(cleaned.split(",")[1]) <= 2:
        cleaned = cleaned.replace(",", ".")
    try:
        amount = Decimal(cleaned.replace(",", ""))
    except InvalidOperation:
        raise Refused("amount", _("“%(text)s” is not an amount."), field=field, text=text[:40]) from None
    if not amount.is_finite() or amount < 0:
        raise Refused("amount", _("Enter an amount of zero or more."), field=field)
    if amount > MAX_MINOR or (minor := amount.scaleb(exponent(currency))) > MAX_MINOR:
        raise Refused("amount", _("This amount is too large."), field=field)
    if minor != minor.to_integral_value():
        raise Refused("amount", _("%(currency)s has no smaller unit than this."), field=field, currency=currency)
    return int(minor)


def bps(amount_minor: int, rate_bps: int) -> int:
    """Give ``rate_bps`` / 10,000 of an amount, rounded half away from zero."""
    product = abs(amount_minor) * rate_bps
    rounded = (product + 5_000) // 10_000
    return rounded if amount_minor >= 0 else -rounded


def included_bps(gross_minor: int, rate_bps: int) -> int:
    """Give the part of a gross amount that is a tax of ``rate_bps`` already included in it."""
    net = (abs(gross_minor) * 10_000 + (10_000 + rate_bps) // 2) // (10_000 + rate_bps)
    tax = abs(gross_minor) - net
    return tax if gross_minor >= 0 else -tax


def split(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Divide a total in proportion to non-negative weights, to the last minor unit.

    Largest remainder; ties go to the earlier part. The parts sum to the total and none has the
    opposite sign. All weights zero: everything goes to the first part.

    :raises ValueError: no weights, or a negative one.
    """
    if not weights or min(weights) < 0:
        raise ValueError("weights must be non-negative and at least one")
    whole = sum(weights)
    if whole == 0:
        return [total_minor, *[0] * (len(weights) - 1)]
    sign = -1 if total_minor < 0 else 1
    amount = abs(total_minor)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]
