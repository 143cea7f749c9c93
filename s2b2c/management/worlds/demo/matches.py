"""What the demo's buyers like to have together."""

from __future__ import annotations

from reseller.models import Offer

# Bought beside what it names, now and then.
TOGETHER = {
    "HL-MUG": "HL-SRV", "HL-BWL": "HL-CRF", "HL-FLK": "HL-EMP", "HL-LTN": "HL-TPR", "HL-CAN": "HL-CRT", "HL-STL": "HL-FLR",
    "HL-KTL": "HL-TEA",
}  # fmt: skip
OFTEN = 0.45


def beside(variants: list[int]) -> dict[int, int]:
    """Give by variant the variant that is often bought with it, among those of a shop. Call inside a transaction."""
    code_of = dict(Offer.objects.filter(variant_id__in=variants).values_list("variant_id", "listing__product__code"))
    first: dict[str, int] = {}
    for variant in variants:
        first.setdefault(code_of.get(variant, ""), variant)
    found = {}
    for variant, code in code_of.items():
        if (other := first.get(TOGETHER.get(code, "-"))) is not None:
            found[variant] = other
    return found
