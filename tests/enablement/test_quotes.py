"""Requests for quotation: asked, answered by links or by hand, compared, awarded; late, changed and withdrawn answers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client

from enablement.models import PurchaseOrder, Quote, QuoteLine, QuoteNote, QuoteRequest, VendorOffer
from enablement.selectors import quotes as selectors
from enablement.selectors import vendors
from enablement.services import awarding, quote_mail, quotes, quoting
from enablement.services.quoting import Price
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.outbox.models import OutboxEvent
from tests import factories
from tests.enablement import buying
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    return factories.warehouse("OAK", name_en="Oakland")


@pytest.fixture
def mug():
    return buying.variant("MUG-1")


@pytest.fixture
def pot():
    return buying.variant("POT-1")


@pytest.fixture
def kiln():
    return buying.vendor(email="kiln@example.com", order_fee_minor=1_000)


@pytest.fixture
def yun():
    return buying.vendor("云坊", currency="CNY", rate=Decimal("0.14"), email="yun@example.com", language="zh-hans")


@pytest.fixture
def asked(world, mug, pot, kiln, yun):
    return quotes.ask(
        quantities={mug.pk: 120, pot.pk: 60}, vendor_ids=[kiln.pk, yun.pk], warehouse_id=world.pk,
        answer_by=clock.now() + timedelta(days=7), note="Glazed, please", actor_id=None,
    )  # fmt: skip


def day(days):
    return (clock.now() + timedelta(days=days)).date()


def item(asked, variant):
    return asked.items.get(variant=variant).pk


def answer(asked, vendor, prices, **more):
    told = {item(asked, variant): Price(tuple(steps)) for variant, steps in prices.items()}
    facts = {"lead_days": 14, "valid_until": day(40), "by_vendor": True, **more}
    return quoting.answer(number=asked.number, vendor_id=vendor.pk, prices=told, **facts)


def link(asked, vendor):
    return f"/quote/{quotes.link(Quote.objects.get(request=asked, vendor=vendor))}/"


def visitor():
    return Client(HTTP_HOST=office.HOST)


def form(asked, prices, **more):
    told = {"revision": "0", "lead_days": "12", "valid_until": day(40).isoformat(), "freight": "", "note": "", **more}
    for variant, unit in prices.items():
        told |= {f"from-{item(asked, variant)}-1": "1", f"unit-{item(asked, variant)}-1": unit}
    return told


def test_vendor_answers_by_its_link_without_login_in_its_language(asked, yun, mug, pot):
    page = visitor().get(link(asked, yun))
    assert (page.status_code, page["Content-Language"], "您的报价" in office.text(page)) == (200, "zh-hans", True)
    assert visitor().post(link(asked, yun), form(asked, {mug: "41.50", pot: "88"}, note="含税")).status_code == 302
    mine = Quote.objects.get(vendor=yun)
    steps = dict(mine.lines.values_list("item__variant__sku", "steps"))
    assert (mine.state, mine.lead_days, mine.note, steps) == ("answered", 12, "含税", {"MUG-1": [[1, 4_150]], "POT-1": [[1, 8_800]]})  # fmt: skip
    assert mine.opened_at is not None


def test_asking_sends_each_vendor_its_own_link_in_its_language(asked, kiln, yun):
    for event in OutboxEvent.objects.filter(topic="QuoteAsked").order_by("id"):
        quote_mail.send(event.payload["quote_id"], event.payload["access"])
    english, chinese = sorted(mail.outbox, key=lambda each: each.to[0])
    assert (english.to, chinese.to) == (["kiln@example.com"], ["yun@example.com"])
    assert link(asked, kiln) in english.body
    assert link(asked, yun) in chinese.body
    assert "120" not in english.subject
    assert "请在" in chinese.body


def test_nobody_sees_whom_else_was_asked_or_what_others_said(asked, kiln, yun, mug):
    answer(asked, yun, {mug: [(1, 4_199)]}, note="secret words", freight_minor=7_777)
    seen = office.text(visitor().get(link(asked, kiln)))
    assert "Kiln" in seen
    assert [word for word in ("云坊", "41.99", "secret words", "77.77") if word in seen] == []


@pytest.mark.parametrize("break_", [lambda word: word[:-1] + ("A" if word[-1] != "A" else "B"), lambda word: "1-1." + word.split(".")[1], lambda word: "x"])  # fmt: skip
def test_link_that_was_changed_opens_nothing(asked, kiln, break_):
    word = quotes.link(Quote.objects.get(request=asked, vendor=kiln))
    assert visitor().get(f"/quote/{break_(word)}/").status_code == (200 if break_(word) == word else 404)


def test_link_dies_when_it_is_renewed_and_when_its_time_is_over(asked, kiln):
    old = link(asked, kiln)
    quotes.renew_link(number=asked.number, vendor_id=kiln.pk, actor_id=None)
    assert (visitor().get(old).status_code, visitor().get(link(asked, kiln)).status_code) == (404, 200)
    with clock.set_to(clock.now() + timedelta(days=7 + quotes.LINK_DAYS)), pytest.raises(NotFound):
        quotes.opened(link(asked, kiln).split("/")[2])


def test_link_of_a_request_that_was_given_up_opens_nothing(asked, kiln):
    quotes.cancel(number=asked.number, actor_id=None)
    assert visitor().get(link(asked, kiln)).status_code == 404


def test_late_answer_is_refused_to_the_vendor_and_can_be_entered_or_the_day_moved(asked, kiln, mug):
    with clock.set_to(clock.now() + timedelta(days=8)):
        with buying.refuses("quote_over"):
            answer(asked, kiln, {mug: [(1, 800)]})
        assert answer(asked, kiln, {mug: [(1, 800)]}, by_vendor=False).late
        quotes.prolong(number=asked.number, answer_by=clock.now() + timedelta(days=2), actor_id=None)
        assert not answer(asked, kiln, {mug: [(1, 790)]}).late


def test_changed_answer_replaces_the_one_before_and_both_stay_in_the_history(asked, kiln, mug, pot):
    answer(asked, kiln, {mug: [(1, 900)], pot: [(1, 500)]})
    answer(asked, kiln, {mug: [(1, 850), (100, 800)]})
    mine = Quote.objects.get(vendor=kiln)
    assert (mine.revision, list(mine.lines.values_list("steps", flat=True))) == (2, [[[1, 850], [100, 800]]])
    told = [note.data["prices"] for note in QuoteNote.objects.filter(kind__in=("answered", "changed")).order_by("id")]
    assert [len(prices) for prices in told] == [2, 1]


def test_answer_written_over_one_nobody_read_is_refused(asked, kiln, mug):
    answer(asked, kiln, {mug: [(1, 900)]}, revision=0)
    with buying.refuses("quote_changed"):
        answer(asked, kiln, {mug: [(1, 700)]}, revision=0, by_vendor=False)
    assert QuoteLine.objects.get().steps == [[1, 900]]


def test_vendor_declines_and_withdraws(asked, kiln, yun, mug):
    assert visitor().post(f"{link(asked, kiln)}decline/", {"reason": "Kiln is cold"}).status_code == 302
    answer(asked, yun, {mug: [(1, 4_000)]})
    visitor().post(f"{link(asked, yun)}withdraw/", {})
    states = dict(Quote.objects.values_list("vendor__name", "state"))
    assert (states, QuoteLine.objects.count()) == ({"Kiln & Sons": "declined", "云坊": "withdrawn"}, 0)
    answer(asked, yun, {mug: [(1, 4_100)]})
    assert Quote.objects.get(vendor=yun).state == "answered"


def test_answer_that_was_withdrawn_is_not_awarded(asked, kiln, mug):
    answer(asked, kiln, {mug: [(1, 900)]})
    quoting.withdraw(number=asked.number, vendor_id=kiln.pk, by_vendor=True)
    with buying.refuses("choices"):
        awarding.award(number=asked.number, choices={item(asked, mug): kiln.pk}, actor_id=None)


@pytest.mark.parametrize(
    ("code", "steps", "more"),
    [
        ("steps", [(1, 100), (10, 200)], {}),
        ("steps", [(1, 100), (1, 90)], {}),
        ("prices", [(1, 0)], {}),
        ("lead_days", [(1, 100)], {"lead_days": 400}),
        ("valid_until", [(1, 100)], {"valid_until": day(-1)}),
    ],
)
def test_answer_that_makes_no_sense_is_refused(asked, kiln, mug, code, steps, more):
    with buying.refuses(code):
        answer(asked, kiln, {mug: steps}, **more)
    assert Quote.objects.get(vendor=kiln).state == "asked"


def test_answers_stand_side_by_side_landed_in_own_money(asked, kiln, yun, mug, pot):
    answer(asked, kiln, {mug: [(1, 900), (100, 800)], pot: [(1, 500)]}, freight_minor=2_000)
    answer(asked, yun, {mug: [(1, 5_000)]})
    wanted = selectors.items(asked)
    left, right = selectors.compared(asked, wanted, selectors.quotes(asked))
    assert (left.quote.vendor, left.whole, right.whole) == (kiln, True, False)
    goods = 120 * 800 + 60 * 500
    assert left.total_minor == goods + 2_000 + 1_000
    cell = left.cells[item(asked, mug)]
    assert (cell.unit_minor, round(cell.landed_minor, 2)) == (800, round(Decimal(96_000 + round(3_000 * 96_000 / goods)) / 120, 2))  # fmt: skip
    theirs = right.cells[item(asked, mug)]
    assert (theirs.landed_minor, theirs.best, cell.best) == (Decimal(700), True, False)


def test_award_by_line_writes_offers_with_their_last_day_and_drafts(asked, kiln, yun, mug, pot):
    answer(asked, kiln, {pot: [(1, 500)], mug: [(1, 900)]})
    answer(asked, yun, {mug: [(1, 5_000), (100, 4_500)]}, lead_days=30)
    choices = {item(asked, mug): yun.pk, item(asked, pot): kiln.pk}
    _request, made = awarding.award(number=asked.number, choices=choices, order=True, actor_id=None)
    again = awarding.award(number=asked.number, choices=choices, order=True, actor_id=None)[1]
    assert [each.number for each in made] == [each.number for each in again]
    assert {(each.vendor, buying.line(each, v).quantity, buying.line(each, v).unit_minor) for each, v in zip(made, (pot, mug), strict=True)} == {(kiln, 60, 500), (yun, 120, 4_500)}  # fmt: skip
    offer = VendorOffer.objects.get(vendor=yun)
    assert (offer.lead_days, offer.valid_until) == (30, day(40))
    with clock.set_to(clock.now() + timedelta(days=41)):
        assert vendors.offer_of(yun.pk, mug.pk) is None
        assert vendors.offers_for([mug.pk, pot.pk]) == []


def test_award_of_prices_that_ran_out_is_refused_whole(asked, kiln, yun, mug, pot):
    answer(asked, kiln, {pot: [(1, 500)]}, valid_until=day(3))
    answer(asked, yun, {mug: [(1, 5_000)]})
    with clock.set_to(clock.now() + timedelta(days=5)), buying.refuses("valid_until"):
        awarding.award(number=asked.number, choices={item(asked, mug): yun.pk, item(asked, pot): kiln.pk}, order=True, actor_id=None)  # fmt: skip
    assert (VendorOffer.objects.count(), PurchaseOrder.objects.count(), QuoteRequest.objects.get().state) == (0, 0, "open")  # fmt: skip


def test_nothing_is_answered_once_it_is_awarded(asked, kiln, mug):
    answer(asked, kiln, {mug: [(1, 900)]})
    awarding.award(number=asked.number, choices={item(asked, mug): kiln.pk}, actor_id=None)
    with buying.refuses("quote_closed"):
        answer(asked, kiln, {mug: [(1, 1_900)]})
    assert "Awarded to you" in office.text(visitor().get(link(asked, kiln)))


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("items", {"quantities": {}}),
        ("vendors", {"vendor_ids": []}),
        ("answer_by", {"answer_by": clock.now() - timedelta(minutes=1)}),
        ("warehouse", {"warehouse_id": 0}),
    ],
)
def test_request_that_makes_no_sense_is_not_made(world, mug, kiln, code, more):
    facts = {"quantities": {mug.pk: 5}, "vendor_ids": [kiln.pk], "warehouse_id": world.pk, "answer_by": clock.now() + timedelta(days=2), "actor_id": None}  # fmt: skip
    with buying.refuses(code):
        quotes.ask(**{**facts, **more})
    assert QuoteRequest.objects.count() == 0


# --- Pages of the office -----------------------------------------------------------------------------------
def test_buyer_asks_enters_compares_and_awards(world, mug, pot, kiln, yun):
    buyer = office.client("catalogue")
    told = {"items": "MUG-1 120\npot-1 60", "vendors": [kiln.pk, yun.pk], "warehouse": world.pk, "answer_by": day(7).isoformat(), "note": ""}  # fmt: skip
    assert "“MUG-1”" in office.text(buyer.post("/buying/quotes/new/", {**told, "items": "MUG-1"}))
    address = buyer.post("/buying/quotes/new/", told).headers["Location"]
    made = QuoteRequest.objects.get()
    assert buyer.post(f"{address}vendors/{kiln.pk}/", form(made, {mug: "8.50", pot: "5"})).status_code == 302
    page = office.text(buyer.get(address))
    assert [word for word in ("Side by side", "Best", "Kiln &amp; Sons", "云坊", "8.56") if word not in page] == []
    assert buyer.post(f"{address}award/", {"whole": kiln.pk, "order": "1"}).status_code == 302
    assert (QuoteRequest.objects.get().state, PurchaseOrder.objects.get().lines.count()) == ("awarded", 2)
    assert "Awarded" in office.text(buyer.get("/buying/quotes/"))


@pytest.mark.parametrize("role", ["warehouse", "quality"])
def test_prices_are_for_those_who_buy_and_pay(asked, role):
    assert office.client(role).get(f"/buying/quotes/{asked.number}/").status_code == 403


def test_who_pays_looks_and_awards_nothing(asked, kiln, mug):
    answer(asked, kiln, {mug: [(1, 900)]})
    finance = office.client("finance")
    page = office.text(finance.get(f"/buying/quotes/{asked.number}/"))
    assert ("Award as chosen" in page, "/quote/" in page) == (False, False)
    assert finance.post(f"/buying/quotes/{asked.number}/award/", {"whole": kiln.pk}).status_code == 403


# --- Under fire, and what the database refuses --------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_award_and_withdrawal_at_once_are_one_after_the_other(asked, kiln, mug):
    answer(asked, kiln, {mug: [(1, 900)]})
    choices, begin = {item(asked, mug): kiln.pk}, threading.Barrier(2)

    def race(step):
        begin.wait()
        try:
            step()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        award = pool.submit(race, lambda: awarding.award(number=asked.number, choices=choices, actor_id=None))
        back = pool.submit(race, lambda: quoting.withdraw(number=asked.number, vendor_id=kiln.pk, by_vendor=True))
    assert (award.result(), back.result()) in (("done", "quote_closed"), ("choices", "done"))
    assert VendorOffer.objects.count() == (award.result() == "done")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE enablement_quote SET state = 'declined'",
        "UPDATE enablement_quote SET lead_days = 1",
        "DELETE FROM enablement_quote",
        "UPDATE enablement_quoteitem SET quantity = 1",
        "DELETE FROM enablement_quotenote",
        "UPDATE enablement_quoteline SET steps = '[[1, 1]]'",
        "DELETE FROM enablement_quoterequest",
        "UPDATE enablement_quoterequest SET number = 'X'",
    ],
)
def test_what_was_answered_stays(asked, kiln, mug, sql):
    answer(asked, kiln, {mug: [(1, 900)]})
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_item_is_awarded_once(asked, kiln, yun, mug):
    answer(asked, kiln, {mug: [(1, 900)]})
    answer(asked, yun, {mug: [(1, 900)]})
    with pytest.raises(IntegrityError), transaction.atomic():
        QuoteLine.objects.update(awarded_at=clock.now())
