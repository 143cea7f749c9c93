"""Help for c: the shop's face, S behind it, clocks, and what nobody may read or do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from enablement.models import DeskCase, DeskSkill
from enablement.selectors import audit_desk, knowledge
from enablement.selectors import desk as desk_rows
from enablement.services import desk
from orders.models import Case, Order
from orders.services import cases
from s2b2c.accounts.models import Membership, User
from s2b2c.kernel import clock, events
from s2b2c.outbox.models import OutboxEvent
from storefront.services import privacy
from supplier.models import Product
from tests import factories
from tests.orders import buying
from tests.orders.returning import refused, sent

pytestmark = pytest.mark.django_db(transaction=True)


def opened(shop, order: Order, topic: str = "service", text: str = "Is it a gift box?", **more) -> Case:
    with factories.context.entered(shop):
        case = cases.open_case(order_number=order.number, topic=topic, text=text, key=more.pop("key", "k1"), **more)
    buying.drain()
    return case


def reread(shop, case: Case) -> Case:
    with factories.inside(shop):
        return Case.objects.select_related("order").get(id=case.id)


def act(shop, what, **more):
    with factories.context.entered(shop):
        done = what(**more)
    buying.drain()
    return done


def at_desk(case: Case) -> DeskCase:
    return DeskCase.objects.get(number=case.number)


def staff(email: str, role: str = "support") -> User:
    user = User.objects.create_user(email)
    Membership.objects.create(user=user, role=role)
    return user


def words(case: DeskCase | Case) -> list[str]:
    return [row["text"] for row in case.entries if row["text"]]


def test_what_the_shop_answers_itself_supplier_never_reads(shop):
    order = buying.buy(shop)
    case = opened(shop, order)
    act(shop, cases.answer, number=case.number, text="Yes, it is.", actor="Bea", key="a")
    row = at_desk(case)
    assert (row.state, row.turn, row.entries, row.why) == ("answered", "shop", [], "")
    assert not [each for each in OutboxEvent.objects.filter(topic="CaseMoved") if each.payload["entries"]]
    with refused("not_asked"):
        desk.answer(pk=row.pk, text="Hello", key="x", actor_id=staff("s@s.example").pk)


def test_goods_reach_supplier_at_once_and_its_answer_goes_out_in_the_shops_name(shop):
    order = buying.buy(shop)
    helper = staff("quinn@s.example")
    DeskSkill.objects.create(user=helper, topic="goods")
    case = opened(shop, order, "goods", "The glaze is cracked.")
    row = at_desk(case)
    assert (row.turn, row.why, row.assignee_id, words(row)) == (
        "supplier",
        "topic",
        helper.pk,
        ["The glaze is cracked."],
    )
    desk.answer(pk=row.pk, text="We send another one.", key="1", actor_id=helper.pk)
    desk.answer(pk=row.pk, text="We send another one.", key="1", actor_id=helper.pk)
    buying.drain()
    assert words(reread(shop, case)) == words(at_desk(case)) == ["The glaze is cracked.", "We send another one."]
    assert reread(shop, case).state == at_desk(case).state == "answered"
    written = [each for each in mail.outbox if "Your question" in each.subject]
    assert len(written) == 1
    assert (written[0].from_email, written[0].to) == (f'"{shop.name}" <no-reply@localhost>', ["maya@example.com"])
    assert "We send another one." in written[0].body


def test_same_events_told_again_in_any_number_make_one_thread(shop):
    case = opened(shop, buying.buy(shop), "goods", "Broken")
    desk.answer(pk=at_desk(case).pk, text="Sorry!", key="1", actor_id=staff("s@s.example").pk)
    buying.drain()
    before = (reread(shop, case).entries, at_desk(case).entries)
    OutboxEvent.objects.filter(topic__in=["CaseMoved", "CaseTold"]).update(state="pending")
    with factories.context.entered(shop):
        cases.take_told(
            events.CaseTold(
                reseller_id=shop.id, order_number=case.order.number, number=case.number, action="answer", entry="s:1",
                text="Sorry!",
            )
        )  # fmt: skip
    assert (reread(shop, case).entries, at_desk(case).entries) == before


def test_shop_hands_over_and_supplier_hands_back(shop):
    case = opened(shop, buying.buy(shop), "payment", "Charged twice?")
    act(shop, cases.pass_on, number=case.number, text="Can you look it up?", actor="Bea", key="p")
    row = at_desk(case)
    assert (row.turn, row.why, words(row)) == ("supplier", "shop", ["Charged twice?", "Can you look it up?"])
    desk.ask(pk=row.pk, text="Which card was it?", key="1", actor_id=None)
    buying.drain()
    assert (reread(shop, case).turn, at_desk(case).turn) == ("shop", "shop")
    act(shop, cases.ask, number=case.number, text="The Visa.", actor="Bea", key="q")
    assert words(at_desk(case))[-1] == "The Visa."
    public = [row["text"] for row in reread(shop, case).entries if row["to"] == "all"]
    assert public == ["Charged twice?"]


def test_time_that_is_up_pulls_supplier_in_once(shop):
    case = opened(shop, buying.buy(shop))
    with clock.set_to(clock.now() + timedelta(hours=47)):
        assert desk.ring() == 0
    with clock.set_to(clock.now() + timedelta(hours=49)):
        assert desk.ring() == 1
        assert desk.ring() == 0
    buying.drain()
    row = at_desk(case)
    assert (row.turn, row.why, words(row)) == ("supplier", "time", ["Is it a gift box?"])
    assert [each["what"] for each in reread(shop, case).entries] == ["said", "passed"]


def test_clock_that_rang_while_the_shop_answered_does_nothing(shop):
    case = opened(shop, buying.buy(shop))
    with clock.set_to(clock.now() + timedelta(hours=49)):
        assert desk.ring() == 1
        with factories.context.entered(shop):
            cases.answer(number=case.number, text="Yes.", actor="Bea", key="a")
    buying.drain()
    assert (reread(shop, case).why, at_desk(case).turn, at_desk(case).state) == ("", "shop", "answered")


def test_what_waits_at_the_desk_for_too_long_goes_to_the_next(shop):
    one, two = staff("one@s.example"), staff("two@s.example")
    DeskSkill.objects.bulk_create([DeskSkill(user=each, topic="goods") for each in (one, two)])
    case = opened(shop, buying.buy(shop), "goods", "Broken")
    assert at_desk(case).assignee_id == one.pk
    with clock.set_to(clock.now() + timedelta(hours=25)):
        assert desk.ring() == 1
    assert at_desk(case).assignee_id == two.pk


def test_skill_of_who_left_the_desk_counts_no_more(shop):
    one = staff("one@s.example")
    DeskSkill.objects.create(user=one, topic="goods")
    Membership.objects.filter(user=one).update(role="warehouse")
    assert at_desk(opened(shop, buying.buy(shop), "goods", "Broken")).assignee_id is None


def test_work_is_booked_by_its_cause_and_the_shop_pays_what_it_caused(shop, provider):
    order = sent(shop, provider)
    before = buying.balance("reseller_payable")
    case = opened(shop, order, "goods", "You promised blue.")
    closer = staff("s@s.example")
    desk.close(pk=at_desk(case).pk, cause="reseller", cost_minor=600, currency="USD", actor_id=closer.pk)
    desk.close(pk=at_desk(case).pk, cause="supplier", cost_minor=900, currency="USD", actor_id=closer.pk)
    buying.drain()
    assert buying.balance("reseller_payable") == before - 600
    assert (buying.balance("help_cost"), buying.balance("help_work")) == (0, 600)
    assert (reread(shop, case).state, at_desk(case).cause, at_desk(case).cost_minor) == ("closed", "reseller", 600)
    assert [row["text"] for row in reread(shop, case).entries if row["what"] == "cost"] == ["600 USD"]
    assert buying.clean()
    assert list(audit_desk.books()) == []
    assert [(each.cause, each.cost_minor) for each in desk_rows.work(clock.now() - timedelta(days=1))] == [
        ("reseller", 600)
    ]


def test_supplier_bears_what_it_caused(shop, provider):
    order = sent(shop, provider)
    before = buying.balance("reseller_payable")
    case = opened(shop, order, "goods", "Cracked.")
    desk.close(pk=at_desk(case).pk, cause="supplier", cost_minor=600, currency="USD", actor_id=staff("s@s.example").pk)
    buying.drain()
    assert (buying.balance("reseller_payable"), buying.balance("help_cost")) == (before, -600)
    DeskCase.objects.update(cost_minor=500)
    assert [each.check for each in audit_desk.books()] == ["help_is_booked_as_its_cases_say"]


def test_customer_writes_again_and_it_is_open_again(shop):
    order = buying.buy(shop)
    case = opened(shop, order)
    act(shop, cases.close, number=case.number, by="shop", actor="Bea")
    act(shop, cases.close, number=case.number, by="shop", actor="Bea")
    assert (reread(shop, case).state, at_desk(case).state, at_desk(case).due_at) == ("closed", "closed", None)
    act(shop, cases.say, order=order, number=case.number, text="No, it isn't.", key="2")
    act(shop, cases.say, order=order, number=case.number, text="No, it isn't.", key="2")
    assert (reread(shop, case).state, at_desk(case).state) == ("open", "open")
    assert words(reread(shop, case)) == ["Is it a gift box?", "No, it isn't."]


def test_direct_contact_is_given_and_taken_back_by_the_customer_alone(shop):
    order = buying.buy(shop)
    case = opened(shop, order, "goods", "Broken", consent=True)
    assert at_desk(case).consent_at is not None
    act(shop, cases.allow, order=order, number=case.number, allowed=False)
    assert at_desk(case).consent_at is None


def test_case_of_another_order_is_not_found(shop):
    mine, other = buying.buy(shop, 1), buying.buy(shop, 1)
    case = opened(shop, other)
    with factories.context.entered(shop), refused("not_found"):
        cases.say(order=mine, number=case.number, text="Hello", key="1")


def test_form_sent_twice_opens_one_case_and_only_so_many_are_open(shop):
    order = buying.buy(shop)
    assert opened(shop, order).id == opened(shop, order, text="Other words").id
    for n in range(4):
        opened(shop, order, key=f"more{n}")
    with refused("many"):
        opened(shop, order, key="one too many")
    with refused("topic"):
        opened(shop, buying.buy(shop, 1), topic="nonsense")
    with refused("required"):
        opened(shop, buying.buy(shop, 1), text="  ")


def test_erasing_takes_the_words_of_the_customer_everywhere(shop):
    order = buying.buy(shop)
    case = opened(shop, order, "goods", "My name is Maya.", consent=True)
    desk.answer(pk=at_desk(case).pk, text="Hello, dear customer", key="1", actor_id=staff("s@s.example").pk)
    buying.drain()
    buying.ship_all(shop, order)
    buying.drain()
    with factories.context.entered(shop):
        privacy.erase(customer_id=buying.reread(shop, order).customer_id)
    for each in (reread(shop, case), at_desk(case)):
        assert words(each) == ["Hello, dear customer"]
        assert each.consent_at is None
    assert "Maya" not in str(list(OutboxEvent.objects.values_list("payload", flat=True)))


def test_knowledge_is_said_in_the_customers_language(shop, provider):
    order = sent(shop, provider)
    known = knowledge.of_order(reseller_id=shop.id, order_number=order.number, language="zh-hans")
    codes = [fact.code.split("-")[0] for fact in known]
    assert codes == ["parcel", "window", "stock"]
    assert known[0].title.endswith("with Pacific Parcel PP1")
    assert Product.objects.get().name_en in known[-1].title
    assert "运单号 PP1" in known[0].sentence
    assert knowledge.sentences(known, [known[0].code, "nonsense"]) == known[0].sentence


@pytest.mark.parametrize(
    "wrong",
    [
        {"entries": [{"key": "x"}]},
        {"turn": "supplier"},
        {"cost_minor": 5},
        {"cost_minor": 5, "cause": "supplier"},
        {"cost_minor": -5, "cause": "supplier", "currency": "USD"},
    ],
)
def test_database_keeps_the_desk_out_of_what_it_was_not_asked(shop, wrong):
    case = opened(shop, buying.buy(shop))
    with pytest.raises(IntegrityError), transaction.atomic():
        DeskCase.objects.filter(number=case.number).update(**wrong)


def test_database_gives_no_turn_to_a_supplier_that_is_not_in(shop):
    case = opened(shop, buying.buy(shop))
    with factories.inside(shop), pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(id=case.id).update(turn="supplier")
