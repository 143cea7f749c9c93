"""Products of a category or of a search: filtered, counted by facet, sorted, paged by key.

One product meets all filters with *one* variant: "oat" and "12 oz" finds what exists in oat at 12 oz. The count
beside a facet's value is what choosing it would show: the other facets' filters hold, its own does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from s2b2c.kernel import texts
from storefront.memo import Memo
from storefront.selectors import cards, sql
from storefront.selectors.shell import Shell

PAGE = 24
PICKED, NEWEST, CHEAP, DEAR, BEST = "picked", "new", "price", "-price", "best"
MOST_VALUES = 14  # of a facet


@dataclass(frozen=True, slots=True)
class Filters:
    """What c asked for. ``chosen``: values by facet, ``o.<option>``, ``a.<attribute>`` or ``type``."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    low_minor: int | None = None
    high_minor: int | None = None
    in_stock: bool = False

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(sorted(self.chosen.items())), self.low_minor, self.high_minor, self.in_stock

    def __bool__(self) -> bool:
        return bool(self.chosen or self.low_minor is not None or self.high_minor is not None or self.in_stock)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: a condition on ``p`` and ``l`` with its parameters. ``rank`` orders by likeness, if given."""

    key: tuple[Any, ...]
    where: str
    params: Mapping[str, Any]
    path: str = ""
    rank: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet, in both languages; ``tint`` where it is a colour."""

    code: str
    en: str
    zh: str
    tint: str
    count: int
    chosen: bool

    @property
    def label(self) -> str:
        return cards.local(self.en, self.zh, texts.suffix() == "zh")


@dataclass(frozen=True, slots=True)
class Facet:
    """A choice c has; ``code`` is its name in the address."""

    code: str
    en: str
    zh: str
    values: tuple[Value, ...]

    @property
    def label(self) -> str:
        return cards.local(self.en, self.zh, texts.suffix() == "zh")


@dataclass(frozen=True, slots=True)
class Counts:
    """``total`` products meet all filters. Prices span what the other filters leave; ``in_stock`` as with a facet."""

    total: int
    low_minor: int
    high_minor: int
    in_stock: int
    facets: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """One page of products. ``after``: the key of the next page, or ""."""

    cards: list[cards.Card]
    counts: Counts
    after: str


_counts: Memo[Counts] = Memo(size=4_000)
_ids: Memo[tuple[list[int], str]] = Memo(size=4_000)


def category(path: str) -> Scope:
    """Give the scope of a category and all below it."""
    return Scope(
        key=("c", path),
        where="EXISTS (SELECT 1 FROM public.supplier_category c WHERE c.id = p.category_id AND c.path LIKE %(path)s)",
        params={"path": path + "%"},
        path=path,
    )


def read(shell: Shell, scope: Scope, filters: Filters, *, sort: str = PICKED, after: str = "") -> Result:
    """Give one page. Three statements at most; two of them only after S or b changed something."""
    key = (*shell.key, scope.key, filters.key)
    if filters.in_stock:  # stock moves without a version
        counts, page = _count(shell, scope, filters), _page(shell, scope, filters, sort, after)
    else:
        counts = _counts.get(key, lambda: _count(shell, scope, filters))
        page = _ids.get((*key, sort, after), lambda: _page(shell, scope, filters, sort, after))
    ids, following = page
    return Result(cards.of(shell, ids), counts, following)


# --- The one set of rows all is counted from ---------------------------------------------------------
_ROWS = """
    WITH rows AS MATERIALIZED (
        SELECT p.id AS product_id, l.featured, l.position AS place, l.listed_at, {pays} AS pays, {free} > 0 AS there,
               v.options, p.options AS labels, p.attributes, p.category_id, {rank} AS rank, {misses} AS misses
        FROM {on_sale}
        WHERE {where}
    )
"""


