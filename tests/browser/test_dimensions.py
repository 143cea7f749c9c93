"""The six ways S empowers b, each walked once with real clicks: the shop's office, the supplier's, and the storefront."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from enablement.models import BuyingRound, Kit, ServiceProvider
from enablement.services import dispatching, kits, providers, rounds
from orders.models import Order
from s2b2c.embedded.processes import wait_until
from s2b2c.kernel import clock
from s2b2c.tenancy.models import Reseller
from supplier.models import FulfilmentOrder, SalesOrder
from tests import factories
from tests.browser.conftest import Open, sign_in
from tests.browser.running import Platform
from tests.enablement import buying, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}
POSTCODES = {"en": "31008", "zh-hans": "42008"}  # the tests share a database: each photographer has an area of its own


@dataclass(frozen=True, slots=True)
class World:
    """A shop with an order, a kit, a buying round and a photographer; and three people before their windows."""

    platform: Platform
    shop: Reseller
    order: Order
    kit: Kit
    round: BuyingRound
    studio: ServiceProvider
    owner: Any
    staff: Any
    visitor: Any

    def at_shop(self, path: str = "/") -> str:
        return self.platform.address(self.shop.slug, path)


@pytest.mark.parametrize("language", LOCALES)
def test_each_dimension_is_walked_in_both_offices_and_the_shop(
    platform: Platform, opened: Open, language: str
) -> None:
    world = _world(platform, opened, language)
    for walk in (tools, procurement, quality, network, intelligence, joint_service):
        walk(world)
    people = (world.owner, world.staff, world.visitor)
    spoken = [page.evaluate("() => document.documentElement.lang.toLowerCase()") for page in people]
    assert [each[:2] for each in spoken] == [language[:2]] * 3
    assert [page.complaints for page in people] == [[], [], []]
    assert platform.errors() == []


# --- The six -------------------------------------------------------------------------------------------
def tools(world: World) -> None:
    """A kit comes into the shop; its customers read the story, and S sees where it is."""
    rail(world.owner, "/kits/")
    world.owner.locator("main a", has_text=world.kit.title_en).first.click()
    world.owner.locator("main form .btn-primary").first.click()
    world.owner.locator(f"main a[href*='{world.shop.slug}.localhost']").first.wait_for()
    world.visitor.goto(world.at_shop())
    world.visitor.locator("a[href*='/stories/']").first.click()
    world.visitor.get_by_role("heading", name=world.kit.title_en, level=1).wait_for()
    rail(world.staff, "/kits/")
    row(world.staff, world.kit.title_en)
    world.staff.locator("main", has_text=world.shop.name).wait_for()


def procurement(world: World) -> None:
    """The shop commits pieces to a round; S sees who did."""
    rail(world.owner, "/rounds/")
    world.owner.locator(f"main a[href*='{world.round.number}']").first.click()
    world.owner.locator("main input[name=pieces]").first.fill("24")
    with world.owner.expect_navigation():
        world.owner.locator("main form .btn-primary").first.click()
    assert world.owner.locator("main input[name=pieces]").first.input_value() == "24"
    rail(world.staff, "/buying/")
    world.staff.locator(".seg a[href$='/rounds/']").click()
    world.staff.locator(f"main tbody a[href*='{world.round.number}']").first.click()
    world.staff.locator("main li", has_text=world.shop.name).filter(has_text="24").first.wait_for()


def quality(world: World) -> None:
    """A customer says what is wrong with the goods; S answers at its desk, and the customer reads it at the order."""
    thread = asked(world, "goods:broken", "One has a chip.")
    rail(world.staff, "/quality/lots/")
    world.staff.locator(".seg a[href$='/complaints/']").click()
    until(world.staff, lambda: world.staff.locator("main tbody tr", has_text=world.shop.name).count() > 0)
    row(world.staff, world.shop.name)
    world.staff.locator("main", has_text="One has a chip.").wait_for()
    world.staff.locator("main textarea[name=answer]").fill("Another one is on its way.")
    with world.staff.expect_navigation():
        world.staff.locator("main button[value=answer]").click()
    heard(world, thread, "Another one is on its way.")


def network(world: World) -> None:
    """The shop books photos; the photographer accepts on its own page; S sees who does it."""
    rail(world.owner, "/services/")
    world.owner.locator("main a[href*='photos']").first.click()
    world.owner.locator("main [name=brief]").fill("Five pictures of the fern.")
    world.owner.locator("main [name=postcode]").fill(world.studio.base)
    world.owner.locator("main [name=budget]").fill("120")
    with world.owner.expect_navigation():
        world.owner.locator("main form:has([name=brief]) .btn-primary").click()
    dispatching.run()  # or the worker was faster
    world.visitor.goto(world.platform.address("supply", f"/provider/in/{providers.link(world.studio)}/"))
    tasks = world.visitor.locator("main a[href*='/tasks/']")
    until(world.visitor, lambda: tasks.count() > 0)
    tasks.first.click()
    with world.visitor.expect_navigation():
        world.visitor.locator("form[action*='accept'] button").click()
    rail(world.staff, "/network/")
    world.staff.locator("main tbody tr", has_text=world.studio.name).first.wait_for()


def intelligence(world: World) -> None:
    """Both look at their figures; S at its forecasts, and what is like no other day."""
    rail(world.owner, "/insights/")
    world.owner.locator("main h1").wait_for()
    rail(world.owner, "/advice/")
    world.owner.locator("main h1").wait_for()
    rail(world.staff, "/insights/")
    for tab in ("/forecasts/", "/advice/", "/alerts/"):
        world.staff.locator(f".seg a[href*='{tab}']").first.click()
        world.staff.locator("main h1").wait_for()
        assert tab in world.staff.url


def joint_service(world: World) -> None:
    """A customer asks the shop, which asks S; S answers in the shop's name, and both read it."""
    thread = asked(world, "delivery", "May it be left with a neighbour?")
    number = thread.rstrip("/").rsplit("/", 1)[1]
    rail(world.owner, "/help/")
    world.owner.locator(f"main tbody a[href*='{number}']").first.click()
    world.owner.locator("main textarea[name=text]").last.fill("Can the carrier do that?")
    with world.owner.expect_navigation():
        world.owner.locator("main button[value=pass]").click()
    rail(world.staff, "/help/")
    until(world.staff, lambda: world.staff.locator("main tbody tr", has_text=number).count() > 0)
    row(world.staff, number)
    world.staff.locator("main", has_text="Can the carrier do that?").wait_for()
    world.staff.locator("main textarea[name=text]").first.fill("It may, with a note at the door.")
    with world.staff.expect_navigation():
        world.staff.locator("main button[value=answer]").click()
    heard(world, thread, "a note at the door")
    world.owner.reload()
    world.owner.locator("main", has_text="a note at the door").wait_for()


