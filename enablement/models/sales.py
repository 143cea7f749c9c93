"""The mart of sales: facts as events told them, their sums by day and week, and how far these have come."""

from __future__ import annotations

from django.db import models


class Amounts(models.Model):
    """What a fact, or a sum of facts, says in pieces and in minor units. What goes back is negative.

    ``sales``: what c pays for goods, without tax. ``discount``: what was taken off when it was sold. ``shipping``: what
    c's order was charged for delivery, whoever paid it. ``funded``: the part S bore of discounts and delivery.
    paid = sales + services + tax + shipping − what was given of delivery; the same split as on the order. What S, b
    and the fee get of services booked with goods is in wholesale, margin and fee of the order itself, and in no sales.
    """

    pieces = models.BigIntegerField(default=0)
    sales_minor = models.BigIntegerField(default=0)
    discount_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    wholesale_minor = models.BigIntegerField(default=0)
    margin_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    shipping_minor = models.BigIntegerField(default=0)
    funded_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class SalesFact(Amounts):
    """A line of an order as it was sold, or as some of it went back. ``line_id`` 0 is the order itself: its delivery.

    ``cause`` is the key of the journal that booked it, ``day`` (UTC) that journal's. Keys are plain numbers: facts are
    many, partitioned by month, and never asked for what they point to. ``tx``: the transaction that wrote the fact.
    """

    class Kind(models.TextChoices):
        SOLD = "sold"
        REFUNDED = "refunded"
        RETURNED = "returned"  # refunded too; its pieces had been sent

    pk = models.CompositePrimaryKey("day", "cause", "line_id")
    day = models.DateField()
    cause = models.CharField(max_length=120)
    line_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reseller_id = models.BigIntegerField()
    order_number = models.CharField(max_length=12)
    variant_id = models.BigIntegerField(null=True)
    product_id = models.BigIntegerField(null=True)
    category_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    tx = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.cause} {self.line_id}"


class Summed(Amounts):
    """Facts summed up by one thing: ``grain`` says what ``thing_id`` is (0 where it is everything).

    Sold and gone back are told apart, so that a rate can be asked; the amounts are what is left. ``orders`` and
    ``refunds`` count heads, which goods have none of: there they count lines.
    """

    class Grain(models.TextChoices):
        ALL = "all"
        RESELLER = "reseller"
        PRODUCT = "product"
        CATEGORY = "category"

    grain = models.CharField(max_length=8, choices=Grain.choices)
    day = models.DateField()
    currency = models.CharField(max_length=3)
    thing_id = models.BigIntegerField()
    orders = models.BigIntegerField(default=0)
    refunds = models.BigIntegerField(default=0)
    back_pieces = models.BigIntegerField(default=0)
    back_minor = models.BigIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.grain} {self.thing_id} {self.day}"


class SalesSum(Summed):
    """The facts of a day."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grain", "currency", "day", "thing_id"], name="sales_sum_once"),
        ]
        indexes = [
            models.Index(fields=["thing_id", "day"], name="sales_sum_of_shop", condition=models.Q(grain="reseller")),
        ]


class SalesWeek(Summed):
    """The sums of the days of a week whose Monday is ``day``: a quarter of a year is asked of some twelve of them.

    There is none of everything: a day of that is one row.
    """

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grain", "currency", "day", "thing_id"], name="sales_week_once"),
            models.CheckConstraint(condition=models.Q(day__iso_week_day=1), name="sales_week_begins_on_monday"),
        ]


class MartState(models.Model):
    """How far sums and a rebuild have come; one row. Facts of transactions before ``summed_tx`` are in the sums.

    While ``rebuilding``, orders and refunds up to these numbers are facts again.
    """

    summed_tx = models.BigIntegerField(default=0)
    summed_at = models.DateTimeField(null=True)
    rebuilding = models.BooleanField(default=False)
    rebuilt_order = models.BigIntegerField(default=0)
    rebuilt_refund = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.summed_tx}"
