"""What comes after the sale: returns in every state, payments that are disputed, orders that are changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from orders.models import Order
from orders.selectors import returns as selectors
from orders.services import changes, returns
from orders.services.writing import Contact
from s2b2c.kernel import clock
from s2b2c.management.worlds.demo import people
from s2b2c.management.worlds.demo.afterwards import an_order, later, shop
from s2b2c.management.worlds.demo.trade import Trade
from s2b2c.tenancy import context
from supplier.gateways.disputes import DisputeFact
from supplier.models import FulfilmentOrder, ReturnOrder
from supplier.selectors import cash as supplier_cash
from supplier.services import backorders, cash, disputes
from supplier.services import returns as desk
from supplier.services.returns import Found


@dataclass(frozen=True, slots=True)
class Story:
    """A return: whose, begun how long ago, why, and how far it has come."""

    slug: str
    days_ago: float
    wish: str
    reason: str
    note: str
    steps: str  # a: approved, r: refused, s: sent back, t: taken in, i: looked at
    sellable: bool = True
    fault: str = "reseller"
    answer: str = ""


STORIES = (
    Story("juniper-row", 27, "refund", "mind", "The blue is lovely, but not next to our tiles.", "asti"),
    Story("juniper-row", 19, "exchange", "defect", "One handle has a hairline crack.", "asti", False, "supplier"),
    Story("shanye", 16, "refund", "lost", "物流显示已签收，但我没有收到包裹。", "ai", False, "carrier"),
    Story("juniper-row", 8, "refund", "mind", "Bought twice by mistake.", "r", answer="It was washed already: those we can’t take back."),
    Story("larder", 7, "refund", "wrong", "I ordered the large one, this is the small one.", "ast"),
    Story("juniper-row", 5, "exchange", "mind", "A size larger, please.", "as"),
    Story("shanye", 2.2, "refund", "defect", "拉链第一次用就卡住了。", "a"),
    Story("juniper-row", 0.6, "refund", "defect", "Arrived with a chip on the rim, see the bottom.", ""),
    Story("larder", 0.3, "refund", "mind", "It doesn’t fit our oven after all.", ""),
)  # fmt: skip
STEP = 1.3  # days from one step of a return to the next


def plan(trade: Trade) -> None:
    """Put all of it into the calendar."""
    for story in STORIES:
        later(trade, story.days_ago, partial(_return, trade, story))
    later(trade, 11, _refused_at_the_door)
    for disputed in DISPUTES:
        later(trade, disputed.days_ago, partial(_dispute, trade, disputed))
    for change in (_hold, _move, partial(_wait, trade)):  # last of all: the warehouse goes on with what isn't held
        later(trade, 0, change)


# --- Returns -----------------------------------------------------------------------------------------------
def _return(trade: Trade, story: Story) -> None:
    reseller = shop(story.slug)
    order = an_order(reseller, status="shipped", paid="paid")
    if order is None:
        return
    with context.entered(reseller):
        with context.reading():
            line = order.lines.order_by("id")[0]
        number = returns.request(
            order_number=order.number, pieces={line.id: 1}, wish=story.wish, reason=story.reason, note=story.note,
            actor="customer",
        ).number  # fmt: skip
    for count, step in enumerate(story.steps, start=1):
        later(trade, story.days_ago - count * STEP, partial(_step, trade, story, number, step))


def _step(trade: Trade, story: Story, number: str, step: str) -> None:
    if step == "t":
        desk.receive(number=number, warehouse_id=None, actor_id=trade.staff_id)
    elif step == "i":
        _inspect(trade, story, number)
    else:
        reseller = shop(story.slug)
        with context.entered(reseller):
            _of_the_shop(story, number, step, reseller.name)


def _of_the_shop(story: Story, number: str, step: str, actor: str) -> None:
    if step == "a":
        returns.approve(number=number, actor=actor)
    elif step == "r":
        returns.refuse(number=number, actor=actor, answer=story.answer)
    else:
        returns.note_sent(
            number=number, tracking=f"TR55{int(story.days_ago * 1_000_003) % 10**8:08}", actor="customer"
        )


def _inspect(trade: Trade, story: Story, number: str) -> None:
    how = "restocked" if story.sellable else "missing" if story.reason == "lost" else "scrapped"
    lines = ReturnOrder.objects.get(number=number).lines.all()
    desk.inspect(
        number=number, found={line.id: Found(**{how: line.quantity}) for line in lines}, fault=story.fault,
        actor_id=trade.staff_id,
    )  # fmt: skip
    if story.wish == "exchange":
        later(trade, story.days_ago - 4.2 * STEP, partial(_send_replacement, trade, story.slug, number))


def _send_replacement(trade: Trade, slug: str, number: str) -> None:
    with context.entered(shop(slug)), context.reading():
        back = selectors.find(number)
        order = Order.objects.filter(number=back.outcome.get("exchange", "")).first()
    if order is not None:
        trade.pick(order)


def _refused_at_the_door() -> None:
    order = an_order(shop("larder"), status="shipped", paid="due")
    if order is not None:
        cash.settle(order_id=supplier_cash.order_of(order.number), outcome="refused", actor_id=None)


# --- Disputes ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Disputed:
    """A payment a customer's bank asked about: since when, why, and how it ended, if it did."""

    slug: str
    days_ago: float
    reason: str
    end: str = ""


