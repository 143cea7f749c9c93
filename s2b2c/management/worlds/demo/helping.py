"""Customers of the demo who ask for help, in every state: with the shop, with the supplier, answered, solved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from enablement.models import DeskCase, DeskSkill
from enablement.services import desk
from orders.models import Case, Order
from orders.services import cases
from s2b2c.accounts.models import Membership, User
from s2b2c.kernel import ids
from s2b2c.management.worlds.demo.afterwards import later, shop
from s2b2c.management.worlds.demo.trade import Trade
from s2b2c.tenancy import context

Said = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """A case: whose, begun how long ago, and what was said: ``c`` customer, ``b`` shop, ``p`` passes it on,
    ``s`` supplier, ``a`` supplier asks the shop, ``n`` supplier notes, ``x`` solved, ``e`` closed by the supplier: cause cost.
    """

    slug: str
    days_ago: float
    topic: str
    text: str
    said: tuple[Said, ...] = ()
    consent: bool = False
    problem: str = ""
    status: str = "shipped"


STORIES = (
    Story("juniper-row", 21, "goods", "It came with a dent where the box was pushed in. I’d rather have another one than the money.", (
        ("n", "Third crushed box from this depot this month."),
        ("s", "We are sorry about that. Another one is on its way to you; please keep the dented one, too."),
        ("c", "That is kind, thank you!"),
        ("e", "carrier 650"),
    ), problem="broken"),
    Story("juniper-row", 12, "service", "Can you leave the price out of the parcel? It is a present.", (
        ("b", "Of course. There is never a price in our parcels, only a packing slip without figures."),
        ("x", ""),
    )),
    Story("larder", 9, "delivery", "The tracking has said the same for four days.", (
        ("p", "Can you ask the carrier? She needs it for Saturday."),
        ("s", "The carrier has found your parcel: it was waiting for a door code. It comes tomorrow before noon."),
    )),
    Story("juniper-row", 6, "payment", "My card shows two amounts. Was I charged twice?", (
        ("p", "I see one payment only. Is there another on your side?"),
        ("a", "We have one payment, too; the second line is an authorisation that lapses within a week. Can you tell her?"),
    )),
    Story("juniper-row", 4, "delivery", "It comes on Thursday, and I am away until Saturday. Can it wait for me?", (
        ("b", "It can: if nobody is in, the carrier leaves a card and keeps the parcel for a week. You choose the day on its page."),
    )),
    Story("shanye", 3, "goods", "收到时外箱有破损，里面有一处磕碰，能换一个吗？", (("n", "Same carrier as last week; ask for photos of the box."),), consent=True, problem="broken"),
    Story("juniper-row", 1.4, "goods", "The colour is much darker than in the picture. Is it the right one?", (), problem="wrong"),
    Story("juniper-row", 0.2, "service", "I love it! Do you also have it in a larger size? I can’t find it in the shop."),
    Story("larder", 0.1, "other", "Could I pick it up instead of having it sent?"),
)  # fmt: skip
STEP = 0.4  # days from one word to the next


def plan(trade: Trade) -> None:
    """Put all of it into the calendar; before it, who of the desk is good at what."""
    later(trade, 40, _skill)
    for story in STORIES:
        later(trade, story.days_ago, partial(_ask, trade, story))


def _skill() -> None:
    roles = {
        "goods": ("quality", "support"),
        "delivery": ("support",),
        "payment": ("finance", "support"),
        "other": ("support",),
    }
    staff = list(Membership.objects.filter(reseller=None).values_list("user_id", "role"))
    able = [
        DeskSkill(user_id=user, topic=topic)
        for topic, wanted in roles.items()
        for user, role in staff
        if role in wanted
    ]
    DeskSkill.objects.bulk_create(able, ignore_conflicts=True)


def _ask(trade: Trade, story: Story) -> None:
    reseller = shop(story.slug)
    with context.entered(reseller):
        with context.reading():
            asked = Case.objects.values_list("order_id", flat=True)
            rows = Order.objects.filter(status=story.status).exclude(id__in=list(asked))
            order = rows.order_by("-placed_at", "-id")[2:3].first()
        if order is None:
            return
        case = cases.open_case(
            order_number=order.number,
            topic=story.topic,
            text=story.text,
            problem=story.problem,
            key=ids.token(),
            consent=story.consent,
        )
    for count, said in enumerate(story.said, start=1):
        later(trade, max(0.02, story.days_ago - count * STEP), partial(_say, story, case, *said))


def _say(story: Story, case: Case, how: str, text: str) -> None:
    if how in "sane":
        _at_the_desk(case, how, text)
        return
    reseller = shop(story.slug)
    with context.entered(reseller):
        match how:
            case "c":
                cases.say(order=case.order, number=case.number, text=text, key=ids.token())
            case "b":
                cases.answer(number=case.number, text=text, actor=reseller.name, key=ids.token())
            case "p":
                cases.pass_on(number=case.number, text=text, actor=reseller.name, key=ids.token())
            case "x":
                cases.close(order=case.order, number=case.number, by="customer", actor=case.order.name)


def _at_the_desk(case: Case, how: str, text: str) -> None:
    helper = User.objects.get(email="help@harbour-loom.example")
    row = DeskCase.objects.get(number=case.number)
    match how:
        case "s":
            desk.answer(pk=row.pk, text=text, key=ids.token(), actor_id=helper.pk)
        case "a":
            desk.ask(pk=row.pk, text=text, key=ids.token(), actor_id=helper.pk)
        case "n":
            desk.note(pk=row.pk, text=text, who=str(helper))
        case "e":
            cause, cost = text.split()
            desk.close(pk=row.pk, cause=cause, cost_minor=int(cost), currency="USD", actor_id=helper.pk)
