"""Shapes of services booked with goods. Amounts are integers in minor units of the shop's currency, for one visit."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from enablement.models import Part
from s2b2c.api import ground

_PART = "Part of the day: 0 morning, 1 afternoon, 2 evening."
_STATES = [
    "held", "placed", "open", "offered", "accepted", "done", "approved", "paid", "released", "cancelled", "failed",
]  # fmt: skip


class Service(s.Serializer[Any]):
    id = s.IntegerField()
    kind = s.CharField()
    title = s.CharField()
    text = s.CharField()
    price_minor = s.IntegerField(help_text="For one visit.")
    most_pieces = s.IntegerField(help_text="What one visit does at most.")


class Ticked(s.Serializer[Any]):
    service = s.IntegerField(allow_null=True, help_text="Null where it is no longer offered.")
    title = s.CharField()
    price_minor = s.IntegerField(allow_null=True)
    was_seen_minor = s.IntegerField(allow_null=True, help_text="The price when it was added, where that differs.")
    problem = s.ChoiceField(["", "gone", "many"])


class ServicesIn(s.Serializer[Any]):
    services = s.ListField(
        child=s.IntegerField(**ground.ID), max_length=20, help_text="Those and no others; none takes all out."
    )


class SlotIn(s.Serializer[Any]):
    on = s.DateField(help_text="The day.")
    part = s.ChoiceField(Part.choices, help_text=_PART)


class Slot(s.Serializer[Any]):
    on = s.DateField()
    part = s.IntegerField(help_text=_PART)


class ChosenIn(SlotIn):
    variant = s.IntegerField(**ground.ID)
    service = s.IntegerField(**ground.ID)


class PlaceIn(s.Serializer[Any]):
    country = s.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166-1 alpha-2.")
    postcode = s.CharField(min_length=3, max_length=16)


class SlotsOf(s.Serializer[Any]):
    variant = s.IntegerField()
    service = s.IntegerField()
    title = s.CharField()
    slots = Slot(many=True, help_text="The soonest first; empty where nobody can come in the next weeks.")


class CartSlots(s.Serializer[Any]):
    items = SlotsOf(many=True)


class Booked(s.Serializer[Any]):
    line = s.IntegerField(help_text="The order's line of it: its name in addresses.")
    kind = s.CharField()
    title = s.CharField()
    goods = s.CharField()
    price_minor = s.IntegerField()
    state = s.ChoiceField(_STATES)
    on = s.DateField()
    part = s.IntegerField(help_text=_PART)
    provider = s.CharField(help_text="Who comes, once that is sure; else empty.")
    changeable = s.BooleanField(help_text="It can be moved and cancelled.")


class OneBooked(Booked):
    slots = Slot(many=True, help_text="Where it can be moved to.")
