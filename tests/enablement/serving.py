"""Providers, tasks and money of shops, as the tests of the service network take them."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from enablement.models import ServiceProvider, ServiceTask
from enablement.services import dispatching, providers, service_tasks
from s2b2c.kernel import clock
from supplier.models import Account
from supplier.selectors import ledger as books
from supplier.services import ledger
from supplier.services.ledger import Leg

EVERY_DAY = range(21)
BANK = {"holder": "Studio", "account": "DE89370400440532013000", "routing": "COBADEFF", "bank": "", "country": "DE"}


def today() -> date:
    """The day it is."""
    return timezone.localdate(clock.now())


def provider(name: str = "Studio", *, active: bool = True, rates: Any = None, **facts: Any) -> ServiceProvider:
    """A photographer for 310xx, everyday; active unless said otherwise."""
    told = {
        "name": name, "email": f"{name.lower().replace(' ', '.')}@example.com", "country": "US", "base": "31000",
        "areas": ["310"], "hours": EVERY_DAY, "capacity": 4, "currency": "USD", "language": "en", **facts,
    }  # fmt: skip
    made = providers.apply(facts=told, rates=rates or {"photos": 9_000})
    if active:
        for state in ("vetted", "active"):
            made = providers.move(provider_id=made.pk, to=state, actor_id=None)
    return made


def earn(reseller: Any, minor: int = 50_000) -> None:
    """Let S owe a shop money it can spend."""
    ledger.post(
        key=f"claim:test:{reseller.pk}:{minor}", kind="claim", currency="USD", at=clock.now(), reseller_id=reseller.pk,
        legs=[Leg(Account.Kind.RETURN_COST, Account.Kind.RESELLER_PAYABLE, minor)],
    )  # fmt: skip


def wish(**more: Any) -> service_tasks.Wish:
    """Photos in 31008, tomorrow or within a week, for at most 120.00."""
    facts = {
        "kind": "photos", "brief": "Five pictures of the mug on a white ground.", "country": "US", "postcode": "31008",
        "day": today() + timedelta(days=1), "latest": today() + timedelta(days=7), "currency": "USD",
        "budget_minor": 12_000, **more,
    }  # fmt: skip
    return service_tasks.Wish(**facts)


def task(reseller: Any = None, **more: Any) -> ServiceTask:
    """A booked task, S's own unless a shop is named."""
    return service_tasks.book(wish=wish(**more), reseller_id=reseller and reseller.pk, actor_id=None)


def fresh(row: ServiceTask) -> ServiceTask:
    """A task, read anew."""
    return ServiceTask.objects.select_related("provider").get(pk=row.pk)


def offered(row: ServiceTask) -> ServiceTask:
    """A task after a round of dispatch."""
    dispatching.run()
    return fresh(row)


def done(row: ServiceTask) -> ServiceTask:
    """A task that was offered, accepted and handed in with a picture."""
    found = offered(row)
    service_tasks.accept(number=row.number, provider_id=found.provider_id or 0)
    return service_tasks.hand_in(
        number=row.number, provider_id=found.provider_id or 0, proof="Here they are.", photos=[photo()]
    )


def photo() -> SimpleUploadedFile:
    """A picture as a phone sends it."""
    file = BytesIO()
    Image.new("RGB", (640, 480), (120, 140, 90)).save(file, "JPEG")
    return SimpleUploadedFile("one.jpg", file.getvalue(), "image/jpeg")


def balance(kind: str, reseller: Any = None) -> int:
    """What an account holds, as a credit."""
    found = list(Account.objects.filter(kind=kind, reseller=reseller, currency="USD"))
    return sum(books.balances(found).values())
