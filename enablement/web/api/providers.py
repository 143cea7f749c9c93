"""Providers of services through the supplier's API: a registry of others writes them down, S checks them as all."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from enablement.models import ServiceKind, ServiceProvider
from enablement.selectors import network
from enablement.services import providers
from s2b2c.api import ground
from s2b2c.api.idempotency import idempotent
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from s2b2c.ui import countries

_MOST_MINOR = 1_000_000_000


class RateIn(s.Serializer[Any]):
    kind = s.ChoiceField(choices=ServiceKind.values)
    price_minor = s.IntegerField(min_value=1, max_value=_MOST_MINOR, help_text="For a task, in minor units.")


class ProviderIn(s.Serializer[Any]):
    name = s.CharField(max_length=80)
    email = s.EmailField(max_length=254)
    contact = s.CharField(max_length=80, required=False, allow_blank=True, default="")
    phone = s.CharField(max_length=40, required=False, allow_blank=True, default="")
    place = s.CharField(max_length=80, required=False, allow_blank=True, default="")
    country = s.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166-1, two letters.")
    base = s.CharField(max_length=12, required=False, allow_blank=True, default="", help_text="Its own postcode.")
    areas = s.ListField(
        child=s.CharField(max_length=12), min_length=1, max_length=60, help_text="Beginnings of postcodes; * anywhere."
    )
    hours = s.ListField(
        child=s.IntegerField(min_value=0, max_value=20), min_length=1, max_length=21,
        help_text="Weekday (Monday 0) × 3 + part of the day (morning 0, afternoon 1, evening 2).",
    )  # fmt: skip
    capacity = s.IntegerField(min_value=1, max_value=200, help_text="Tasks a day.")
    currency = s.ChoiceField(choices=money.OFFERED)
    language = s.ChoiceField(choices=[code for code, _name in settings.LANGUAGES], default="en")
    about = s.CharField(max_length=600, required=False, allow_blank=True, default="")
    rates = RateIn(many=True, allow_empty=False, max_length=len(ServiceKind.values))  # type: ignore[call-arg]


class ProviderOut(s.Serializer[Any]):
    id = s.IntegerField()
    name = s.CharField()
    state = s.CharField()
    areas = s.ListField(child=s.CharField())
    capacity = s.IntegerField()
    currency = s.CharField()
    rates = RateIn(many=True)
    score = s.IntegerField(help_text="0 to 100, over the last 180 days.")


class Registration(APIView):
    """Registering a provider."""

    required_scopes = {"POST": "network:write"}

    @ground.described(
        "Register a provider; it is offered tasks once the supplier has checked it",
        ProviderOut, body=ProviderIn, status=201, refusals=(400, 401, 403, 409, 422, 429),
    )  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        told = ground.valid(ProviderIn, request.data)
        rates = {rate["kind"]: rate["price_minor"] for rate in told.pop("rates")}
        if told["country"] not in dict(countries.choices()):
            raise Refused("country", _("There is no such country."), field="/country")
        made = providers.apply(facts=told, rates=rates)
        return ground.answer(ProviderOut, _shown(network.provider(made.pk)), 201)


class OneProvider(APIView):
    """One provider."""

    required_scopes = {"GET": "network:read"}

    @ground.described("Read how a provider stands", ProviderOut, refusals=(401, 403, 404, 429))
    def get(self, request: Request, provider_id: int) -> Response:
        return ground.answer(ProviderOut, _shown(network.provider(provider_id)))


def _shown(provider: ServiceProvider) -> dict[str, Any]:
    plain = ("id", "name", "state", "areas", "capacity", "currency")
    return {
        **{name: getattr(provider, name) for name in plain},
        "rates": [{"kind": rate.kind, "price_minor": rate.price_minor} for rate in provider.rates.all()],
        "score": network.scores([provider.pk])[provider.pk].value,
    }
