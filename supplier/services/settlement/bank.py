"""Payouts through S's own bank: one file for the bank, made once and the same whenever it is asked for again."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from xml.etree import ElementTree as xml

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import User
from s2b2c.accounts.services import audit
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import Refused
from supplier.models import BankFile, BankRefund, Company, Payout, Terms
from supplier.services.settlement import numbers

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
HEAD = ("reference", "holder", "account", "routing", "bank", "country", "amount", "currency")
MOST = 10_000


@transaction.atomic
def make(*, currency: str, actor: User) -> BankFile:
    """Put every bank payout that waits in this currency into one file and mark it sent.

    :raises Refused: none waits.
    """
    waiting = Payout.objects.select_for_update().filter(
        method=Terms.Method.BANK, state=Payout.State.CREATED, currency=currency
    )
    rows = list(waiting.order_by("pk")[:MOST])
    if not rows:
        raise Refused("nothing", _("No payout waits for the bank."))
    now = clock.now()
    made = BankFile.objects.create(
        number=numbers.take(f"B-{now:%Y}")[0], currency=currency, total_minor=sum(row.amount_minor for row in rows),
        count=len(rows), made_by=actor, created_at=now,
    )  # fmt: skip
    Payout.objects.filter(pk__in=[row.pk for row in rows]).update(state=Payout.State.SENT, sent_at=now, file=made)
    detail = {"count": made.count, "total": made.total_minor, "currency": currency}
    audit.record(actor=actor, action="payout.bank_file", subject=made.number, detail=detail)
    return made


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment of a file; ``to`` are the bank details."""

    reference: str
    to: dict[str, str]
    amount_minor: int


def _rows(file: BankFile) -> list[Transfer]:
    """Give what a file pays: payouts to resellers, or refunds to consumers."""
    payouts = file.payouts.select_related("settlement").order_by("pk")
    refunds = BankRefund.objects.filter(file=file).select_related("order").order_by("pk")
    return [
        *(Transfer(str(row.settlement.number), row.destination, row.amount_minor) for row in payouts),
        *(Transfer(f"{row.order.order_number}-{row.refund_id}", row.account, row.amount_minor) for row in refunds),
    ]


class Batch(Protocol):
    """Payments of one currency that go to the bank together."""

    number: str
    currency: str
    total_minor: int
    count: int
    created_at: datetime


def as_csv(file: BankFile | Batch, rows: Sequence[Transfer] | None = None) -> str:
    """Give a file as CSV, one payment a line. ``rows``: what it pays, where that isn't payouts and refunds."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in _paid(file, rows):
        where = [_safe(str(row.to.get(name, ""))) for name in HEAD[1:6]]
        writer.writerow([row.reference, *where, money.to_decimal(row.amount_minor, file.currency), file.currency])
    return out.getvalue()


def _paid(file: BankFile | Batch, rows: Sequence[Transfer] | None) -> Sequence[Transfer]:
    if rows is not None:
        return rows
    assert isinstance(file, BankFile)
    return _rows(file)


def _safe(cell: str) -> str:
    """A cell must not be taken for a formula by whoever opens it."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def as_pain(file: BankFile | Batch, rows: Sequence[Transfer] | None = None) -> bytes:
    """Give a file as an ISO 20022 customer credit transfer (pain.001.001.09). The bank adds S's own account.

    ``rows``: what it pays, where that isn't payouts and refunds.
    """
    root = xml.Element("Document", xmlns=NAMESPACE)
    body = xml.SubElement(root, "CstmrCdtTrfInitn")
    rows, name = _paid(file, rows), Company.objects.values_list("name", flat=True).first() or ""
    head = xml.SubElement(body, "GrpHdr")
    _text(head, "MsgId", file.number)
    _text(head, "CreDtTm", f"{file.created_at:%Y-%m-%dT%H:%M:%SZ}")
    _sums(head, file)
    _text(xml.SubElement(head, "InitgPty"), "Nm", name[:70])
    part = xml.SubElement(body, "PmtInf")
    _text(part, "PmtInfId", file.number)
    _text(part, "PmtMtd", "TRF")
    _sums(part, file)
    _text(xml.SubElement(part, "ReqdExctnDt"), "Dt", f"{file.created_at:%Y-%m-%d}")
    _text(xml.SubElement(part, "Dbtr"), "Nm", name[:70])
    _payments(part, rows, file.currency)
    return xml.tostring(root, encoding="utf-8", xml_declaration=True)


def _sums(parent: xml.Element, file: BankFile | Batch) -> None:
    _text(parent, "NbOfTxs", str(file.count))
    _text(parent, "CtrlSum", str(money.to_decimal(file.total_minor, file.currency)))


def _payments(part: xml.Element, rows: Sequence[Transfer], currency: str) -> None:
    for row in rows:
        one = xml.SubElement(part, "CdtTrfTxInf")
        _text(xml.SubElement(one, "PmtId"), "EndToEndId", row.reference)
        amount = xml.SubElement(xml.SubElement(one, "Amt"), "InstdAmt", Ccy=currency)
        amount.text = str(money.to_decimal(row.amount_minor, currency))
        _creditor(one, row.to)
        _text(xml.SubElement(one, "RmtInf"), "Ustrd", row.reference)


def _creditor(one: xml.Element, where: dict[str, str]) -> None:
    account, routing = where.get("account", ""), where.get("routing", "")
    agent = xml.SubElement(xml.SubElement(one, "CdtrAgt"), "FinInstnId")
    if len(routing) in (8, 11) and routing[:6].isalpha():
        _text(agent, "BICFI", routing)
    elif not routing:  # the bank finds it by the account, or by its name
        _text(agent, "Nm", where["bank"][:140]) if where.get("bank") else _text(
            xml.SubElement(agent, "Othr"), "Id", "NOTPROVIDED"
        )
    else:
        _text(xml.SubElement(agent, "ClrSysMmbId"), "MmbId", routing)
    _text(xml.SubElement(one, "Cdtr"), "Nm", where.get("holder", "")[:70])
    named = xml.SubElement(xml.SubElement(one, "CdtrAcct"), "Id")
    _text(
        named if account[:2].isalpha() else xml.SubElement(named, "Othr"),
        "IBAN" if account[:2].isalpha() else "Id",
        account,
    )


def _text(parent: xml.Element, name: str, value: str) -> None:
    xml.SubElement(parent, name).text = value
