"""Balance, statements, their lines and payouts: of all shops on S's host, of one on its own with a key of it."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from s2b2c.api import ground
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
from supplier.models import Payout, Settlement, StatementLine
from supplier.selectors import settlement, standing
from supplier.services.settlement.papers import SUMS
from supplier.web.api import shapes_operations as common
from supplier.web.api import shapes_settlement as shapes

SCOPES = {"GET": "settlement:read"}


def _shop(request: Request) -> Reseller | None:
    """Give the shop whose host this is; None on S's."""
    return getattr(request, "reseller", None)


def _mine(request: Request) -> dict[str, Any]:
    """Give what narrows rows to the shop whose host this is; on S's to the shop that is asked for, or to none."""
    reseller = _shop(request)
    if reseller is not None:
        return {"reseller": reseller}
    asked = ground.query(shapes.OfReseller, request)
    return {"reseller__slug": asked["reseller"]} if "reseller" in asked else {}


def _statement(row: Settlement) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in ("number", "currency", "orders", "blocked", "digest")}
    sums = {name: getattr(row, f"{name}_minor") for name in SUMS}
    return {**facts, "reseller": row.reseller.slug, "until": row.run.until, "sums": sums}


def _payout(row: Payout) -> dict[str, Any]:
    names = ("currency", "amount_minor", "method", "state", "reason", "created_at", "sent_at", "ended_at")
    return {
        **{name: getattr(row, name) for name in names},
        "statement": row.settlement.number,
        "reseller": row.reseller.slug,
        "taken_back_minor": sum(each.amount_minor for each in row.clawbacks.all() if each.state == "done"),
    }


def _payouts(**which: Any) -> QuerySet[Payout]:
    return settlement.payouts().filter(**which).prefetch_related("clawbacks")


def _balance(reseller: Reseller) -> Response:
    found = standing.of(reseller.pk, reseller.currency)
    names = ("on_the_way", "in_window", "ready", "under_way", "paid", "reserve")
    data = {f"{name}_minor": getattr(found, name) for name in names}
    more = {"reseller": reseller.slug, "currency": reseller.currency, "next_due_at": found.next_due}
    return ground.answer(shapes.Balance, {**data, **more})


class Balance(APIView):
    """How a shop's money stands, for itself."""

    required_scopes = SCOPES

    @common.described("What the shop has coming, and what it was paid", shapes.Balance)
    def get(self, request: Request) -> Response:
        with context.reading():
            return _balance(cast(Reseller, _shop(request)))  # the URL is on shops' hosts only


class BalanceOf(APIView):
    """How the money of one shop stands, for S."""

    required_scopes = SCOPES

    @common.described("What a shop has coming, and what it was paid", shapes.Balance)
    def get(self, request: Request, slug: str) -> Response:
        found = Reseller.objects.filter(slug=slug).first()
        if found is None:
            raise NotFound()
        return _balance(found)


class Statements(ListAPIView):
    """Released statements, the newest first."""

    required_scopes = SCOPES
    serializer_class = shapes.StatementOut
    queryset = Settlement.objects.none()

    @common.described(
        "Released statements, the newest first", shapes.StatementOut(many=True), parameters=[shapes.OfReseller]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with context.reading():
            rows = settlement.statements(released=True, **_mine(request))
            return self.get_paginated_response([_statement(row) for row in self.paginate_queryset(rows) or ()])


class OneStatement(APIView):
    """One statement with its payout, taxes and papers."""

    required_scopes = SCOPES

    @common.described("One statement: sums, payout, taxes by rate, invoices", shapes.StatementInFull)
    def get(self, request: Request, number: str) -> Response:
        with context.reading():
            row = _found(request, number)
            return ground.answer(shapes.StatementInFull, _in_full(row))


class Lines(ListAPIView):
    """What a statement is made of."""

    required_scopes = SCOPES
    ordering = ("pk",)
    serializer_class = shapes.LineOut
    queryset = StatementLine.objects.none()

    @common.described("The lines of a statement", shapes.LineOut(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with context.reading():
            rows = _found(request, kwargs["number"]).lines.select_related("transfer__journal")
            return self.get_paginated_response([_line(row) for row in self.paginate_queryset(rows) or ()])


class Payouts(ListAPIView):
    """Payouts, the newest first."""

    required_scopes = SCOPES
    serializer_class = shapes.PayoutOut
    queryset = Payout.objects.none()

    @common.described("Payouts, the newest first", shapes.PayoutOut(many=True), parameters=[shapes.PayoutQuery])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = ground.query(shapes.PayoutQuery, request)
        with context.reading():
            rows = _payouts(**_mine(request), **({"state": asked["state"]} if "state" in asked else {}))
            return self.get_paginated_response([_payout(row) for row in self.paginate_queryset(rows) or ()])


def _found(request: Request, number: str) -> Settlement:
    rows = Settlement.objects.select_related("reseller", "run").filter(number=number, released=True)
    if (shop := _shop(request)) is not None:
        rows = rows.filter(reseller=shop)
    row = rows.first()
    if row is None:
        raise NotFound()
    return row


def _in_full(row: Settlement) -> dict[str, Any]:
    document, payout = row.document or {}, _payouts(settlement=row).first()
    names = ("kind", "rate_bps", "net_minor", "tax_minor")
    return {
        **_statement(row),
        "payout": _payout(payout) if payout else None,
        "taxes": [dict(zip(names, each, strict=True)) for each in document.get("taxes", [])],
        "invoices": row.invoices.order_by("pk"),
        "held_back": document.get("held_back", []),
    }


def _line(row: StatementLine) -> dict[str, Any]:
    journal = row.transfer.journal
    return {
        "id": row.pk,
        "at": journal.at,
        "kind": row.kind,
        "order_number": journal.order_number,
        "amount_minor": row.amount_minor,
    }
