"""docs/modules.toml tells the truth: every page it names answers, every test it names exists."""

from __future__ import annotations

import ast
import tomllib
from importlib import import_module
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests import factories
from tests.house import sources

MODULES: list[dict[str, Any]] = tomllib.loads((sources.ROOT / "docs/modules.toml").read_text(encoding="utf-8"))[
    "module"
]
SYSTEMS = {"interaction": 3, "business": 7, "data": 2}
# They show a thing, and its name is no part of the address: the tests of their app open them.
SHOW_A_THING = {"supply:pick"}
HOSTS = {"platform": "localhost", "supply": "supply.localhost", "office": "office.localhost", "shop": "rose.localhost"}


def shown() -> list[str]:
    return sorted({page for module in MODULES for page in module.get("pages", [])})


def view_name(page: str) -> tuple[str, str]:
    """Give urlconf and view name: the namespace is the host's, unless another is said or there is none."""
    host, name = page.split(":", 1)
    urlconf = f"s2b2c.urls.{host}"
    if ":" not in name and name in get_resolver(urlconf).reverse_dict:
        return urlconf, name
    return urlconf, name if ":" in name else f"{host}:{name}"


def names(patterns: list[Any], namespace: str = "") -> set[str]:
    """Give all view names of a list of patterns."""
    found: set[str] = set()
    for each in patterns:
        if isinstance(each, URLResolver):
            found |= names(each.url_patterns, ":".join(filter(None, [namespace, each.namespace])))
        elif isinstance(each, URLPattern) and each.name:
            found.add(f"{namespace}:{each.name}" if namespace else each.name)
    return found


def test_there_are_forty_five_in_twelve_systems_of_three_layers() -> None:
    assert [module["number"] for module in MODULES] == list(range(1, 46))
    by_layer = {layer: {m["system"] for m in MODULES if m["layer"] == layer} for layer in SYSTEMS}
    assert {layer: len(systems) for layer, systems in by_layer.items()} == SYSTEMS
    assert sum(map(len, by_layer.values())) == 12


@pytest.mark.parametrize("module", MODULES, ids=lambda module: f"{module['number']}-{module['status']}")
def test_module_says_honestly_how_far_it_is(module: dict[str, Any]) -> None:
    built, proved = module["status"] in ("built", "part"), bool(module.get("pages")) and bool(module.get("tests"))
    assert module["status"] in ("built", "part", "planned")
    assert built == proved, "what is built has pages and tests, what is planned has neither"
    assert bool(module["missing"]) == (module["status"] != "built")
    assert "\n" not in module["what"] + module["missing"]
    assert module["what"].endswith(".")


@pytest.mark.parametrize("page", shown())
def test_page_exists(page: str) -> None:
    urlconf, name = view_name(page)
    assert name in names(import_module(urlconf).urlpatterns)


@pytest.mark.django_db
def test_pages_answer(settings: Any) -> None:
    """Those without arguments, opened by who may open everything there."""
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    rose = factories.reseller("rose")
    people = {"supply": factories.staff("admin"), "office": factories.member(rose, "owner")}
    wrong = {}
    for page in shown():
        urlconf, name = view_name(page)
        host = page.split(":")[0]
        client = Client(HTTP_HOST=HOSTS[host])
        if host in people:
            client.force_login(people[host])
        try:
            path = reverse(name, urlconf, kwargs={"shop": "rose"} if host == "office" and "open" not in name else None)
        except NoReverseMatch:
            continue  # needs a thing to show: the tests of its app open it
        # what takes only a POST says so, what needs a bag or a customer leads there
        answer = client.get(path).status_code
        if answer not in (200, 302, 303, 405) and page not in SHOW_A_THING:
            wrong[page] = answer
    assert wrong == {}


@pytest.mark.parametrize("test", sorted({test for module in MODULES for test in module.get("tests", [])}))
def test_proof_exists(test: str) -> None:
    file, _, function = test.partition("::")
    path = sources.ROOT / file
    assert path.is_file()
    assert function in {node.name for node in sources.tree(path).body if isinstance(node, ast.FunctionDef)}
