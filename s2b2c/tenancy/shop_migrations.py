"""The tenant apps' migrations as plain SQL, and the version a shop's schema has.

A version names the last migration of each tenant app: ``"orders.0003 reseller.0002"``. Inside a tenant app
migrations are numbered in one line (a system check holds it), so this says exactly what has been applied.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from s2b2c.tenancy import catalog
from s2b2c.tenancy.backend.schema import SchemaEditor
from s2b2c.tenancy.context import database

NO_MIGRATION = "0000"


@dataclass(frozen=True)
class Step:
    """One migration: the statements it sends, without any schema's name in them."""

    app: str
    number: str
    statements: tuple[str, ...]


@dataclass(frozen=True)
class Recording:
    """What the migrations send one after the other, and the shortest statements that give the same schema."""

    steps: tuple[Step, ...]
    folded: tuple[str, ...]
    described: tuple[str, ...]


def tenant_labels() -> list[str]:
    """Give the labels of the tenant apps, sorted."""
    full = set(settings.TENANT_APPS)
    return sorted(
        config.label
        for config in apps.get_app_configs()
        if config.name in full or f"{type(config).__module__}.{type(config).__name__}" in full
    )


def files() -> dict[str, list[Path]]:
    """Give each tenant app's migration files, in order."""
    return {
        label: sorted(
            path for folder in import_module(package(label)).__path__ for path in Path(folder).glob("[0-9]*.py")
        )
        for label in tenant_labels()
    }


def package(label: str) -> str:
    """Give the dotted name of an app's migrations."""
    name, _ = MigrationLoader.migrations_module(label)
    return name or f"{apps.get_app_config(label).name}.migrations"


def number(name: str) -> str:
    """Give the number a migration's name begins with."""
    return name.partition("_")[0]


def target_version() -> str:
    """Give the version of a shop that has every migration; reads file names only (house rule: Scale 4)."""
    last = {label: number(paths[-1].stem) if paths else NO_MIGRATION for label, paths in files().items()}
    return " ".join(f"{label}.{last[label]}" for label in sorted(last))


def digest() -> str:
    """Give a fingerprint of the migration files' text."""
    seen = hashlib.sha256()
    for label, paths in files().items():
        for path in paths:
            seen.update(f"{label} {path.stem}\n".encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return seen.hexdigest()[:32]


def pending(steps: tuple[Step, ...], from_version: str) -> list[Step]:
    """Give the steps a shop of some version still lacks, in order."""
    applied = dict(part.split(".") for part in from_version.split())
    return [step for step in steps if step.number > applied.get(step.app, NO_MIGRATION)]


def record() -> Recording:
    """Run every tenant migration for real in a scratch schema, note what it sends, and roll all of it back."""
    loader = MigrationLoader(None)
    with _scratch_schema() as schema:
        steps, state = _replay(loader)
        described = catalog.describe(schema)
    with _scratch_schema() as schema:
        folded = _fold(state)
        if catalog.describe(schema) != described:  # RunSQL, for one, leaves nothing in the models
            folded = tuple(statement for step in steps for statement in step.statements)
    return Recording(tuple(steps), folded, described)


class _NotingEditor(SchemaEditor):
    """Runs statements and keeps them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.noted: list[str] = []

    def execute(self, sql: Any, params: Any = ()) -> None:
        text = str(sql) if params is None else self.connection.ops.compose_sql(str(sql), params)
        self.noted.append(text.rstrip().rstrip(";"))
        super().execute(text, None)


@contextmanager
def _scratch_schema() -> Iterator[str]:
    schema = f"shop_scratch{secrets.token_hex(4)}"
    before = database().tenant
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA "{schema}"')
        database().set_schema(schema)
        try:
            yield schema
        finally:
            database().set_tenant(before)
            transaction.set_rollback(True)


def _replay(loader: MigrationLoader) -> tuple[list[Step], ProjectState]:
    steps, state, tenant = [], ProjectState(), set(tenant_labels())
    for label, name in _plan(loader):
        migration = loader.graph.nodes[label, name]
        if label not in tenant:
            state = migration.mutate_state(state, preserve=False)
            continue
        with _NotingEditor(connection) as editor:
            state = migration.apply(state, editor)
        steps.append(Step(label, number(name), tuple(editor.noted)))
    return steps, state


def _plan(loader: MigrationLoader) -> list[tuple[str, str]]:
    tenant = set(tenant_labels())
    plan: dict[tuple[str, str], None] = {}
    for leaf in sorted(loader.graph.leaf_nodes()):
        if leaf[0] in tenant:
            plan.update(dict.fromkeys(loader.graph.forwards_plan(leaf)))
    return list(plan)


def _fold(state: ProjectState) -> tuple[str, ...]:
    tenant = set(tenant_labels())
    models = [model for model in state.apps.get_models() if model._meta.app_label in tenant]
    with _NotingEditor(connection) as editor:
        for model in sorted(models, key=lambda model: model._meta.db_table):
            if model._meta.can_migrate(connection) and not model._meta.auto_created:
                editor.create_model(model)
    return tuple(editor.noted)
