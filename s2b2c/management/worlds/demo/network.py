"""The demo's service network: providers of each kind, and tasks in every state, with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from enablement.models import ServiceProvider, ServiceStatement, ServiceTask
from enablement.services import dispatching, providers, service_pay, service_tasks
from reseller.services import delivered
from s2b2c.accounts.models import User
from s2b2c.kernel import clock
from s2b2c.management.worlds.demo.afterwards import later, shop
from s2b2c.management.worlds.demo.still_life import photo
from s2b2c.management.worlds.demo.trade import Trade
from s2b2c.tenancy import context
from supplier.models import Product

_DAYS, _WEEK = [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6]
# name, facts, prices in cents, parts of the day, days of the week
PROVIDERS: tuple[tuple[str, dict[str, Any], dict[str, int], tuple[int, ...], list[int]], ...] = (
    ("Northlight Studio", {"contact": "June Abbott", "place": "Hudson, NY", "base": "12534", "areas": ["125", "121", "124"], "capacity": 2, "about": "Two photographers, one old barn with north windows. Products, tables, hands."}, {"photos": 9_800}, (0, 1), _DAYS),
    ("Frame & Field", {"contact": "Marco Bell", "place": "Kingston, NY", "base": "12401", "areas": ["124", "125", "112", "100"], "capacity": 3, "about": "Still life and small rooms. We come with lights."}, {"photos": 11_500}, (0, 1), _WEEK),
    ("山谷影像", {"contact": "沈砚", "place": "Queens, NY", "base": "11354", "areas": ["*"], "capacity": 2, "language": "zh-hans", "about": "商品摄影与短片，中英双语沟通。"}, {"photos": 12_000, "copy": 6_500}, (1, 2), _WEEK),
    ("Plain Words", {"contact": "Edie Marsh", "place": "Portland, ME", "base": "04101", "areas": ["*"], "capacity": 5, "about": "Titles and texts that sound like somebody."}, {"copy": 5_500}, (0, 1), _DAYS),
    ("Two Rivers Couriers", {"contact": "Dev Patel", "place": "Albany, NY", "base": "12207", "areas": ["12", "13"], "capacity": 30, "about": "Cargo bikes in town, two vans beyond."}, {"delivery": 1_900}, (0, 1, 2), _WEEK),
    ("Carry & Co", {"contact": "Rosa Lind", "place": "Brooklyn, NY", "base": "11217", "areas": ["100", "112", "125"], "capacity": 12, "about": "Same-day deliveries; two people where stairs are steep."}, {"delivery": 2_400, "install": 9_000}, (0, 1, 2), _WEEK),
    ("Fitwell Installations", {"contact": "Otis Grant", "place": "Brooklyn, NY", "base": "11201", "areas": ["100", "112"], "capacity": 4, "about": "Lamps, shelves, beds. Insured, and we sweep up."}, {"install": 7_900}, (0, 1), _DAYS),
    ("Harbor Line", {"contact": "Sam Osei", "place": "Providence, RI", "base": "02903", "areas": ["*"], "capacity": 8, "about": "Calls in English, Spanish and Mandarin."}, {"calls": 14_000}, (0, 1, 2), _DAYS),
    ("Speedy Van", {"contact": "Lou Hart", "place": "Newark, NJ", "base": "07102", "areas": ["07", "100"], "capacity": 20}, {"delivery": 1_500}, (0, 1, 2), _WEEK),
    ("Oak Street Fitters", {"contact": "Ana Ruiz", "place": "Oakland, CA", "base": "94607", "areas": ["946", "947"], "capacity": 3, "about": "Furniture and lights in the East Bay."}, {"install": 8_500}, (0, 1), _DAYS),
    ("Studio Lindqvist", {"contact": "Maja Lindqvist", "place": "Beacon, NY", "base": "12508", "areas": ["125"], "capacity": 1, "about": "Food and ceramics, natural light."}, {"photos": 10_500}, (0,), [1, 2, 3]),
)  # fmt: skip
_STILL_TO_CHECK, _CHECKED_ONLY, _SUSPENDED = "Studio Lindqvist", "Oak Street Fitters", "Speedy Van"
HUDSON: dict[str, Any] = {
    "country": "US",
    "postcode": "12534",
    "address": "412 Warren Street, Hudson, NY",
    "contact": "Nora Whitfield, +1 518 555 0171",
}
BROOKLYN = {
    "country": "US",
    "postcode": "11217",
    "address": "218 Dean Street, Brooklyn, NY",
    "contact": "Maya Lindqvist, +1 718 555 0128",
}


def plan(trade: Trade) -> None:
    """Put the network and its tasks into the calendar."""
    _past(trade)
    _present(trade)


def _past(trade: Trade) -> None:
    """What is over, or waits for the shop."""
    later(trade, 40, _furnish)
    later(trade, 8.4, partial(_juniper, 1, "HL-MUG", _to_the_end))
    later(
        trade,
        8.3,
        partial(_writing, "larder", "Titles and 120 words for the loaf tins, warm, without clichés.", _with_complaint),
    )
    later(
        trade,
        22.3,
        partial(
            _ours,
            "calls",
            "Call forty customers whose parcels came late; say sorry, note what they say.",
            60_000,
            _to_the_end,
        ),
    )
    later(trade, 20, _pay)
    later(trade, 8.2, partial(_juniper, 5, "HL-TPT", _handed_in))
    later(trade, 8.1, partial(_writing, "plain-room", "A text about how we choose chairs, 200 words.", _replaced))
    later(
        trade,
        7.9,
        partial(
            _ours, "delivery", "Sample pieces to the photographer, back the day after.", 4_000, _to_the_end, **HUDSON
        ),
    )


def _present(trade: Trade) -> None:
    """What stands on the board now."""
    later(
        trade,
        3,
        partial(
            _ours, "install", "Three lamps in a hotel lobby, as agreed with the buyer.", 12_000, _accepted, **BROOKLYN
        ),
    )
    later(
        trade,
        0.03,
        partial(_ours, "install", "A bed and two shelves, third floor without a lift.", 12_000, None, **BROOKLYN),
    )
    later(
        trade,
        0.3,
        partial(
            _ours,
            "photos",
            "The new warehouse for the annual report.",
            20_000,
            None,
            country="US",
            postcode="94607",
            address="Dock 4, Oakland, CA",
        ),
    )
    later(trade, 0.25, partial(_ours, "delivery", "A forgotten lid to a customer.", 3_000, _accepted, **HUDSON))
    later(
        trade,
        0.2,
        partial(
            _ours,
            "install",
            "A ceiling lamp in a reading room.",
            9_000,
            None,
            country="US",
            postcode="94609",
            address="Telegraph Avenue, Oakland, CA",
        ),
    )
    later(trade, 0.02, partial(_juniper, 3, "HL-LMP", None))
    later(trade, 2, partial(_used, "juniper-row"))


def _admin() -> User:
    return User.objects.filter(memberships__reseller=None, memberships__role="admin").earliest("id")


def _furnish() -> None:
    for name, facts, rates, parts, days in PROVIDERS:
        plain = "".join(sign for sign in name.lower() if sign.isascii() and sign.isalnum()) or "shangu"
        told = {
            "name": name, "email": f"hello@{plain}.example", "country": "US", "currency": "USD", "language": "en",
            "phone": "+1 518 555 0100", "hours": [3 * day + part for day in days for part in parts], **facts,
        }  # fmt: skip
        made = providers.apply(facts=told, rates=rates)
        _let_in(made)


def _let_in(made: ServiceProvider) -> None:
    admin = _admin().pk
    steps = {_STILL_TO_CHECK: (), _CHECKED_ONLY: ("vetted",)}.get(made.name, ("vetted", "active"))
    for state in steps:
        providers.move(provider_id=made.pk, to=state, actor_id=admin)
    if made.name == _SUSPENDED:
        providers.move(provider_id=made.pk, to="suspended", reason="Two parcels left in the rain; insurance papers are out of date.", actor_id=admin)  # fmt: skip
    elif made.name != _STILL_TO_CHECK:
        account = f"0004{made.pk:08d}"
        providers.set_bank(provider_id=made.pk, holder=made.name, account=account, routing="011000015", bank="First Bank of the Hudson", country="US")  # fmt: skip


# --- Booking ------------------------------------------------------------------------------------------------
_After = Callable[[ServiceTask], None] | None


def _book(reseller: Any, after: _After, *, ahead: int = 1, room: int = 6, **more: Any) -> None:
    today = timezone.localdate(clock.now())
    days = {"day": today + timedelta(days=ahead), "latest": today + timedelta(days=ahead + room)}
    wish = service_tasks.Wish(currency="USD", **{**days, **more})
    task = service_tasks.book(wish=wish, reseller_id=reseller and reseller.pk, actor_id=_admin().pk)
    dispatching.run()
    task.refresh_from_db()
    if after:
        after(task)


def _juniper(pictures: int, code: str, after: _After) -> None:
    product = Product.objects.filter(code=code).first()
    brief = f"{pictures + 2} pictures on a white ground and two in use: morning light, a linen cloth, no faces."
    _book(
        shop("juniper-row"),
        after,
        kind="photos",
        brief=brief,
        budget_minor=13_000,
        product_id=product and product.pk,
        **HUDSON,
    )


def _writing(slug: str, brief: str, after: _After) -> None:
    _book(shop(slug), after, kind="copy", brief=brief, budget_minor=8_000, country="US", postcode="12534")


def _ours(kind: str, brief: str, budget: int, after: _After, **where: Any) -> None:
    place: dict[str, Any] = where or {"country": "US", "postcode": "02903", "address": "By phone"}
    _book(None, after, ahead=0, room=2, kind=kind, brief=brief, budget_minor=budget, **place)


# --- What becomes of it ---------------------------------------------------------------------------------------
def _accepted(task: ServiceTask) -> None:
    service_tasks.accept(number=task.number, provider_id=task.provider_id or 0)


def _handed_in(task: ServiceTask) -> None:
    """Done on the afternoon of the day agreed."""
    _accepted(task)
    proofs = {
        "photos": "Daylight only; the linen is yours, it is in the parcel.",
        "copy": "Text is in your mail, with two titles to choose from.",
        "calls": "38 of 40 reached; list and notes are in your mail.",
    }
    pictures = (
        [photo(number) for number in range(4)]
        if task.kind == "photos"
        else [photo(1)]
        if task.kind == "delivery"
        else []
    )
    at = clock.now() + (task.on - timezone.localdate(clock.now())) if task.on else clock.now()
    with clock.set_to(at + timedelta(hours=1)):
        service_tasks.hand_in(number=task.number, provider_id=task.provider_id or 0, proof=proofs.get(task.kind, "Done; everybody is content."), photos=pictures)  # fmt: skip


def _to_the_end(task: ServiceTask) -> None:
    _handed_in(task)
    service_tasks.approve(number=task.number, actor_id=_admin().pk)


def _used(slug: str) -> None:
    """The shop shows the mug as its photographer saw it."""
    reseller = shop(slug)
    task = ServiceTask.objects.filter(reseller=reseller, kind="photos", state__in=("approved", "paid")).earliest("id")
    with context.entered(reseller):
        delivered.use_photos(number=task.number, reseller_id=reseller.pk)


def _with_complaint(task: ServiceTask) -> None:
    _to_the_end(task)
    service_tasks.complain(
        number=task.number, complaint="Two of the titles were our own, turned around.", actor_id=_admin().pk
    )


def _replaced(task: ServiceTask) -> None:
    """The first one says nothing in time, the next one does it."""
    with clock.set_to(clock.now() + timedelta(hours=3)):
        dispatching.run()
        task.refresh_from_db()
        _to_the_end(task)


def _pay() -> None:
    batch = service_pay.make(currency="USD", actor_id=_admin().pk)
    for number in ServiceStatement.objects.filter(batch=batch).values_list("number", flat=True):
        service_pay.paid(number=number, actor_id=_admin().pk)
