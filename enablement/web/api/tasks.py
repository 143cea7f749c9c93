"""A provider's tasks through the supplier's API: what waits for its answer, what it has in hand, and what it says."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from enablement.models import Part, ServiceKind, ServiceOffer, ServiceTask
from enablement.selectors import network
from enablement.services import service_tasks
from s2b2c.api import ground
from s2b2c.api.idempotency import idempotent

_REFUSALS = (400, 401, 403, 404, 409, 422, 429)
_STATES = [state for state in ServiceTask.State.values if state != ServiceTask.State.OPEN]


class TaskOut(s.Serializer[Any]):
    number = s.CharField()
    state = s.ChoiceField(_STATES)
    kind = s.ChoiceField(ServiceKind.values)
    brief = s.CharField()
    country = s.CharField()
    postcode = s.CharField()
    contact = s.CharField(help_text="Empty until it is accepted.")
    address = s.CharField(help_text="Empty until it is accepted.")
    on = s.DateField()
    part = s.ChoiceField(Part.values, help_text="Part of the day: 0 morning, 1 afternoon, 2 evening.")
    price_minor = s.IntegerField(help_text="What it is paid, in minor units.")
    currency = s.CharField()
    until = s.DateTimeField(allow_null=True, help_text="While it is offered: then the next one is asked.")


class TasksOut(s.Serializer[Any]):
    items = TaskOut(many=True)


class NoteIn(s.Serializer[Any]):
    note = s.CharField(max_length=200, required=False, allow_blank=True, default="")


class ReasonIn(s.Serializer[Any]):
    note = s.CharField(max_length=200, help_text="Why it can't be done after all.")


class ProofIn(s.Serializer[Any]):
    proof = s.CharField(max_length=600, help_text="What was done. Photos are added on the provider's page.")


class AnsweredOut(s.Serializer[Any]):
    number = s.CharField()
    state = s.ChoiceField(ServiceTask.State.values)


class Tasks(APIView):
    """What a provider has to do."""

    required_scopes = {"GET": "tasks:read"}

    @ground.described("What is offered to a provider and what it accepted", TasksOut, refusals=(401, 403, 404, 429))
    def get(self, request: Request, provider_id: int) -> Response:
        me = network.provider(provider_id)
        offered = [_shown(each.task, each) for each in network.open_offers(me.pk)]
        return ground.answer(TasksOut, {"items": [*offered, *(_shown(row) for row in network.in_hand(me.pk))]})


class Answer(APIView):
    """What a provider says of a task."""

    required_scopes = {"POST": "tasks:write"}


class Accept(Answer):
    @ground.described("Accept what is offered. Again: nothing more", AnsweredOut, refusals=_REFUSALS)
    @idempotent
    def post(self, request: Request, provider_id: int, number: str) -> Response:
        me = network.provider(provider_id)
        return _said(service_tasks.accept(number=number, provider_id=me.pk))


class Decline(Answer):
    @ground.described("Decline what is offered; the next one is asked", AnsweredOut, body=NoteIn, refusals=_REFUSALS)
    @idempotent
    def post(self, request: Request, provider_id: int, number: str) -> Response:
        told, me = ground.valid(NoteIn, request.data), network.provider(provider_id)
        return _said(service_tasks.decline(number=number, provider_id=me.pk, note=told["note"]))


class HandBack(Answer):
    @ground.described("Give back what was accepted; the next one is asked", AnsweredOut, body=ReasonIn, refusals=_REFUSALS)  # fmt: skip
    @idempotent
    def post(self, request: Request, provider_id: int, number: str) -> Response:
        told, me = ground.valid(ReasonIn, request.data), network.provider(provider_id)
        return _said(service_tasks.hand_back(number=number, provider_id=me.pk, note=told["note"]))


class Done(Answer):
    @ground.described("Say that it is done, and what", AnsweredOut, body=ProofIn, refusals=_REFUSALS)
    @idempotent
    def post(self, request: Request, provider_id: int, number: str) -> Response:
        told, me = ground.valid(ProofIn, request.data), network.provider(provider_id)
        return _said(service_tasks.hand_in(number=number, provider_id=me.pk, proof=told["proof"]))


def _said(task: ServiceTask) -> Response:
    return ground.answer(AnsweredOut, {"number": task.number, "state": task.state})


def _shown(row: ServiceTask, offer: ServiceOffer | None = None) -> dict[str, Any]:
    """Where it is, to the door, is for who accepted it."""
    plain = ("number", "state", "kind", "brief", "country", "postcode", "currency")
    taken: Any = offer or row
    return {
        **{name: getattr(row, name) for name in plain},
        "contact": "" if offer else row.contact,
        "address": "" if offer else row.address,
        "on": taken.on,
        "part": taken.at_part,
        "price_minor": taken.price_minor,
        "until": offer.until if offer else None,
    }
