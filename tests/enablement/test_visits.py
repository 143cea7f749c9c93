"""Visits: counted without knowing whose, each once, and shown as what they became."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from redis.exceptions import ConnectionError as Gone

from enablement.models import Kit, VisitBatch, Visits
from enablement.selectors import insights
from enablement.selectors import visits as selectors
from enablement.services import kits as compose
from enablement.services import visits
from reseller.services import kits as taking
from s2b2c.kernel import clock
from s2b2c.tenancy.cache import TolerantRedisCache
from tests import factories
from tests.enablement import summing
from tests.orders import buying
from tests.supplier import office as supplier_office

pytestmark = pytest.mark.django_db(transaction=True)
PERSON = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture(autouse=True)
def _told_when_flushed(monkeypatch) -> None:
    monkeypatch.setattr(visits, "_held", visits._Held())
    monkeypatch.setattr(visits, "HELD_SECONDS", 3_600.0)
    monkeypatch.setattr(TolerantRedisCache, "silent_until", 0.0)


@pytest.fixture
def visitor(shop) -> Client:
    return Client(HTTP_HOST=f"{shop.slug}.localhost", **PERSON)


def slug(shop) -> str:
    return shop.variant.product.slug


def counted() -> dict[tuple[str, int], int]:
    visits.flush()
    return {(each.kind, each.thing_id): each.count for each in Visits.objects.all()}


def test_page_opened_from_elsewhere_is_a_visit_and_the_next_is_not(visitor, shop) -> None:
    visitor.get("/")
    inside = {"HTTP_REFERER": f"http://{shop.slug}.localhost/"}
    visitor.get(f"/p/{slug(shop)}/", **inside)
    visitor.get(f"/p/{slug(shop)}/", **inside)  # kept by now
    visitor.get(f"/p/{slug(shop)}/", HTTP_REFERER="https://search.example/?q=mug")
    assert counted() == {("shop", 0): 2, ("product", shop.variant.product_id): 3}


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_DNT": "1"},
        {"HTTP_SEC_GPC": "1"},
        {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"HTTP_USER_AGENT": ""},
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "product"},
        {"HTTP_SEC_PURPOSE": "prefetch"},
    ],
)
def test_whoever_asks_not_to_be_counted_and_programs_are_not(visitor, shop, headers) -> None:
    assert visitor.get(f"/p/{slug(shop)}/", **headers).status_code == 200
    visitor.head(f"/p/{slug(shop)}/")
    visitor.get("/p/no-such-thing/")
    visitor.get("/bag/")
    assert counted() == {}


def test_what_is_kept_names_nobody(visitor, shop) -> None:
    answer = visitor.get("/", REMOTE_ADDR="203.0.113.9")
    assert dict(answer.cookies) == {}
    visits._held.tell()
    held = cache.ask(lambda redis: redis.hgetall("visits|now"))
    assert list(held) == [f"{clock.now().date()}|{shop.pk}|shop|".encode()]
    assert {field.name for field in Visits._meta.get_fields()} == {
        "id",
        "day",
        "reseller_id",
        "kind",
        "thing_id",
        "count",
    }


def test_dead_redis_costs_the_visitor_nothing(visitor, shop, monkeypatch) -> None:
    def gone(*args, **kwargs):
        raise Gone("no Redis")

    with monkeypatch.context() as patch:
        patch.setattr("redis.Redis.execute_command", gone)
        patch.setattr("redis.client.Pipeline.execute", gone)
        assert visitor.get(f"/p/{slug(shop)}/").status_code == 200
        assert visits.flush() == 0


def test_flush_that_dies_on_its_way_counts_nothing_twice_and_loses_nothing(visitor, shop, monkeypatch) -> None:
    visitor.get("/")
    with monkeypatch.context() as patch:  # killed before it wrote
        patch.setattr(visits, "_write", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            visits.flush()
    visitor.get("/")
    with monkeypatch.context() as patch:  # killed after it wrote
        patch.setattr(visits, "_forget", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            visits.flush()
    assert counted() == {("shop", 0): 2}
    assert visits.flush() == 0
    assert VisitBatch.objects.count() == 2


def test_counts_are_held_back_a_moment_and_told_together(shop, monkeypatch) -> None:
    for _ in range(5):
        visits.note(reseller_id=shop.pk, arrived=True)
    assert cache.ask(lambda redis: redis.exists("visits|now")) == 0
    assert counted() == {("shop", 0): 5}


def test_counts_of_an_idle_process_are_told_by_its_thread(shop, monkeypatch) -> None:
    monkeypatch.setattr(visits, "HELD_SECONDS", 0.01)
    for _ in range(5):
        visits.note(reseller_id=shop.pk, arrived=True)
    until = time.monotonic() + 30
    while sum(map(int, cache.ask(lambda redis: redis.hvals("visits|now"), ()))) < 5 and time.monotonic() < until:
        time.sleep(0.02)
    assert not visits._held.counts
    assert counted() == {("shop", 0): 5}


def test_product_that_is_gone_is_left_out(shop) -> None:
    visits.note(reseller_id=shop.pk, kind="product", slug="gone", arrived=True)
    assert counted() == {("shop", 0): 1}


@pytest.mark.parametrize("wrong", [{"count": 0}, {"kind": "shop", "thing_id": 3}, {"kind": "product", "thing_id": 0}])
def test_database_refuses_what_was_never_counted(shop, wrong) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Visits.objects.create(
            **{"day": clock.now().date(), "reseller_id": shop.pk, "kind": "shop", "count": 1, **wrong}
        )


def test_conversion_leaves_out_days_before_anything_was_counted(shop, other) -> None:
    with clock.set_to(clock.now() - timedelta(days=3)):
        buying.buy(shop)
        buying.buy(other)
    buying.buy(shop)
    buying.drain()
    summing.refresh()
    for _ in range(20):
        visits.note(reseller_id=shop.pk, arrived=True)
    visits.note(reseller_id=other.pk, arrived=True)
    visits.flush()
    span = insights.Span(clock.now().date(), 28)
    mine, all_ = selectors.conversion(span, shop.pk), selectors.conversion(span)
    assert (mine.visits, mine.orders, mine.rate) == (20, 1, 5.0)
    assert (all_.visits, all_.orders) == (21, 1)
    assert selectors.conversion(span.before, shop.pk).rate is None
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, "owner"))
    page = client.get(f"/{shop.slug}/insights/").content.decode()
    assert ("Orders per 100 visits" in page, "5.0" in page) == (True, True)
    assert "Orders per 100 visits" in supplier_office.client("finance").get("/insights/").content.decode()


def test_story_of_a_kit_tells_how_often_it_was_opened(visitor, shop) -> None:
    made = compose.draft(facts={"title_en": "Mornings", "lead_en": "Slow.", "story_en": "Story."}, actor_id=None)
    compose.put(kit_id=made.pk, product_id=shop.variant.product_id)
    compose.publish(kit_id=made.pk, actor_id=None)
    with factories.inside(shop):
        taking.adopt(kit_id=made.pk)
    address = f"/stories/{Kit.objects.get().slug}/"
    assert address in visitor.get("/sitemap.xml").content.decode()
    for _ in range(3):
        assert visitor.get(address).status_code == 200
    visits.flush()
    assert (selectors.of_kit(made.pk).times, selectors.of_kit(made.pk, shop.pk + 1).times) == (3, 0)
    page = supplier_office.client("catalogue").get(f"/kits/{made.pk}/").content.decode()
    assert "Its story was opened 3 times" in page


def test_visits_of_long_ago_are_let_go(shop) -> None:
    with clock.set_to(clock.now() - timedelta(days=500)):
        visits.note(reseller_id=shop.pk, arrived=True)
        visits.flush()
    visits.note(reseller_id=shop.pk, arrived=True)
    visits.flush()
    assert (visits.forget(), Visits.objects.count()) == (1, 1)
