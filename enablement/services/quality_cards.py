"""What every shop shows of a product's quality: written into the product's own row, so that its page asks for nothing more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count, Sum
from django.db.models.functions import Abs

from enablement.models import Inspection, LotOrigin, Review, SalesSum
from enablement.selectors import trace
from s2b2c.kernel import clock
from supplier.models import Product, ReturnLine
from supplier.services import published

ENOUGH = 100  # pieces sold in a year, below which a rate says nothing
REVIEWS = 6  # shown with the product
_YEAR = timedelta(days=365)


def refresh(product_id: int) -> None:
    """Write a product's card anew, if it says something else. Call inside a transaction."""
    card = _card(product_id)
    if Product.objects.filter(pk=product_id).exclude(quality=card).update(quality=card):
        published.touch()


def refresh_all() -> int:
    """Write the cards of all products with an inspection, a review or a defect; give how many. May run twice."""
    ids = set(Inspection.objects.filter(state="accepted").values_list("variant__product_id", flat=True).distinct())
    ids |= set(Review.objects.filter(state="shown").values_list("product_id", flat=True).distinct())
    ids |= set(Product.objects.exclude(quality={}).values_list("id", flat=True))
    for product_id in sorted(ids):
        with transaction.atomic():
            refresh(product_id)
    return len(ids)


def _card(product_id: int) -> dict[str, Any]:
    return {**_inspected(product_id), **_returned(product_id), **_reviewed(product_id)}


def _inspected(product_id: int) -> dict[str, Any]:
    """The last lot that was accepted, how many pieces were looked at in a year, and where it was made."""
    since = clock.now() - _YEAR
    rows = Inspection.objects.filter(variant__product=product_id, state="accepted", decided_at__gte=since)
    last = rows.order_by("-decided_at", "-id").first()
    if last is None or last.decided_at is None:
        return {}
    sums = rows.aggregate(lots=Count("id"), pieces=Sum("sample_major"))
    card = {"on": last.decided_at.date().isoformat(), "lots": sums["lots"], "pieces": sums["pieces"]}
    origin = LotOrigin.objects.filter(lot=last.lot_id).select_related("vendor__vetting").order_by("-id").first()
    vetting = getattr(origin.vendor, "vetting", None) if origin else None
    if vetting and vetting.published and trace.made_in(origin):
        card |= {"origin_en": vetting.origin_en, "origin_zh": vetting.origin_zh}
    return card


def _returned(product_id: int) -> dict[str, Any]:
    """How many of a thousand came back for a defect, once enough were sold."""
    first = (clock.now() - _YEAR).date()
    sums = SalesSum.objects.filter(grain="product", thing_id=product_id, day__gte=first)
    sold = sums.aggregate(left=Sum("pieces"), back=Sum(Abs("back_pieces")))
    pieces = (sold["left"] or 0) + (sold["back"] or 0)
    if pieces < ENOUGH:
        return {}
    bad = ReturnLine.objects.filter(
        variant__product=product_id, return_order__reason="defect", return_order__opened_at__date__gte=first
    )
    return {"back": round((bad.aggregate(n=Sum("quantity"))["n"] or 0) * 1_000 / pieces), "sold": pieces}


def _reviewed(product_id: int) -> dict[str, Any]:
    rows = Review.objects.filter(product=product_id, state="shown")
    sums = rows.aggregate(n=Count("id"), mean=Avg("stars"))
    if not sums["n"]:
        return {}
    last = rows.exclude(text="").order_by("-id")[:REVIEWS]
    said = [
        {"stars": each.stars, "text": each.text, "by": each.name, "on": each.created_at.date().isoformat(), "in": each.language}
        for each in last
    ]  # fmt: skip
    return {"reviews": sums["n"], "stars": round(float(sums["mean"]) * 10), "said": said}
