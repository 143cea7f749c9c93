"""What comes out of the API for settlement, as drf-spectacular writes it down. Minor units of ``currency``."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from supplier.models import Invoice, Payout, Terms

_MINOR: dict[str, Any] = {"help_text": "Minor units."}


class Balance(s.Serializer[Any]):
    reseller = s.CharField(help_text="Address of the shop.")
    currency = s.CharField()
    on_the_way_minor = s.IntegerField(help_text="Of orders being served.")
    in_window_minor = s.IntegerField(help_text="Served, and may come back yet or is held.")
    ready_minor = s.IntegerField(help_text="For the next payout; negative: owed.")
    next_due_at = s.DateTimeField(allow_null=True, help_text="When the next order becomes ready.")
    under_way_minor = s.IntegerField(help_text="Payouts made and not paid yet.")
    paid_minor = s.IntegerField(help_text="Paid so far.")
    reserve_minor = s.IntegerField(help_text="Kept back.")


class Sums(s.Serializer[Any]):
    opening = s.IntegerField(**_MINOR)
    sales = s.IntegerField(**_MINOR)
    refunds = s.IntegerField(**_MINOR)
    claims = s.IntegerField(**_MINOR)
    adjustments = s.IntegerField(**_MINOR)
    reserve_released = s.IntegerField(**_MINOR)
    reserve_held = s.IntegerField(**_MINOR)
    payout = s.IntegerField(**_MINOR)
    closing = s.IntegerField(**_MINOR)


class PayoutOut(s.Serializer[Any]):
    statement = s.CharField(help_text="Number of the statement it pays.")
    reseller = s.CharField(help_text="Address of the shop.")
    currency = s.CharField()
    amount_minor = s.IntegerField()
    method = s.ChoiceField(Terms.Method.choices)
    state = s.ChoiceField(Payout.State.choices)
    reason = s.CharField(help_text="Why it failed; else empty.")
    taken_back_minor = s.IntegerField(help_text="Taken back since.")
    created_at = s.DateTimeField()
    sent_at = s.DateTimeField(allow_null=True)
    ended_at = s.DateTimeField(allow_null=True)


class StatementOut(s.Serializer[Any]):
    number = s.CharField()
    reseller = s.CharField(help_text="Address of the shop.")
    currency = s.CharField()
    until = s.DateTimeField(help_text="It settles what was due before.")
    orders = s.IntegerField()
    sums = Sums()
    blocked = s.CharField(help_text="Why nothing is paid; else empty.")
    digest = s.CharField(help_text="SHA-256 of its document; it never changes.")


class Taxed(s.Serializer[Any]):
    kind = s.ChoiceField(["sale", "refund"])
    rate_bps = s.IntegerField(allow_null=True, help_text="Hundredths of a percent; null: not noted at the time.")
    net_minor = s.IntegerField()
    tax_minor = s.IntegerField()


class PaperOut(s.Serializer[Any]):
    number = s.CharField()
    kind = s.ChoiceField(Invoice.Kind.choices)
    net_minor = s.IntegerField()
    tax_minor = s.IntegerField()
    gross_minor = s.IntegerField()
    issued_at = s.DateTimeField()


class StatementInFull(StatementOut):
    payout = PayoutOut(allow_null=True)
    taxes = Taxed(many=True, help_text="What consumers were taxed, by rate.")
    invoices = PaperOut(many=True, help_text="The platform fee with its tax.")
    held_back = s.ListField(child=s.CharField(), help_text="Orders taken off between draft and release.")


class LineOut(s.Serializer[Any]):
    id = s.IntegerField()
    at = s.DateTimeField()
    kind = s.CharField(help_text="sale, refund, claim, dispute, reserve, payout, payout_returned, clawback.")
    order_number = s.CharField(help_text="Empty where it is of no order.")
    amount_minor = s.IntegerField(help_text="Signed: what it adds to the balance.")


class OfReseller(s.Serializer[Any]):
    reseller = s.CharField(required=False, max_length=63, help_text="Address of a shop: only its own.")


class PayoutQuery(OfReseller):
    state = s.ChoiceField(Payout.State.choices, required=False)
