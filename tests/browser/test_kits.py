"""A kit of the supplier comes into a shop in three clicks, and its customers read the story."""

from __future__ import annotations

import pytest
from PIL import Image

from enablement.services import kits
from tests import factories
from tests.browser.conftest import Open, sign_in
from tests.browser.running import Platform

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_kit_is_in_the_shop_after_three_clicks(platform: Platform, opened: Open) -> None:
    factories.company()
    factories.terms(300)
    shop = factories.reseller("fern-hill")
    goods = [factories.product(f"Fern {n}", stock=9, wholesale=1_000, suggested=2_000) for n in range(3)]
    words = {
        "title_en": "Fern weather",
        "lead_en": "Wet, green and good.",
        "story_en": "It rained.",
        "value_bps": 1_000,
    }
    kit = kits.draft(facts={**words, "share_bps": 5_000}, actor_id=None)
    for each in goods:
        kits.put(kit_id=kit.pk, product_id=each.pk)
    kits.publish(kit_id=kit.pk, actor_id=None)

    owner, visitor = opened(), opened(width=390)
    sign_in(owner, platform.address("office"), factories.member(shop, "owner"), factories.PASSWORD)
    owner.goto(f"{platform.address('office')}{shop.slug}/")
    owner.locator(".rail").get_by_role("link", name="Kits").click()
    owner.get_by_role("link", name="Fern weather").click()
    owner.get_by_role("button", name="Put it into my shop").click()
    owner.get_by_role("link", name="See it in your shop").wait_for()

    visitor.goto(platform.address(shop.slug))
    visitor.get_by_role("link", name="Read the story").click()
    visitor.get_by_role("heading", name="Fern weather", level=1).wait_for()
    assert visitor.get_by_role("link", name="Fern 2").count() >= 1

    owner.get_by_role("link", name="Poster").click()
    with owner.expect_download() as saved:
        owner.get_by_role("button", name="Save as a picture").click()
    with Image.open(saved.value.path()) as picture:
        darkest, lightest = picture.convert("L").getextrema()
        assert (picture.format, picture.width, darkest < 60, lightest) == ("PNG", 1240, True, 255)
    assert (owner.complaints, visitor.complaints) == ([], [])
