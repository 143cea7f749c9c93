"""Bank accounts as people type them: an IBAN, a Chinese bank card, an American account, or another country's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import Refused
from supplier.services.records import text

FIELDS = ("holder", "account", "routing", "bank", "country")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_PLAIN = re.compile(r"[A-Z0-9]{4,34}")
_ROUTING = re.compile(r"[A-Z0-9]{4,12}")


def read(details: Mapping[str, str]) -> dict[str, str]:
    """Give the account as it is kept, or say what is wrong with it.

    An IBAN passes its check digits (ISO 13616) and needs no more. A Chinese card passes its check digit (ISO/IEC 7812)
    and needs the bank's name; an American account needs a routing number that passes its own; any other its bank code.

    :raises Refused: a field is missing, or is no such number.
    """
    found = {name: text(details.get(name, ""), name, 70) for name in FIELDS}
    if not found["holder"]:
        raise Refused("required", _("This can't be empty."), field="holder")
    found["account"], found["routing"] = signs(found["account"]), signs(found["routing"])
    found["country"] = found["country"].upper()
    _check(found)
    return found


def _check(found: Mapping[str, str]) -> None:
    account, routing, country = found["account"], found["routing"], found["country"]
    if not is_account(account):
        raise Refused("account", _("This is no valid account number."), field="account")
    if account[:2].isalpha():
        return
    if country == "CN":
        if not (account.isdigit() and 12 <= len(account) <= 19 and luhn(account)):
            raise Refused("account", _("This is no valid bank card number."), field="account")
        if not found["bank"]:
            raise Refused("required", _("Name the bank."), field="bank")
    elif country == "US":
        if not (routing.isdigit() and len(routing) == 9 and _aba(routing)):
            raise Refused("routing", _("This is no valid routing number."), field="routing")
    elif not _ROUTING.fullmatch(routing):
        raise Refused("routing", _("This is no valid bank code."), field="routing")


def signs(value: str) -> str:
    """Give a number without the spaces, dots and dashes people put in."""
    return re.sub(r"[\s.-]", "", value).upper()


def is_account(value: str) -> bool:
    """Tell whether this may be an account: an IBAN must pass its check digits, other numbers have none."""
    if value[:2].isalpha():
        return bool(_IBAN.fullmatch(value)) and int("".join(str(int(c, 36)) for c in value[4:] + value[:4])) % 97 == 1
    return bool(_PLAIN.fullmatch(value))


def luhn(digits: str) -> bool:
    """Tell whether a card number passes its check digit."""
    doubled = (2 * int(each) if place % 2 else int(each) for place, each in enumerate(reversed(digits)))
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def _aba(digits: str) -> bool:
    return sum(weight * int(each) for weight, each in zip((3, 7, 1) * 3, digits, strict=True)) % 10 == 0


def masked(account: str) -> str:
    """Give what a person may see of an account number: the last four signs."""
    return f"•••• {account[-4:]}" if account else ""
