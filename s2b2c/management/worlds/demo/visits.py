"""The demo's services booked with goods: a shelf put up, a pendant hung, each at another point of its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.utils import timezone

from enablement.models import ServiceBooking, ServiceOption
from enablement.selectors import bookings
from enablement.services import dispatching, service_options, service_tasks
from orders.models import Order
from orders.services import cart, cases, checkout
from orders.services.writing import Contact
from s2b2c.accounts.models import User
from s2b2c.kernel import clock
from s2b2c.management.worlds import replay
from s2b2c.management.worlds.demo.afterwards import later, shop
from s2b2c.management.worlds.demo.still_life import put_up
from s2b2c.management.worlds.demo.trade import Trade
from s2b2c.tenancy import context
from supplier.models import Product, Variant

# product, names, texts, price and what S gets of it in cents, pieces a visit
OPTIONS = (
    ("HL-SHF", ("Put up on your wall", "上门装到墙上"),
     ("Drilled, levelled, tried with weight. Bring the wall, we bring the rest.", "打孔、找平、试重。墙在就行，其余我们带。"), 9_500, 7_900, 6),
    ("HL-PND", ("Hung and connected", "吊装接线"),
     ("An electrician hangs it, connects it and takes the packaging along.", "电工上门吊装、接线，并带走包装。"), 10_900, 9_000, 4),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """An order with a service: so many days ago, by whom, in which language, and how far it came."""

    slug: str
    days_ago: float
    code: str
    contact: Contact
    language: str
    way: str  # "complained" | "done" | "accepted" | "asked"


def _brooklyn(name: str, street: str, email: str, postcode: str = "11217") -> Contact:
    return Contact(
        name=name, email=email, phone="+1 718 555 0128", street=street, postcode=postcode, city="Brooklyn", region="NY",
        country="US",
    )  # fmt: skip


STORIES = (
    Story("juniper-row", 16, "HL-SHF", _brooklyn("Ines Moreau", "88 Bergen Street", "ines.moreau@post.example"), "en", "complained"),
    Story("juniper-row", 12, "HL-PND", _brooklyn("Theo Calder", "31 Wyckoff Street", "theo.calder@post.example"), "en", "done"),
    Story("juniper-row", 2.2, "HL-SHF", _brooklyn("Maya Lindqvist", "218 Dean Street", "maya.lindqvist@post.example"), "en", "accepted"),
    Story("shanye", 1.8, "HL-PND", _brooklyn("陈美", "5 Atlantic Avenue", "mei.chen@post.example", "11201"), "zh-hans", "accepted"),
    Story("juniper-row", 0.02, "HL-PND", _brooklyn("Clara Byrne", "140 Smith Street", "clara.byrne@post.example", "11201"), "en", "asked"),
)  # fmt: skip


def plan(trade: Trade) -> None:
    """Put services with goods, and the orders that have them, into the calendar."""
    later(trade, 39, _offer)
    for story in STORIES:
        later(trade, story.days_ago, partial(_begin, trade, story))


def _admin() -> int:
    return User.objects.filter(memberships__reseller=None, memberships__role="admin").earliest("id").pk


def _offer() -> None:
    for code, name, text, price, cost, most in OPTIONS:
        told = service_options.Offered(
            kind="install", name_en=name[0], name_zh=name[1], text_en=text[0], text_zh=text[1],
            product_id=Product.objects.get(code=code).pk, category_id=None, currency="USD", price_minor=price,
            cost_minor=cost, most_pieces=most,
        )  # fmt: skip
        service_options.save(option_id=None, told=told, actor_id=_admin())


def _begin(trade: Trade, story: Story) -> None:
    reseller = shop(story.slug)
    variant = Variant.objects.filter(product__code=story.code).earliest("id")
    option = ServiceOption.objects.get(product__code=story.code)
    with context.entered(reseller):
        order = _order(story, variant, option)
    trade._pay(reseller, order)
    if story.way == "asked":
        replay.drain(clock.now())
        dispatching.run()
        return
    trade.at(clock.now() + timedelta(hours=3), partial(_accept, order.number))
    trade.at(clock.now() + timedelta(hours=9), lambda: trade.pick(order))
    if story.way in ("done", "complained"):
        trade.at(clock.now() + timedelta(days=9), partial(_done, order.number, story.way == "complained"))
    if story.way == "complained":
        trade.at(clock.now() + timedelta(days=9.5), partial(_complain, story, order))


def _order(story: Story, variant: Variant, option: ServiceOption) -> Order:
    token: UUID = cart.add_line(token=None, variant_id=variant.pk, quantity=1, option_ids=[option.pk]).token
    with context.reading():
        there = bookings.slots(
            kind="install", country="US", postcode=story.contact.postcode, currency="USD", cost_minor=option.cost_minor
        )
    return checkout.place_order(
        cart_token=token, contact=story.contact, method=Order.Method.CARD, language=story.language,
        slots={(variant.pk, option.pk): (there[1].on, there[1].part)},
    )  # fmt: skip


def _booking(number: str) -> ServiceBooking:
    return ServiceBooking.objects.select_related("task").get(order_number=number)


def _accept(number: str) -> None:
    replay.drain(clock.now())
    dispatching.run()
    task = _booking(number).task
    if task is not None and task.state == task.State.OFFERED:
        service_tasks.accept(number=task.number, provider_id=task.provider_id or 0)


def _done(number: str, crooked: bool) -> None:
    """Handed in on the day itself, in the afternoon."""
    task = _booking(number).task
    if task is None or task.state != task.State.ACCEPTED or task.on is None:
        return
    at = clock.now() + (task.on - timezone.localdate(clock.now()))
    told = "Up, level, tried with eight kilos." if crooked else "Hung at 1.90 m, connected, dimmer tried."
    seen = put_up("shelf" if crooked else "lamp")
    with clock.set_to(at):
        service_tasks.hand_in(number=task.number, provider_id=task.provider_id or 0, proof=told, photos=[seen])
    service_tasks.approve(number=task.number, actor_id=_admin())


def _complain(story: Story, order: Order) -> None:
    with context.entered(shop(story.slug)):
        cases.open_case(
            order_number=order.number, topic="visit", key="demo:visit",
            text="It hangs well, but two of the holes went wrong first and were left open next to the shelf.",
        )  # fmt: skip
