"""Products and variants: what is written, what is refused, what shops see at once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from s2b2c.accounts.models import AuditEntry
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Product, Variant
from supplier.services import bands, catalogue, published, variants
from tests.supplier import catalogue_world as world

pytestmark = pytest.mark.django_db


def test_create_product_writes_variants_slug_and_search_text() -> None:
    made = world.product(name_zh="潮汐马克杯", brand="Harbour", summary_en="Wide FOOT", skus=("HL-1", "HL-2"))

    made.refresh_from_db()
    assert made.slug == "tidewater-mug"
    assert made.search_text == "tidewater mug 潮汐马克杯 harbour hl-mug wide foot  hl-1 hl-2"
    assert [(v.sku, v.position, v.currency) for v in made.variants.order_by("position")] == [
        ("HL-1", 0, "USD"),
        ("HL-2", 1, "USD"),
    ]
    assert made.status == "draft"


def test_create_product_gives_a_second_of_one_name_another_slug() -> None:
    world.product("A", skus=("A-1",))
    assert world.product("B", skus=("B-1",)).slug == "tidewater-mug-b"


def test_create_product_with_a_chinese_name_only_takes_its_code_as_slug() -> None:
    assert world.product("HL-9", name_en="潮汐马克杯").slug == "hl-9"


def test_create_product_refuses_a_code_that_is_taken() -> None:
    world.product("A", skus=("A-1",))
    with pytest.raises(Refused) as refusal:
        world.product("A", skus=("A-2",))
    assert (refusal.value.code, refusal.value.field, refusal.value.status) == ("code_taken", "code", 409)
    assert Product.objects.count() == 1


@pytest.mark.parametrize(
    ("prices", "field", "message"),
    [
        ({"floor_minor": 2600}, "floor_minor", "The floor 26.00 is above the ceiling 21.00."),
        ({"suggested_minor": 1200}, "floor_minor", "The floor 13.00 is above the suggested price 12.00."),
        ({"ceiling_minor": 1500}, "ceiling_minor", "The ceiling 15.00 is below the suggested price 15.50."),
        (
            {"wholesale_minor": 1400},
            "floor_minor",
            "The floor 13.00 is below the wholesale price 14.00: shops would sell at a loss.",
        ),
        ({"wholesale_minor": -1}, "wholesale_minor", "A price can't be negative."),
        ({"ceiling_minor": 10**16}, "ceiling_minor", "This price is too large."),
    ],
)
def test_prices_out_of_order_are_refused_and_nothing_is_written(
    prices: dict[str, int], field: str, message: str
) -> None:
    with pytest.raises(bands.VariantsRefused) as refusal:
        world.product(specs=[world.spec("HL-1"), world.spec("HL-2", **prices)])
    assert refusal.value.faults == [("HL-2", field, message)]
    assert (Product.objects.count(), Variant.objects.count()) == (0, 0)


def test_add_refuses_a_sku_of_another_product_and_a_repeated_one() -> None:
    world.product("A", skus=("A-1",))
    other = world.product("B", skus=("B-1",))
    with pytest.raises(bands.VariantsRefused) as refusal:
        variants.add(product_id=other.id, variants=[world.spec("A-1"), world.spec("B-1")])
    assert [(sku, name) for sku, name, _text in refusal.value.faults] == [("B-1", "sku"), ("A-1", "sku")]


@pytest.mark.parametrize("sku", ["", "two words", "a/b", "x" * 61, "a\x00b c"])
def test_add_refuses_a_sku_that_can_not_be_one(sku: str) -> None:
    made = world.product()
    with pytest.raises(bands.VariantsRefused):
        variants.add(product_id=made.id, variants=[world.spec(sku)])


def test_update_changes_many_variants_or_none() -> None:
    made = world.product(skus=("HL-1", "HL-2"))
    first, second = made.variants.order_by("position")
    with pytest.raises(bands.VariantsRefused):
        variants.update(
            product_id=made.id, changes={first.id: {"wholesale_minor": 990}, second.id: {"floor_minor": 9900}}
        )
    assert world.variant("HL-1").wholesale_minor == 960

    changed = variants.update(
        product_id=made.id, changes={first.id: {"wholesale_minor": 990, "sku": "HL-9"}, second.id: {"weight_g": 0}}
    )

    assert [variant.sku for variant in changed] == ["HL-9"]
    made.refresh_from_db()
    assert made.search_text.endswith("hl-9 hl-2")
    assert AuditEntry.objects.get(action="variants.changed").detail == {
        "before": {"HL-1": {"sku": "HL-1", "wholesale_minor": 960}}
    }


def test_update_may_swap_what_two_skus_say_only_if_free() -> None:
    made = world.product(skus=("HL-1", "HL-2"))
    first = made.variants.get(sku="HL-1")
    with pytest.raises(bands.VariantsRefused):
        variants.update(product_id=made.id, changes={first.id: {"sku": "HL-2"}})


def test_update_of_another_products_variant_is_not_found() -> None:
    made = world.product("A", skus=("A-1",))
    world.product("B", skus=("B-1",))
    with pytest.raises(NotFound):
        variants.update(product_id=made.id, changes={world.variant("B-1").id: {"weight_g": 1}})


def test_options_of_a_variant_must_be_the_products() -> None:
    options = {"colour": {"en": "Colour", "zh": "颜色", "values": {"kelp": {"en": "Kelp", "tint": "#3d6b57"}}}}
    made = world.product(options=options, specs=[world.spec("HL-1", options={"colour": "kelp"})])
    with pytest.raises(bands.VariantsRefused):
        variants.add(product_id=made.id, variants=[world.spec("HL-2", options={"colour": "rust"})])
    with pytest.raises(Refused) as refusal:
        catalogue.update_product(product_id=made.id, options={})
    assert refusal.value.code == "option_in_use"


def test_status_goes_from_draft_to_active_to_withdrawn_and_back() -> None:
    made = world.product()
    assert catalogue.activate(product_id=made.id).status == "active"
    assert catalogue.activate(product_id=made.id).status == "active"
    assert catalogue.withdraw(product_id=made.id).status == "withdrawn"
    with pytest.raises(StateRefused):
        catalogue.activate(product_id=made.id)
    assert catalogue.restore(product_id=made.id).status == "active"


def test_activate_needs_a_variant_on_sale() -> None:
    made = world.product()
    variants.withdraw(variant_ids=[world.variant("HL-MUG-1").id])
    with pytest.raises(StateRefused) as refusal:
        catalogue.activate(product_id=made.id)
    assert refusal.value.code == "no_variant"


def test_set_status_does_what_can_be_done_and_says_what_can_not() -> None:
    draft, active = world.product("A", skus=("A-1",)), world.product("B", skus=("B-1",), on_sale=True)
    empty = world.product("C", skus=())
    outcome = catalogue.set_status(product_ids=[draft.id, active.id, empty.id], status="active")
    assert outcome.done == [draft.id]
    assert outcome.refused == [(empty.id, "Add a variant before you put it on sale.")]
    assert catalogue.set_status(product_ids=[draft.id, active.id], status="withdrawn").done == [draft.id, active.id]


def test_update_product_keeps_its_slug_and_cleans_texts() -> None:
    made = world.product()
    changed = catalogue.update_product(product_id=made.id, name_en="  Ebb\x00 Mug ", text_en="a\r\nb\x07")
    assert (changed.slug, changed.name_en, changed.text_en) == ("tidewater-mug", "Ebb Mug", "a\nb")


@pytest.mark.parametrize(
    "changes",
    [
        {"name_en": " "},
        {"name_en": "x" * 161},
        {"code": "a b"},
        {"category_id": 99_999},
        {"attributes": {"Bad Key": {"en": "x"}}},
    ],
)
def test_update_product_refuses_what_can_not_be(changes: dict[str, object]) -> None:
    made = world.product()
    with pytest.raises(Refused):
        catalogue.update_product(product_id=made.id, **changes)  # type: ignore[arg-type]


def test_every_change_raises_the_published_version(django_capture_on_commit_callbacks: object) -> None:
    seen = [published.version()]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        made = world.product()
    seen.append(published.version())
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        catalogue.activate(product_id=made.id)
    seen.append(published.version())
    assert seen == sorted(set(seen))


def test_published_version_is_known_without_the_cache() -> None:
    from django.core.cache import cache

    before = published.version()
    published.touch()
    cache.clear()
    assert published.version() > before


@pytest.mark.django_db(transaction=True)
def test_two_who_make_one_code_at_once_make_one_product() -> None:
    world.category()
    barrier, results = threading.Barrier(2), []

    def make(sku: str) -> None:
        barrier.wait()
        try:
            results.append(world.product("SAME", skus=(sku,)).code)
        except Refused as refusal:
            results.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=make, args=(sku,)) for sku in ("S-1", "S-2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("SAME") == 1
    assert Product.objects.count() == 1
    assert Variant.objects.count() == 1


def test_options_and_their_values_keep_their_order() -> None:
    sizes = {name: {"en": name.upper()} for name in ("medium", "xl", "s")}
    options = {"length": {"en": "Length", "values": sizes}, "cut": {"en": "Cut", "values": {"wide": {"en": "Wide"}}}}
    made = world.product(options=options, skus=())
    kept = Product.objects.get(id=made.id).options
    assert list(kept) == ["length", "cut"]
    assert list(kept["length"]["values"]) == ["medium", "xl", "s"]
    assert kept["length"]["values"]["xl"] == {"en": "XL"}
    assert list(Product.objects.values_list("options", flat=True)[0]) == ["length", "cut"]
