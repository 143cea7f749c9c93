"""What goes in and comes out, as drf-spectacular writes it down. Amounts are integers in minor units."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from orders.models import Order
from s2b2c.api import ground
from storefront.web.api import shapes_services


class Category(s.Serializer[Any]):
    slug = s.CharField()
    name = s.CharField()
    parent = s.CharField(  # type: ignore[assignment]
        allow_null=True, help_text="Slug of the category above, null at the top."
    )
    products = s.IntegerField(help_text="On sale here and below.")


class Categories(s.Serializer[Any]):
    items = Category(many=True)


class Card(s.Serializer[Any]):
    slug = s.CharField()
    title = s.CharField()
    summary = s.CharField()
    picture = s.URLField()
    price_minor = s.IntegerField(help_text="Of the cheapest variant.")
    was_minor = s.IntegerField(allow_null=True)
    price_varies = s.BooleanField()
    currency = s.CharField()
    stock = s.ChoiceField(["in_stock", "low", "sold_out"])


class FacetValue(s.Serializer[Any]):
    value = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    products = s.IntegerField()
    chosen = s.BooleanField()


class Facet(s.Serializer[Any]):
    code = s.CharField(help_text="The name of the query parameter: `o.<option>`, `a.<attribute>` or `type`.")
    label = s.CharField()  # type: ignore[assignment]
    values = FacetValue(many=True)


class Products(s.Serializer[Any]):
    items = Card(many=True)
    next = s.URLField(allow_null=True)
    total = s.IntegerField()
    in_stock = s.IntegerField()
    price_min_minor = s.IntegerField()
    price_max_minor = s.IntegerField()
    facets = Facet(many=True)
    close = s.BooleanField(help_text="A search found nothing with these words; these are spelled alike.")


class Picture(s.Serializer[Any]):
    url = s.URLField()
    width = s.IntegerField()
    height = s.IntegerField()
    alt = s.CharField()


class Part(s.Serializer[Any]):
    sku = s.CharField()
    title = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    pieces = s.IntegerField(help_text="How many are in one bundle.")
    slug = s.CharField(allow_null=True, help_text="Where the shop sells it by itself, too.")


class Variant(s.Serializer[Any]):
    id = s.IntegerField()
    sku = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    options = s.DictField(child=s.CharField())
    price_minor = s.IntegerField()
    was_minor = s.IntegerField(allow_null=True)
    currency = s.CharField()
    stock = s.ChoiceField(["in_stock", "low", "sold_out"])
    expected_on = s.DateField(allow_null=True, help_text="While sold out: the day more is expected, if it is known.")
    weight_g = s.IntegerField()
    parts = Part(many=True, help_text="What is in it, where it is a bundle; else empty.")


class Product(s.Serializer[Any]):
    slug = s.CharField()
    title = s.CharField()
    summary = s.CharField()
    text = s.CharField()
    brand = s.CharField()
    category = s.CharField(allow_null=True)
    attributes = s.ListField(child=s.DictField(child=s.CharField()))
    pictures = Picture(many=True)
    variants = Variant(many=True)
    services = shapes_services.Service(many=True, help_text="What can be booked with it.")


class LineIn(s.Serializer[Any]):
    variant = s.IntegerField(**ground.ID)
    quantity = s.IntegerField(min_value=1, max_value=999, default=1)


class CartIn(s.Serializer[Any]):
    lines = LineIn(many=True, allow_empty=False, max_length=100)  # type: ignore[call-arg]


class QuantityIn(s.Serializer[Any]):
    quantity = s.IntegerField(min_value=0, max_value=999, help_text="0 takes the line out.")


class CartLine(s.Serializer[Any]):
    variant = s.IntegerField()
    sku = s.CharField()
    title = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    quantity = s.IntegerField()
    price_minor = s.IntegerField(allow_null=True)
    line_minor = s.IntegerField()
    was_seen_minor = s.IntegerField(allow_null=True, help_text="The price when it was added, where that differs.")
    problem = s.ChoiceField(["", "gone", "short"])
    services = shapes_services.Ticked(many=True, help_text="Booked with it.")
    offered = shapes_services.Service(many=True, help_text="What could be booked with it.")


class Cart(s.Serializer[Any]):
    token = s.UUIDField()
    lines = CartLine(many=True)
    pieces = s.IntegerField()
    ready = s.BooleanField(help_text="Nothing stands against checking out.")
    currency = s.CharField()
    items_minor = s.IntegerField()
    services_minor = s.IntegerField(help_text="What is booked with the goods.")
    discount_minor = s.IntegerField(help_text="Taken off the items.")
    code = s.CharField(help_text="What was typed for a discount.")
    shipping_minor = s.IntegerField()
    tax_minor = s.IntegerField()
    tax_included = s.BooleanField()
    total_minor = s.IntegerField()


class ContactIn(s.Serializer[Any]):
    name = s.CharField(max_length=120)
    email = s.EmailField(max_length=254)
    phone = s.CharField(max_length=40, required=False, allow_blank=True, default="")
    street = s.CharField(max_length=160)
    postcode = s.CharField(max_length=16)
    city = s.CharField(max_length=80)
    region = s.CharField(max_length=80, required=False, allow_blank=True, default="")
    country = s.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166-1 alpha-2.")


class CheckoutIn(s.Serializer[Any]):
    cart = s.UUIDField()
    contact = ContactIn()
    method = s.ChoiceField(Order.Method.choices)
    slots = shapes_services.ChosenIn(
        many=True, required=False, default=list, max_length=40,
        help_text="When each service of the cart shall be done: `slot` where one has none, `slot_gone` where it is taken.",
    )  # type: ignore[call-arg]  # fmt: skip
    expected_total_minor = s.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=10**15,
        help_text="The total the buyer was shown: refused with `price_changed` where it is another now.",
    )  # fmt: skip


class OrderLine(s.Serializer[Any]):
    title = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    quantity = s.IntegerField()
    unit_minor = s.IntegerField()
    line_minor = s.IntegerField()
    shipped = s.IntegerField()
    refunded = s.IntegerField()


class Parcel(s.Serializer[Any]):
    carrier = s.CharField()
    tracking = s.CharField()
    tracking_url = s.CharField()
    shipped_at = s.DateTimeField()
    delivered_on = s.DateField(allow_null=True, help_text="The day it came, once somebody said so.")


class OrderOut(s.Serializer[Any]):
    number = s.CharField()
    token = s.CharField()
    status = s.ChoiceField(Order.Status.choices)
    paid = s.ChoiceField(Order.Paid.choices)
    method = s.ChoiceField(Order.Method.choices)
    currency = s.CharField()
    items_minor = s.IntegerField()
    discount_minor = s.IntegerField(help_text="Taken off the items.")
    shipping_minor = s.IntegerField()
    tax_minor = s.IntegerField()
    tax_included = s.BooleanField()
    total_minor = s.IntegerField()
    refunded_minor = s.IntegerField()
    placed_at = s.DateTimeField()
    expires_at = s.DateTimeField(allow_null=True)
    page_url = s.URLField()
    cancellable = s.BooleanField()
    lines = OrderLine(many=True)
    parcels = Parcel(many=True)
    services = shapes_services.Booked(many=True, help_text="Booked with the goods.")


class Placed(OrderOut):
    payment_url = s.URLField(
        allow_null=True,
        help_text="Lead the buyer here; null where nothing is to be paid now, or try the order's `payment`.",
    )


class PaymentPage(s.Serializer[Any]):
    payment_url = s.URLField()
