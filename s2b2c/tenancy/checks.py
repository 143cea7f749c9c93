"""System checks: what tenant models and tenant migrations may not do (house rules: Scale 1 and 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, connection, migrations, models
from django.db.models import NOT_PROVIDED

from s2b2c.tenancy import roles, shop_migrations

TENANT_MIGRATIONS = "tenant_migrations"


@register(TENANT_MIGRATIONS)
def check_tenant_migrations(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse what can't run as plain SQL over thousands of shops, or would tie them to public tables."""
    found: list[CheckMessage] = []
    for label, paths in shop_migrations.files().items():
        numbers = Counter(shop_migrations.number(path.stem) for path in paths)
        found += [
            Error(f"{label} has two migrations numbered {number}; renumber one.", id="tenancy.E001")
            for number, count in numbers.items()
            if count > 1
        ]
        package = shop_migrations.package(label)
        for path in paths:
            migration = import_module(f"{package}.{path.stem}").Migration
            found += _about_migration(f"{label}.{path.stem}", migration)
    return found


@register("models")
def check_relations(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse hard references from a shop to public, and any from public to a shop."""
    tenant = set(shop_migrations.tenant_labels())
    found: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or not field.related_model:
                continue
            inside, target = model._meta.app_label in tenant, field.related_model._meta.app_label in tenant
            if inside and not target and _is_hard(field):
                found.append(Error(f"{field}: hard reference from a shop to public.", _HINT, id="tenancy.E002"))
            if target and not inside:
                found.append(Error(f"{field}: public can't refer to a shop's table.", id="tenancy.E003"))
    return found


@register(Tags.database)
def check_default_search_path(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where a new session would see more than public (`manage.py check --database default`)."""
    if not databases or DEFAULT_DB_ALIAS not in databases:
        return []
    with connection.cursor() as cursor:
        # An empty database has yet to run the migration that sets it.
        cursor.execute(
            "SELECT reset_val FROM pg_settings"
            " WHERE name = 'search_path' AND to_regclass('public.tenancy_domain') IS NOT NULL"
        )
        (path,) = cursor.fetchone() or ("public",)
    hint = "ALTER ROLE ... SET search_path = public, as the owner of the database."
    return [] if path == "public" else [Warning(f"New sessions have search_path {path}.", hint, id="tenancy.W002")]


@register(Tags.database, deploy=True)
def check_login(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where the web's own login could switch off what guards the books (`check --deploy --database default`)."""
    if not databases or DEFAULT_DB_ALIAS not in databases or not roles.may_change_what_is_kept():
        return []
    hint = "Set DATABASE_OWNER_URL, give DATABASE_URL a login of its own, and run `manage.py prepare`."
    return [Warning("This login may change rows that are only ever added to.", hint, id="tenancy.W003")]


_HINT = 'Use on_delete=DO_NOTHING, db_constraint=False, related_name="+".'


def _about_migration(name: str, migration: Any) -> Iterator[CheckMessage]:
    if not migration.atomic:
        yield Error(f"{name} is not atomic: shops migrate in transactions.", id="tenancy.E004")
    if migration.replaces:
        yield Error(f"{name} replaces others: versions are counted in one line.", id="tenancy.E005")
    made: set[str] = set()
    for operation in _flat(migration.operations):
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name_lower)
        yield from _about_operation(name, operation, made)


def _about_operation(name: str, operation: Any, made: set[str]) -> Iterator[CheckMessage]:
    kind = type(operation).__name__
    if isinstance(operation, migrations.RunPython):
        yield Error(f"{name}: RunPython. Fill data from a task, shop by shop.", id="tenancy.E006")
    if kind.endswith("Concurrently"):
        yield Error(f"{name}: {kind} can't run in a transaction.", id="tenancy.E004")
    for field in _fields(operation):
        if field.db_default is not NOT_PROVIDED:
            yield Error(f"{name}: db_default is 20 to 50 times slower over all shops.", id="tenancy.E007")
        if field.remote_field and _is_hard(field) and _target(field) not in shop_migrations.tenant_labels():
            yield Error(f"{name}: hard reference to {_target(field)}.", _HINT, id="tenancy.E002")
    if isinstance(operation, migrations.AddField) and operation.model_name_lower not in made:
        field = operation.field
        if not field.null and not field.many_to_many:
            yield Warning(
                f"{name}: {operation.model_name}.{operation.name} is added as NOT NULL.",
                "Expand and contract: add it nullable, write it, fill it, then tighten it.",
                id="tenancy.W001",
            )


def _flat(operations: Iterable[Any]) -> Iterator[Any]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _fields(operation: Any) -> list[Any]:
    if isinstance(operation, migrations.CreateModel):
        return [field for _, field in operation.fields]
    return [operation.field] if hasattr(operation, "field") else []


def _is_hard(field: Any) -> bool:
    return field.remote_field.db_constraint if field.many_to_many else getattr(field, "db_constraint", False)


def _target(field: Any) -> str:
    model = field.remote_field.model
    if isinstance(model, type) and issubclass(model, models.Model):
        return model._meta.app_label
    # A string: "app.Model", or "Model" of the same app, which is then a tenant app.
    return str(model).partition(".")[0].lower() if "." in str(model) else shop_migrations.tenant_labels()[0]
