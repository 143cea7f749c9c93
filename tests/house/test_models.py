"""What holds for every model: relations run down, and nothing happens behind a query's back."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from tests.house import sources

OURS = {config.label: config.name for config in apps.get_app_configs() if config.name.split(".")[0] in sources.APPS}


def ours() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OURS)


def heights() -> dict[str, int]:
    """Give each app's height, as the wall between the apps in pyproject.toml has it (0 is the top)."""
    config = tomllib.loads((sources.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(each for each in config["tool"]["importlinter"]["contracts"] if each["id"] == "apps")
    return {name.strip(): height for height, layer in enumerate(contract["layers"]) for name in layer.split(":")}


def relations(model: type[models.Model]) -> Iterator[models.Field]:
    return (field for field in model._meta.get_fields() if isinstance(field, models.Field) and field.is_relation)


def test_relations_run_only_down() -> None:
    height = heights()
    upward = [
        f"{field} → {field.related_model._meta.label}"
        for model in ours()
        for field in relations(model)
        if (target := field.related_model._meta.app_label) in OURS
        and target != model._meta.app_label
        and height[OURS[target]] < height[OURS[model._meta.app_label]]
    ]
    assert upward == [], "the owner decides, and looks only down (ADR 1)"


def test_every_app_with_models_stands_in_the_wall() -> None:
    assert {OURS[model._meta.app_label] for model in ours()} - set(heights()) == set()


def test_references_up_from_a_shop_leave_no_name_behind() -> None:
    """A backward accessor at S's tables would read a shop's tables from where there are none."""
    named = [
        str(field)
        for model in ours()
        if model._meta.app_label in ("reseller", "orders")
        for field in relations(model)
        if field.related_model._meta.app_label not in ("reseller", "orders") and not field.remote_field.hidden
    ]
    assert named == [], 'use related_name="+"'


def test_no_generic_relations() -> None:
    """django-tenants clears the cache of content types at each change of shop."""
    assert [str(f) for m in ours() for f in m._meta.private_fields if hasattr(f, "ct_field")] == []


def test_no_model_has_an_order_of_its_own() -> None:
    assert [model._meta.label for model in ours() if "ordering" in model._meta.original_attrs] == []


def test_no_model_overrides_saving_or_deleting() -> None:
    wrong = [
        f"{base.__module__}.{base.__qualname__}.{name}"
        for model in ours()
        for base in model.__mro__
        if base.__module__.split(".")[0] in sources.APPS
        for name in ("save", "delete", "save_base", "full_clean")
        if name in vars(base)
    ]
    assert sorted(set(wrong)) == [], "services write; the database says what is valid"