def _rows(shell: Shell, scope: Scope, filters: Filters) -> tuple[str, dict[str, Any]]:
    """Give the ``WITH`` and its parameters; ``misses`` lists the facets a variant fails."""
    params: dict[str, Any] = {"currency": shell.shop.currency, **scope.params}
    misses = []
    for number, (code, values) in enumerate(sorted(filters.chosen.items())):
        params[f"code{number}"], params[f"values{number}"] = code, list(values)
        misses.append(f"CASE WHEN {_meets(code, number, params)} THEN NULL ELSE %(code{number})s END")
    for name, sign in (("low", "<"), ("high", ">")):
        bound = getattr(filters, f"{name}_minor")
        if bound is not None:
            params[name] = bound
            misses.append(f"CASE WHEN {sql.PAYS} {sign} %({name})s THEN 'price' END")
    if filters.in_stock:
        misses.append(f"CASE WHEN {sql.FREE} <= 0 THEN 'stock' END")
    listed = f"array_remove(ARRAY[{', '.join(misses)}]::text[], NULL)" if misses else "'{}'::text[]"
    text = _ROWS.format(
        pays=sql.PAYS, free=sql.FREE, on_sale=sql.ON_SALE, where=scope.where, rank=scope.rank or "0", misses=listed
    )
    return text, params


def _meets(code: str, number: int, params: dict[str, Any]) -> str:
    kind, _, name = code.partition(".")
    params[f"name{number}"] = name
    if kind == "o":
        return f"COALESCE(v.options->>%(name{number})s = ANY(%(values{number})s), false)"
    if kind == "a":
        return f"COALESCE(p.attributes->%(name{number})s->>'value_en' = ANY(%(values{number})s), false)"
    return (
        "EXISTS (SELECT 1 FROM public.supplier_category c JOIN public.supplier_category t ON c.path LIKE t.path || '%%' "
        f"WHERE c.id = p.category_id AND t.slug = ANY(%(values{number})s))"
    )


# misses ⊆ {the facet's own code}: nothing else stands against the row
_ALONE = "(misses = '{{}}' OR (cardinality(misses) = 1 AND misses[1] = {code}))"
_COUNT = f"""
    , facets AS (
        SELECT 'o.' || e.key AS code, e.value AS value, labels->e.key AS label, labels->e.key->'values'->e.value AS text,
               product_id
        FROM rows, jsonb_each_text(options) e WHERE {_ALONE.format(code="'o.' || e.key")}
        UNION ALL
        SELECT 'a.' || e.key, e.value->>'value_en', e.value, e.value, product_id
        FROM rows, jsonb_each(attributes) e WHERE {_ALONE.format(code="'a.' || e.key")}
        UNION ALL
        SELECT 'type', t.slug, NULL, jsonb_build_object('en', t.name_en, 'zh', t.name_zh), product_id
        FROM rows JOIN public.supplier_category c ON c.id = category_id
             JOIN public.supplier_category t ON length(t.path) = length(%(type_path)s) + 4
                  AND left(c.path, length(t.path)) = t.path AND t.path LIKE %(type_path)s || '%%'
        WHERE {_ALONE.format(code="'type'")}
    )
    SELECT code, value, min(label::text), min(text::text), count(DISTINCT product_id), NULL::bigint, NULL::bigint
    FROM facets GROUP BY code, value
    UNION ALL
    SELECT '', 'total', NULL, NULL, count(DISTINCT product_id), NULL, NULL FROM rows WHERE misses = '{{}}'
    UNION ALL
    SELECT '', 'stock', NULL, NULL, count(DISTINCT product_id), NULL, NULL
    FROM rows WHERE there AND {_ALONE.format(code="'stock'")}
    UNION ALL
    SELECT '', 'price', NULL, NULL, 0, min(pays), max(pays) FROM rows
    WHERE misses = '{{}}' OR misses <@ ARRAY['price']
"""


def _count(shell: Shell, scope: Scope, filters: Filters) -> Counts:
    rows, params = _rows(shell, scope, filters)
    found = sql.rows(rows + _COUNT, {**params, "type_path": scope.path})
    plain = {value: (count, low, high) for code, value, _, _, count, low, high in found if not code}
    named = [row[:5] for row in found if row[0] and row[1]]
    _, low, high = plain.get("price", (0, 0, 0))
    return Counts(plain["total"][0], low or 0, high or 0, plain["stock"][0], _facets(named, filters))


