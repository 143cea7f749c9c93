"""Finding products by words, forgiving typing errors; Chinese by plain containment.

Every word must occur in S's search text or in the shop's own title. Only where that finds nothing is likeness
(trigram word similarity) asked: it is slower, and noise beside exact finds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storefront.selectors import browse, cards, sql
from storefront.selectors.shell import Shell

LONGEST = 60
ALIKE = 0.45
_OWN = "lower(l.title_en || ' ' || l.title_zh)"


@dataclass(frozen=True, slots=True)
class Found:
    """``close``: nothing has these words; the result is what is spelled alike."""

    result: browse.Result
    close: bool


def cleaned(query: str) -> str:
    """Give a query in small letters, without control characters, at most ``LONGEST`` long."""
    plain = "".join(
        sign if unicodedata.category(sign)[0] != "C" else " " for sign in unicodedata.normalize("NFC", query)
    )
    return " ".join(plain.lower().split())[:LONGEST].strip()


def read(shell: Shell, query: str, filters: browse.Filters, *, sort: str = browse.BEST, after: str = "") -> Found:
    """Give one page of what a query finds. ``query`` comes from :func:`cleaned` and is not empty."""
    exact = browse.read(shell, _containing(query), filters, sort=sort, after=after)
    if exact.counts.total or filters or after:
        return Found(exact, close=False)
    alike = browse.read(shell, _alike(query), filters, sort=sort, after=after)
    return Found(alike, close=bool(alike.counts.total))


def suggest(shell: Shell, query: str, *, most: int = 6) -> list[cards.Card]:
    """Give the best few for as-you-type. Two statements, three where no word fits."""
    for scope in (_containing(query), _alike(query)):
        params: Mapping[str, Any] = {**scope.params, "currency": shell.shop.currency, "most": most}
        found = sql.rows(
            f"SELECT p.id, max({scope.rank}) FROM {sql.ON_SALE} WHERE {scope.where} "
            "GROUP BY p.id ORDER BY 2 DESC, p.id DESC LIMIT %(most)s",
            params,
        )
        if found:
            return cards.of(shell, [row[0] for row in found])
    return []


def _containing(query: str) -> browse.Scope:
    words = query.split()[:8]
    params: dict[str, Any] = {f"word{n}": f"%{_escaped(word)}%" for n, word in enumerate(words)}
    where = " AND ".join(f"(p.search_text LIKE %(word{n})s OR {_OWN} LIKE %(word{n})s)" for n in range(len(words)))
    named = f"lower(concat_ws(' ', p.name_en, p.name_zh)) || ' ' || {_OWN}"
    rank = f"round(CASE WHEN {named} LIKE %(word0)s THEN 1 ELSE 0 END + word_similarity(%(q)s, {named})::numeric, 4)"
    return browse.Scope(key=("q", query), where=where, params={**params, "q": query}, rank=rank)


def _alike(query: str) -> browse.Scope:
    alike = f"greatest(word_similarity(%(q)s, p.search_text), word_similarity(%(q)s, {_OWN}))"
    return browse.Scope(
        key=("~", query),
        where=f"{alike} >= {ALIKE}",
        params={"q": query},
        rank=f"round({alike}::numeric, 4)",
    )


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)
