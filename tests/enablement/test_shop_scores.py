"""A shop's score: from facts, by the published formula, the same however often it is made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from enablement.models import Course, CoursePassed, DeskCase, SalesSum, ShopScore
from enablement.services import notices
from enablement.services import shop_scores as scores
from s2b2c.kernel import clock
from s2b2c.tenancy.models import Reseller
from supplier.models import OrderNote, ReturnOrder, SalesOrder
from tests import factories
from tests.supplier import office as supplier_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(settings) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False


@pytest.fixture
def rose(shop):
    Reseller.objects.update(opened_at=clock.now() - timedelta(days=200))
    made = Reseller.objects.get(pk=shop.pk)
    made.variant = shop.variant
    return made


def case(shop, number: int, **fields) -> None:
    at = clock.now() - timedelta(days=5)
    given_ = {"topic": "service", "state": "answered", "opened_at": at, "moved_at": at, **fields}
    DeskCase.objects.create(reseller=shop, order_number="A", number=f"C{number}", **given_)


def sales(shop, days_ago: int, minor: int) -> None:
    day = clock.now().date() - timedelta(days=days_ago)
    SalesSum.objects.create(grain="reseller", day=day, currency="USD", thing_id=shop.pk, sales_minor=minor, orders=1)


def asked_back(shop, number: int, hours: float | None, *, ago: float = 5, reason: str = "mind") -> None:
    order = SalesOrder.objects.order_by("id").first()
    at = clock.now() - timedelta(days=ago)
    back = ReturnOrder.objects.create(
        reseller=shop, order=order, number=f"R{number}", wish="refund", reason=reason, created_at=at, warehouse=factories.warehouse()
    )  # fmt: skip
    OrderNote.objects.create(order=order, kind="return_requested", at=at, data={"return": back.number})
    if hours is not None:
        decided = at + timedelta(hours=hours)
        OrderNote.objects.create(order=order, kind="return_approved", at=decided, data={"return": back.number})


def parts(shop) -> dict[str, tuple[int, int, int]]:
    ShopScore.objects.all().delete()
    scores.run()
    found = ShopScore.objects.get(reseller=shop)
    return {each["key"]: (each["good"], each["of"], each["percent"]) for each in found.parts}


def test_each_part_counts_what_it_says(rose) -> None:
    factories.buy(rose, rose.variant)
    for number, (hours, ago, reason) in enumerate(
        [(20, 9, "mind"), (60, 9, "mind"), (None, 9, "mind"), (None, 1, "mind"), (1, 9, "door")]
    ):
        asked_back(rose, number, hours, ago=ago, reason=reason)
    for number, fields in enumerate(
        [
            {},
            {"why": "shop"},
            {"why": "time"},
            {"why": "topic"},
            {"state": "open", "due_at": clock.now() + timedelta(hours=1)},
        ]
    ):
        case(rose, number, **fields)
    assert parts(rose) == {"returns": (1, 3, 33), "cases": (2, 3, 67)}


def test_must_reads_count_once_their_day_is_over_and_courses_all(rose) -> None:
    with clock.set_to(clock.now() - timedelta(days=20)):
        first, second = (
            notices.publish(title_en=f"Must {n}", text_en="Read", must_read=True, actor_id=None) for n in range(2)
        )
        notices.read(reseller=rose, announcement_id=first.pk, reader_id=None)
    notices.publish(title_en="New", text_en="Read", must_read=True, actor_id=None)
    made = [
        Course.objects.create(title_en=f"C{n}", created_at=clock.now(), published_at=clock.now()) for n in range(4)
    ]
    CoursePassed.objects.create(course=made[0], reseller=rose, passed_at=clock.now())
    assert parts(rose) == {"must_reads": (1, 2, 50), "courses": (1, 4, 25)}
    notices.read(reseller=rose, announcement_id=second.pk, reader_id=None)
    assert parts(rose)["must_reads"] == (2, 2, 100)


def test_growth_is_a_point_for_each_per_cent_and_score_the_weighted_mean(rose) -> None:
    sales(rose, 3, 12_000)
    sales(rose, 0, 99_000)  # today is not over
    sales(rose, 40, 10_000)
    case(rose, 1)
    Course.objects.create(title_en="C", created_at=clock.now(), published_at=clock.now())
    assert parts(rose) == {"cases": (1, 1, 100), "courses": (0, 1, 0), "growth": (12_000, 10_000, 70)}
    assert ShopScore.objects.get().score == round((25 * 100 + 15 * 0 + 20 * 70) / 60)


def test_too_little_known_is_no_score_and_a_closed_shop_has_none(rose) -> None:
    case(rose, 1)
    parts(rose)
    assert ShopScore.objects.get().score is None
    Reseller.objects.update(status=Reseller.Status.SUSPENDED, suspended_reason="Late")
    scores.run()
    assert not ShopScore.objects.exists()


def test_made_again_on_the_same_day_it_is_the_same(rose, django_assert_max_num_queries) -> None:
    case(rose, 1)
    assert (scores.run(), scores.run()) == (1, 0)
    for _ in range(4):
        factories.reseller()
    ShopScore.objects.all().delete()
    with django_assert_max_num_queries(14):
        assert scores.run() == 5


@given(st.dictionaries(st.sampled_from(sorted(scores.WEIGHTS)), st.integers(0, 100)))
def test_score_lies_between_its_least_and_best_part(known) -> None:
    found = scores.score([{"key": key, "percent": percent} for key, percent in known.items()])
    if len(known) < scores.LEAST:
        assert found is None
    else:
        assert min(known.values()) <= found <= max(known.values())


def test_shop_sees_its_score_with_how_and_supplier_sorts_by_it(rose) -> None:
    low = factories.reseller("zinnia", name="Zinnia")
    for shop, score in ((rose, 80), (low, 40)):
        listed = [{"key": "cases", "percent": score, "good": 4, "of": 5}]
        ShopScore.objects.create(reseller=shop, score=score, parts=listed, made_on=clock.now().date())
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(rose, "owner"))
    page = client.get(f"/{rose.slug}/learn/").content.decode()
    assert [
        words for words in ("Your score", "4 of 5", "that the clock did not have to pass on") if words not in page
    ] == []
    listed = supplier_office.text(supplier_office.client("support").get("/tools/?sort=-score"))
    assert listed.index("Juniper Row") < listed.index("Zinnia")
    assert "40" not in client.get(f"/{rose.slug}/learn/").content.decode().split("h-score")[1].split("</table>")[0]


def test_database_holds_a_score_to_100(rose) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ShopScore.objects.create(reseller=rose, score=101, made_on=clock.now().date())
