"""What was handed in for a shop, put into it and taken out again."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from enablement.services import service_tasks
from reseller.models import Listing
from reseller.services import delivered
from tests import factories
from tests.enablement import serving
from tests.enablement.buying import refuses
from tests.enablement.test_service_pages import owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def shop():
    factories.company()
    factories.terms(300)
    made = factories.reseller("rose", name="Rose")
    made.mug = factories.product("Alder Mug", slug="alder-mug", stock=5, suggested=2_000)
    factories.listing(made, made.mug)
    serving.earn(made)
    return made


def approved(shop, kind: str = "photos"):
    serving.provider(rates={kind: 9_000})
    task = serving.done(serving.task(shop, kind=kind, product_id=shop.mug.pk))
    return service_tasks.approve(number=task.number, actor_id=None)


def listing(shop) -> Listing:
    with factories.inside(shop):
        return Listing.objects.get()


def page(shop, path: str = "/p/alder-mug/") -> str:
    return Client(HTTP_HOST=f"{shop.slug}.localhost").get(path).content.decode()


def use(shop, task) -> None:
    with factories.context.entered(shop):
        delivered.use_photos(number=task.number, reseller_id=shop.pk)


def test_pictures_stand_in_place_of_the_suppliers_and_only_here(shop) -> None:
    other = factories.reseller("other")
    factories.listing(other, shop.mug)
    task = approved(shop)
    use(shop, task)
    use(shop, task)
    name = task.pictures[0]
    assert listing(shop).adopted == {"photos": [[name, 640, 480, "", "", None]], "photos_of": task.number}
    assert (name in page(shop), name in page(shop, "/c/"), name in page(other)) == (True, True, False)


def test_undone_the_suppliers_are_back(shop) -> None:
    task = approved(shop)
    use(shop, task)
    for _ in range(2):
        with factories.context.entered(shop):
            delivered.undo(number=task.number, reseller_id=shop.pk)
    assert (listing(shop).adopted, task.pictures[0] in page(shop)) == (None, False)


def test_a_text_becomes_the_shops_own_and_what_stood_there_comes_back(shop) -> None:
    with factories.inside(shop):
        Listing.objects.update(text_en="Mine, from before.")
    task = approved(shop, "copy")
    for _ in range(2):
        with factories.context.entered(shop):
            delivered.use_words(number=task.number, reseller_id=shop.pk, language="en")
    assert "Here they are." in page(shop)
    with factories.context.entered(shop):
        delivered.undo(number=task.number, reseller_id=shop.pk)
    assert (listing(shop).text_en, listing(shop).adopted) == ("Mine, from before.", None)


def test_what_is_not_approved_or_anothers_is_not_used(shop) -> None:
    serving.provider()
    waiting = serving.done(serving.task(shop, product_id=shop.mug.pk))
    with refuses("not_approved"):
        use(shop, waiting)
    service_tasks.approve(number=waiting.number, actor_id=None)
    other = factories.reseller("other")
    factories.listing(other, shop.mug)
    with refuses("not_found"):
        use(other, waiting)
    with factories.inside(shop):
        Listing.objects.all().delete()
    with refuses("not_listed"):
        use(shop, waiting)


def test_the_owner_does_it_with_one_click_and_back(shop) -> None:
    task = approved(shop)
    person = owner(shop)
    assert f"/rose/delivered/{task.number}/" in person.get(f"/rose/services/{task.number}/").content.decode()
    panel = person.get(f"/rose/delivered/{task.number}/", headers={"hx-request": "true"}).content.decode()
    assert panel.lstrip().startswith('<div id="use">')
    assert person.post(f"/rose/delivered/{task.number}/photos/").status_code == 302
    assert "Back to what it was" in person.get(f"/rose/delivered/{task.number}/").content.decode()
    assert person.post(f"/rose/delivered/{task.number}/undo/").status_code == 302
    assert listing(shop).adopted is None
    assert person.post(f"/rose/delivered/{task.number}/nothing/").status_code == 404
    assert owner(shop, "clerk").post(f"/rose/delivered/{task.number}/photos/").status_code == 403
