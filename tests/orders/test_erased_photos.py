"""Photos of who was forgotten are deleted after the commit, and tried again until they are gone."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction
from PIL import Image

from enablement.models import Complaint
from orders.models import Case, ReturnRequest
from orders.services import cases, returns
from storefront.services import privacy
from supplier.models import ErasedFile, ReturnOrder
from supplier.services import erased_files
from tests import factories
from tests.orders import buying, returning

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (300, 200), "olive").save(made, "PNG")
    made.seek(0)
    return made


@pytest.fixture
def told(shop, provider):
    """An order whose customer sent a photo with a case and one with a return; give its customer and the photos."""
    order = returning.sent(shop, provider)
    helped, returned = cases.store_photos([photo()]), returns.store_photos([photo()])
    with factories.context.entered(shop):
        cases.open_case(order_number=order.number, topic="goods", text="Look, I am Maya", key="k", photos=helped)
    returning.ask(shop, order, note="I moved, Maya", photos=returned)
    buying.drain()
    return order.customer_id, [*helped, *returned]


def there(names) -> list[bool]:
    return [default_storage.exists(name) for name in names]


def erase(shop, customer_id):
    with factories.context.entered(shop):
        privacy.erase(customer_id=customer_id)


def test_photos_of_help_complaints_and_returns_go_with_whose_they_were(shop, told):
    customer, names = told
    stranger = cases.store_photos([photo()])
    assert there(names) == [True, True]
    erase(shop, customer)
    assert (there(names), there(stranger), ErasedFile.objects.count()) == ([False, False], [True], 0)
    with factories.inside(shop):
        kept = [str(list(model.objects.values())) for model in (Case, ReturnRequest)]
    kept += [str(list(model.objects.values())) for model in (Complaint, ReturnOrder)]
    assert [("Maya" in each, ".webp" in each) for each in kept] == [(False, False)] * 4


def test_what_could_not_be_deleted_is_tried_again(shop, told, monkeypatch):
    customer, names = told
    real = FileSystemStorage.delete

    def away(storage, name):
        if name == names[0]:
            raise OSError("the storage is away")
        real(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", away)
    erase(shop, customer)
    assert (there(names), list(ErasedFile.objects.values_list("name", flat=True))) == ([True, False], [names[0]])
    monkeypatch.setattr(FileSystemStorage, "delete", real)
    assert (erased_files.sweep(), erased_files.sweep(), there(names)) == (1, 0, [False, False])


def test_erasure_that_is_rolled_back_keeps_the_photos(told):
    _customer, names = told
    with transaction.atomic():
        erased_files.erase(names)
        transaction.set_rollback(True)
    assert (there(names), erased_files.sweep()) == ([True, True], 0)


def test_nothing_but_photos_of_people_is_deleted():
    erased_files.erase(["products/ab/abc.webp"])
    assert ErasedFile.objects.count() == 0
