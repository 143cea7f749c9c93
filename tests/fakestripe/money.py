"""What Stripe knows about currencies: decimals, smallest and largest charge, fee."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from babel.numbers import format_currency

# https://docs.stripe.com/currencies: amounts of these are whole units; ISK and UGX are sent as two-decimal.
ZERO_DECIMAL = frozenset(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"]
)
THREE_DECIMAL = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
WHOLE_IN_HUNDREDTHS = frozenset(["isk", "ugx"])

MINIMUM = {
    "usd": 50, "aed": 200, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50,
    "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "cny": 400, "twd": 1600, "krw": 700,
}  # fmt: skip
MAXIMUM = 99_999_999

ALIPAY = frozenset(["aud", "cad", "cny", "eur", "gbp", "hkd", "jpy", "myr", "nzd", "sgd", "usd"])
WECHAT = frozenset(["aud", "cad", "chf", "cny", "dkk", "eur", "gbp", "hkd", "jpy", "nok", "sek", "sgd", "usd"])


# Debits from a bank account: the customer is done at once, the bank answers in days.
BANK_DEBIT = {"us_bank_account": "usd", "sepa_debit": "eur"}


def exponent(currency: str) -> int:
    """Give the number of decimals in Stripe's amounts of a currency."""
    return 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2


def minimum(currency: str) -> int:
    """Give the smallest amount a checkout accepts (Stripe: about half a US dollar)."""
    return MINIMUM.get(currency, 50 if exponent(currency) else 1)


def fee(amount: int, currency: str) -> int:
    """Give a fee of 2.9 % + 0.30: Stripe's list price in the US, and plausible anywhere."""
    return (amount * 29 + 500) // 1000 + (30 if exponent(currency) == 2 else 0)


def parse(text: str, currency: str) -> int:
    """Read an amount a person typed. :raises ValueError: none, or finer than the currency."""
    try:
        value = Decimal(text.replace(",", "")).scaleb(exponent(currency))
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount") from None
    if value != value.to_integral_value() or value <= 0:
        raise ValueError(f"{text!r} is no amount in {currency}")
    return int(value)


def text(amount: int, currency: str, language: str = "en") -> str:
    """Format an amount for a reader of ``en`` or ``zh``."""
    value = Decimal(amount).scaleb(-exponent(currency))
    return format_currency(value, currency.upper(), locale="zh_Hans_CN" if language == "zh" else "en_US")