def _facets(rows: list[tuple[Any, ...]], filters: Filters) -> tuple[Facet, ...]:
    """Group values under their facets: categories first, then what variants differ by, then attributes."""
    grouped: dict[str, list[tuple[Any, ...]]] = {}
    for row in sorted(rows, key=lambda row: ("tpoa".index(row[0][0]), row[0], -row[4], row[1])):
        grouped.setdefault(row[0], []).append(row)
    made = (_facet(code, values, filters.chosen.get(code, ())) for code, values in grouped.items())
    return tuple(facet for facet in made if len(facet.values) > 1 or any(value.chosen for value in facet.values))


def _facet(code: str, rows: list[tuple[Any, ...]], chosen: tuple[str, ...]) -> Facet:
    label = sql.parsed(next((row[2] for row in rows if row[2]), None)) or {}
    values = tuple(_value(row, chosen) for row in rows)
    kept = tuple(value for index, value in enumerate(values) if index < MOST_VALUES or value.chosen)
    name = code.partition(".")[2].replace("_", " ").capitalize()
    return Facet(code, label.get("en") or name, label.get("zh") or "", kept)


def _value(row: tuple[Any, ...], chosen: tuple[str, ...]) -> Value:
    code, value, _, text, count = row
    names = sql.parsed(text) or {}
    if code.startswith("a."):
        names = {"en": names.get("value_en"), "zh": names.get("value_zh")}
    return Value(
        value, names.get("en") or value, names.get("zh") or "", names.get("tint") or "", count, value in chosen
    )


# --- Pages -------------------------------------------------------------------------------------------
# name → (columns of the key with their type, ascending?)
_SORTS: dict[str, tuple[tuple[str, str, bool], ...]] = {
    PICKED: (("(NOT featured)::int", "int", True), ("min(place)", "int", True), ("product_id", "bigint", False)),
    NEWEST: (("extract(epoch FROM listed_at)", "numeric", False), ("product_id", "bigint", False)),
    CHEAP: (("min(pays)", "bigint", True), ("product_id", "bigint", True)),
    DEAR: (("min(pays)", "bigint", False), ("product_id", "bigint", False)),
    BEST: (("max(rank)", "numeric", False), ("product_id", "bigint", False)),
}
SORTS = tuple(_SORTS)


def _page(shell: Shell, scope: Scope, filters: Filters, sort: str, after: str) -> tuple[list[int], str]:
    columns = _SORTS[sort]
    rows, params = _rows(shell, scope, filters)
    having = ""
    mark = _mark(after, columns)
    if mark is not None:
        having = f"HAVING {_beyond(columns, mark, params)}"
    keys = ", ".join(f"({expression})::{kind} AS k{n}" for n, (expression, kind, _) in enumerate(columns))
    order = ", ".join(f"k{n} {'ASC' if up else 'DESC'}" for n, (_, _, up) in enumerate(columns))
    found = sql.rows(
        f"{rows} SELECT product_id, {keys} FROM rows WHERE misses = '{{}}' "
        f"GROUP BY product_id, featured, listed_at {having} ORDER BY {order} LIMIT {PAGE + 1}",
        params,
    )
    more = len(found) > PAGE
    following = "_".join(str(key) for key in found[PAGE - 1][1:]) if more else ""
    return [row[0] for row in found[:PAGE]], following


def _mark(after: str, columns: tuple[tuple[str, str, bool], ...]) -> list[str] | None:
    """Read the key of the last product shown; one that was tampered with starts from the beginning."""
    parts = after.split("_")
    fit = len(parts) == len(columns) and all(_number(part) for part in parts)
    return parts if fit else None


def _number(part: str) -> bool:
    return (
        len(part) <= 18
        and part.lstrip("-").replace(".", "", 1).isascii()
        and part.lstrip("-").replace(".", "", 1).isdigit()
    )


def _beyond(columns: tuple[tuple[str, str, bool], ...], mark: list[str], params: dict[str, Any]) -> str:
    """Give the condition for rows that come after a key: greater in the first column that differs."""
    alternatives = []
    for depth, (expression, kind, up) in enumerate(columns):
        params[f"mark{depth}"] = mark[depth]
        same = [f"({e})::{k} = %(mark{n})s::numeric::{k}" for n, (e, k, _) in enumerate(columns[:depth])]
        step = f"({expression})::{kind} {'>' if up else '<'} %(mark{depth})s::numeric::{kind}"
        alternatives.append("(" + " AND ".join([*same, step]) + ")")
    return "(" + " OR ".join(alternatives) + ")"