DISPUTES = (
    Disputed("juniper-row", 33, "product_not_received", "won"),
    Disputed("larder", 24, "fraudulent", "lost"),
    Disputed("juniper-row", 3, "product_unacceptable"),
)
FEE_MINOR = 1_500


def _dispute(trade: Trade, story: Disputed) -> None:
    order = an_order(shop(story.slug), older_by=2, status="shipped", paid="paid", method=Order.Method.CARD)
    if order is None:
        return
    first = _fact(story, order)
    disputes.settle(first)
    for days, state in _course(story):
        fact = replace(first, state=state, taken_minor=FEE_MINOR if state == "won" else first.taken_minor)
        later(trade, story.days_ago - days, partial(disputes.settle, fact))


def _course(story: Disputed) -> Iterator[tuple[float, str]]:
    if story.end:
        yield 2, "under_review"
        yield 14, story.end


def _fact(story: Disputed, order: Order) -> DisputeFact:
    """What the provider would say; the demo's provider knows an open dispute by its name, and takes an answer to it."""
    payment = f"{order.number.lower()}_{order.total_minor}_{order.currency.lower()}"
    due = (clock.now() + timedelta(days=9)).replace(microsecond=0)
    known = "" if story.end else f"_{int(due.timestamp())}_{story.reason}_{story.slug}"
    return DisputeFact(
        dispute_id=f"dp_demo_{payment}{known}", state="needs_response", reason=story.reason,
        amount_minor=order.total_minor, currency=order.currency, charge="", payment_intent=f"pi_demo_{payment}",
        created_at=clock.now(), due_at=due, order_number=order.number,
        reseller_slug=story.slug, fee_minor=FEE_MINOR, taken_minor=order.total_minor + FEE_MINOR, taken_currency="USD",
    )  # fmt: skip


# --- Changes -----------------------------------------------------------------------------------------------
def _hold() -> None:
    reseller = shop("juniper-row")
    order = an_order(reseller, status="processing")
    if order is not None:
        with context.entered(reseller):
            changes.hold(
                order_number=order.number, reason="Away until Monday, please send it then", actor=reseller.name
            )


def _move() -> None:
    reseller = shop("shanye")
    order = an_order(reseller, status="processing")
    if order is None:
        return
    street, postcode, city, region = people.PLACES[0]
    contact = Contact(
        name=order.name, email=order.email, phone="", street=f"14 {street}", postcode=postcode, city=city, region=region,
        country="US",
    )  # fmt: skip
    with context.entered(reseller):
        changes.change_address(order_number=order.number, contact=contact, actor=reseller.name)


def _wait(trade: Trade) -> None:
    """Pieces that lay on the shelf by the books, and not by the eye."""
    found = FulfilmentOrder.objects.filter(state="queued", order__held_by="").order_by("created_at", "id").first()
    if found is None:
        return
    line = found.lines.order_by("id")[0]
    backorders.delay(
        number=found.number, pieces={line.id: 1}, reason="Cracked glaze, the next kiln is in a week",
        actor_id=trade.staff_id, expected_on=(clock.now() + timedelta(days=8)).date(),
    )  # fmt: skip
