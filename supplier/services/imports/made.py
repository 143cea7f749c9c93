"""The column of a file that says what is in a bundle: ``2 × MUG-1; TRAY-1``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from supplier.models import Variant
from supplier.selectors import bundles as selectors
from supplier.services import bundles
from supplier.services.imports.cells import Fault

Parts = dict[str, int]  # pieces by SKU
_SIGN = r"\s*[×*xX]\s*"
_PART = re.compile(rf"(?:(?P<before>[0-9]{{1,3}}){_SIGN})?(?P<sku>\S+?)(?:\s*[×*:]\s*(?P<after>[0-9]{{1,3}}))?")


def read(text: str) -> Parts | Fault:
    """Give pieces by SKU, or what is wrong with the cell."""
    found: Parts = {}
    for word in filter(None, (each.strip() for each in re.split(r"[;,，；+\n]", text))):
        match = _PART.fullmatch(word)
        if match is None or (match["before"] and match["after"]):
            return Fault("parts", "parts")
        found[match["sku"]] = found.get(match["sku"], 0) + int(match["before"] or match["after"] or 1)
    if not found or not all(1 <= pieces <= bundles.MOST_PIECES for pieces in found.values()):
        return Fault("parts", "parts")
    return found if len(found) <= bundles.MOST_PARTS else Fault("parts", "parts_many", {"most": bundles.MOST_PARTS})


class Made:
    """What the rows of a chunk say of bundles, beside what stands in the catalogue."""

    def __init__(self, variants: Iterable[Variant], cells: Iterable[str]) -> None:
        known = [variant.id for variant in variants if variant.id]
        named = [said for text in cells if text and not isinstance(said := read(text), Fault)]
        self._parts = {
            each.sku: each
            for each in Variant.objects.filter(sku__in={sku for said in named for sku in said}).select_related(
                "product"
            )
        }
        self._inside = selectors.parts(known)
        self._bundles = selectors.parts(each.id for each in self._parts.values()).keys()
        self._skus = {each.id: each.sku for each in Variant.objects.filter(id__in=self._of(self._inside))}

    @staticmethod
    def _of(inside: dict[int, dict[int, int]]) -> set[int]:
        return {id_ for parts in inside.values() for id_ in parts}

    def is_bundle(self, variant: Variant) -> bool:
        return variant.id in self._inside

    def inside(self, variant: Variant) -> Parts | None:
        """Give what is in a variant now, None where it is no bundle."""
        found = self._inside.get(variant.id)
        return None if found is None else {self._skus[id_]: pieces for id_, pieces in found.items()}

    def faults(self, sku: str, variant: Variant | None, said: Parts) -> list[Fault]:
        """Say why a variant cannot be made of this."""
        unknown = [each for each in said if each not in self._parts and each != sku]
        gone = [each for each in said if each in self._parts and _withdrawn(self._parts[each])]
        nested = [each for each in said if each in self._parts and self._parts[each].id in self._bundles]
        wrong = [
            Fault("parts", code, {"skus": ", ".join(skus[:5])})
            for code, skus in (("parts_unknown", unknown), ("parts_withdrawn", gone), ("parts_nested", nested))
            if skus
        ]
        if sku in said:
            wrong.append(Fault("parts", "parts_itself"))
        if variant is not None and self.inside(variant) != said:
            hindered = bundles.hindrance(variant.id)
            wrong += [Fault("parts", hindered.code)] if hindered is not None else []
        return wrong

    def put(self, variant: Variant, said: Parts, actor_id: int | None) -> None:
        """Write what is in a bundle. Call inside a transaction."""
        bundles.put(
            variant_id=variant.id,
            parts={self._parts[sku].id: pieces for sku, pieces in said.items()},
            actor_id=actor_id,
        )


def _withdrawn(variant: Variant) -> bool:
    return "withdrawn" in (variant.status, variant.product.status)


def take_back(variant: Variant, before: Parts | None, after: Parts, actor_id: int | None) -> bool:
    """Give a variant back what was in it before an import, if nothing has changed since; tell whether that was so."""
    now = selectors.parts([variant.id]).get(variant.id, {})
    skus = dict(Variant.objects.filter(id__in=list(now)).values_list("id", "sku"))
    if {skus[id_]: pieces for id_, pieces in now.items()} != after or bundles.hindrance(variant.id) is not None:
        return False
    if before is None:
        bundles.drop(variant_id=variant.id, actor_id=actor_id)
        return True
    ids: dict[str, int] = dict(Variant.objects.filter(sku__in=list(before)).values_list("sku", "id"))
    facts: dict[str, Any] = {"variant_id": variant.id, "parts": {ids[sku]: n for sku, n in before.items()}}
    bundles.put(**facts, actor_id=actor_id)
    return True