def asked(world: World, topic: str, text: str) -> str:
    """Let the customer write from the order's page; give the address of the thread."""
    world.visitor.goto(world.at_shop(f"/order/{world.order.token}/"))
    world.visitor.locator("a[href$='/help/']").first.click()
    world.visitor.locator(f"input[name=topic][value='{topic}']").check()
    world.visitor.locator("main textarea[name=text]").fill(text)
    with world.visitor.expect_navigation():
        world.visitor.locator("main form .btn-primary").last.click()
    return str(world.visitor.url)


def heard(world: World, thread: str, text: str) -> None:
    """Wait until the customer reads an answer in the thread."""
    world.visitor.goto(thread)
    until(world.visitor, lambda: text in world.visitor.locator("main").inner_text())


# --- Steps ---------------------------------------------------------------------------------------------
def rail(page: Any, path: str) -> None:
    """Follow a link of the navigation at the side."""
    page.locator(f".rail a[href$='{path}']").first.click()
    page.wait_for_url(lambda url: path in url)


def row(page: Any, text: str) -> None:
    """Open the first row that has a text."""
    page.locator("main tbody tr", has_text=text).locator("a").first.click()
    page.wait_for_load_state("load")


def until(page: Any, ready: Callable[[], bool], seconds: int = 30) -> None:
    """Load a page anew until the worker has done its part."""
    for _ in range(seconds * 2):
        if ready():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"not ready after {seconds} s: {page.url}")


# --- The world -----------------------------------------------------------------------------------------
def _world(platform: Platform, opened: Open, language: str) -> World:
    slug = f"fern-{language[:2]}"
    factories.company()
    factories.terms(300)
    shop = factories.reseller(slug, name=f"Fern {language[:2].title()}")
    goods = [factories.product(f"Fern {slug} {n}", stock=99, wholesale=1_000, suggested=2_000) for n in range(3)]
    factories.listing(shop, goods[0])
    variant = factories.first_variant(goods[0])
    order = factories.buy(shop, variant, drained=False)
    serving.earn(shop)
    owner, staff, visitor = (opened(width=1280, language=LOCALES[language]) for _ in range(3))
    for page, host in ((owner, "office"), (staff, "supply"), (visitor, slug), (visitor, "supply")):
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": platform.address(host)}
        page.context.add_cookies([cookie])
    sign_in(owner, platform.address("office"), factories.member(shop, "owner"), factories.PASSWORD)
    owner.goto(f"{platform.address('office')}{slug}/")
    sign_in(staff, platform.address("supply"), factories.staff("admin"), factories.PASSWORD)
    _sent(shop, order)
    base = POSTCODES[language]
    studio = serving.provider(f"Studio {slug}", base=base, areas=[base[:3]])
    return World(platform, shop, order, _kit(slug, goods), _round(variant), studio, owner, staff, visitor)


def _kit(slug: str, goods: list[Any]) -> Kit:
    words = {
        "title_en": f"Weather of {slug}",
        "lead_en": "Wet, green and good.",
        "story_en": "It rained.",
        "value_bps": 0,
    }
    kit = kits.draft(facts={**words, "share_bps": 0}, actor_id=None)
    for each in goods:
        kits.put(kit_id=kit.pk, product_id=each.pk)
    kits.publish(kit_id=kit.pk, actor_id=None)
    return kit


def _round(variant: Any) -> BuyingRound:
    buying.offer(buying.vendor(f"Kiln {variant.sku}"), variant, ((1, 900), (100, 800)))
    return rounds.open_(
        name_en="Autumn ferns", name_zh="秋日蕨类", warehouse_id=factories.warehouse().pk, variant_ids=[variant.pk],
        least=100, deposit_bps=1_000, closes_at=clock.now() + timedelta(days=7), shared_bps=5_000, actor_id=None,
    )  # fmt: skip


def _sent(shop: Reseller, order: Order) -> None:
    """Let the worker tell S of the order, and S send it."""
    from supplier.services import picking, shipping

    heard = FulfilmentOrder.objects.filter(order__reseller=shop, order__order_number=order.number)
    assert wait_until(heard.exists, seconds=30), SalesOrder.objects.count()
    number = heard.get().number
    picking.start_picking(number=number, actor_id=None)
    picking.pack(number=number, actor_id=None)
    shipping.ship(number=number, carrier="Two Rivers Post", tracking="TR1", request_key=f"six:{number}")
    told = Order.objects.filter(pk=order.pk, status=Order.Status.SHIPPED)

    def shown() -> bool:
        with factories.inside(shop):
            return told.exists()

    assert wait_until(shown, seconds=30)
