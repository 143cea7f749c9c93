"""The invoices of the file as orders of one shop, and its cancellations as refunds, through the services."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from django.db import transaction
from django.db.models import Sum

from orders.models import Order
from orders.services import manual, refund
from orders.services.writing import Contact
from reseller.selectors.prices import Rule
from reseller.services import shop as shops
from s2b2c.accounts.models import User
from s2b2c.kernel import clock
from s2b2c.management.worlds import replay
from s2b2c.management.worlds.online_retail import catalogue, reading
from s2b2c.management.worlds.online_retail.reading import Back, Book, Invoice
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
from supplier.models import FulfilmentOrder, SalesOrder
from supplier.services import shipping

CHUNK = 100
_COUNTRIES = {name: code for code, name in Locale("en").territories.items() if len(code) == 2} | {
    "EIRE": "IE",
    "RSA": "ZA",
    "USA": "US",
    "Channel Islands": "GB",
    "Czech Republic": "CZ",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What is in the books afterwards (minor units), and how long orders and refunds took."""

    orders: int
    captured_minor: int
    refunded_minor: int
    seconds: float


def load(book: Book, *, slug: str, say: Callable[[str], None]) -> Result:
    """Import a book into a new shop: catalogue, customers, orders sent on the day, refunds.

    :raises Refused: the shop's address is taken.
    """
    started = book.invoices[0].at
    with clock.set_to(started):
        category, variants = catalogue.load(book)
        say(f"{len(variants)} products")
        reseller = _open_shop(slug, category.id)
    loader = _Loader(reseller, variants)
    began = time.monotonic()
    backs = sorted(book.backs, key=lambda back: (back.row.at, back.row.number))
    for done, chunk in _chunks(book.invoices):
        loader.sell(chunk)
        while backs and backs[0].row.at <= chunk[-1].at:
            loader.take_back(backs.pop(0))
        replay.drain(chunk[-1].at)
        if done % 1000 < CHUNK:
            say(f"{done} of {len(book.invoices)} invoices, {done / (time.monotonic() - began):.0f}/s")
    for back in backs:
        loader.take_back(back)
    replay.drain(backs[-1].row.at if backs else book.invoices[-1].at)
    return _result(reseller, time.monotonic() - began)


def _open_shop(slug: str, category_id: int) -> Reseller:
    owner = User.objects.create_user(f"owner@{slug}.invalid", None, name="Online Retail")
    made = shops.open_shop(
        user=owner,
        name="Online Retail",
        slug=slug,
        currency=catalogue.CURRENCY,
        country="GB",
        category_ids=[category_id],
        rule=Rule("suggested", 0, None),
    )
    with context.entered(made):  # the file's postage is a row of its own, and reported
        shops.set_delivery(price_minor=0, free_over_minor=None, countries=["GB"])
    return made


def _chunks(invoices: list[Invoice]) -> Iterator[tuple[int, list[Invoice]]]:
    for start in range(0, len(invoices), CHUNK):
        chunk = invoices[start : start + CHUNK]
        yield start + len(chunk), chunk


class _Loader:
    """Knows where each row of the file went: ``number of the row → (order, line)``."""

    def __init__(self, reseller: Reseller, variants: dict[str, int]) -> None:
        self.reseller = reseller
        self.variants = variants
        self.lines: dict[int, tuple[str, int]] = {}

    def sell(self, invoices: list[Invoice]) -> None:
        """Place the orders of some invoices, hand them to S and send them, each step in one transaction."""
        with context.entered(self.reseller), transaction.atomic():
            for invoice in invoices:
                with clock.set_to(invoice.at):
                    self._place(invoice)
        replay.drain(invoices[-1].at)
        self._ship(invoices[-1].at)

    def _place(self, invoice: Invoice) -> None:
        order = manual.place_order(
            lines=[
                manual.ManualLine(self.variants[line.code], line.quantity, line.price_minor) for line in invoice.lines
            ],
            contact=_contact(invoice),
            language="en",
            method=Order.Method.INVOICE,
            external_id=invoice.number,
        )
        ids = order.lines.order_by("id").values_list("id", flat=True)
        for line, line_id in zip(invoice.lines, ids, strict=True):
            self.lines[line.number] = order.number, line_id

    def _ship(self, instant: datetime) -> None:
        numbers = FulfilmentOrder.objects.filter(
            order__reseller_id=self.reseller.id, state=FulfilmentOrder.State.QUEUED
        ).values_list("number", flat=True)
        with clock.set_to(instant):
            shipping.ship_whole(numbers=list(numbers), carrier="Online Retail", request_key="online-retail")

    def take_back(self, back: Back) -> None:
        """Refund what a cancellation takes back, order by order."""
        by_order: dict[str, dict[int, int]] = defaultdict(dict)
        for number, pieces in back.pieces.items():
            order, line = self.lines[number]
            by_order[order][line] = pieces
        with context.entered(self.reseller), clock.set_to(back.row.at):
            for order, pieces_by_line in by_order.items():
                with context.reading():
                    unsent, received = refund.unsent_first(order_number=order, pieces=pieces_by_line)
                refund.grant(
                    order_number=order,
                    pieces=unsent,
                    received=received,
                    shipping=False,
                    reason="cancelled",
                    key=f"{back.row.invoice}:{back.row.number}:{order}",
                    actor="Online Retail",
                    stop_sending=False,
                )


def _contact(invoice: Invoice) -> Contact:
    """The file knows a customer's number and country, and no more; ``.invalid`` is never written to."""
    return Contact(
        name=f"Customer {invoice.customer}" if invoice.customer else "Unknown customer",
        email=f"customer-{invoice.customer}@online-retail.invalid" if invoice.customer else "",
        phone="",
        street="",
        postcode="",
        city="",
        region="",
        country=_COUNTRIES.get(invoice.country, ""),
    )


def _result(reseller: Reseller, seconds: float) -> Result:
    mine = SalesOrder.objects.filter(reseller=reseller)
    sums = mine.aggregate(captured=Sum("captured_minor"), refunded=Sum("refunded_minor"))
    return Result(mine.count(), sums["captured"] or 0, sums["refunded"] or 0, seconds)


def differences(book: Book, result: Result) -> list[str]:
    """Hold the books against the file, to the penny; an empty list is agreement."""
    found = []
    for name, ours, theirs in (
        ("sales", result.captured_minor, book.mills[reading.SALE]),
        ("refunds", -result.refunded_minor, book.mills[reading.REFUND]),
    ):
        if ours * 10 != theirs:
            found.append(f"{name}: {ours / 100:.2f} in the books, {theirs / 1000:.3f} in the file")
    return found
