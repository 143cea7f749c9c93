"""Kits: what S has composed, what a shop has on, what its customers see, and where a kit was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    Prefetch,
    Q,
    QuerySet,
    Value,
)

from enablement.models import Kit, KitProduct, KitUse, ResellerTier
from s2b2c.kernel import clock, texts
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.models import Reseller
from supplier.models import Product, Variant

State = Kit.State


def locked(kit_id: int) -> Kit:
    """Give a kit, locked. Call inside a transaction.

    :raises NotFound: there is none.
    """
    found = Kit.objects.select_for_update().filter(id=kit_id).first()
    if found is None:
        raise NotFound()
    return found


def listed() -> QuerySet[Any]:
    """Give all kits, with how many ``shops`` have each on now and how many ever had (``ever``)."""
    return Kit.objects.annotate(
        goods=Count("products", distinct=True),
        shops=Count("uses", filter=Q(uses__ended_at=None), distinct=True),
        ever=Count("uses__reseller", distinct=True),
    )


def find(kit_id: int) -> Any:
    """Give a kit with its numbers.

    :raises NotFound: there is none.
    """
    found = listed().filter(id=kit_id).first()
    if found is None:
        raise NotFound()
    return found


def goods(kit: Kit) -> list[KitProduct]:
    """Give a kit's products in order, with their pictures. Two queries."""
    media = Prefetch("product__media")
    return list(kit.products.select_related("product__category").prefetch_related(media).order_by("position", "id"))


def finds(text: str, kit: Kit, limit: int = 8) -> list[Product]:
    """Give products S sells that fit some words and are not in a kit yet."""
    rows = Product.objects.filter(status=Product.Status.ACTIVE).exclude(id__in=kit.products.values("product_id"))
    for word in text.lower().split()[:6]:
        rows = rows.filter(search_text__icontains=word)
    return list(rows.prefetch_related("media").order_by("-id")[:limit])


def below_floor(kit: Kit) -> list[Variant]:
    """Give the variants whose suggested price less the kit's offer would lie below the floor of the band."""
    rows = Variant.objects.filter(product__in=kit.products.values("product_id"), status=Variant.Status.ACTIVE)
    return [
        each
        for each in rows.select_related("product").order_by("product_id", "position", "id")
        if each.suggested_minor * (10_000 - kit.value_bps) < each.floor_minor * 10_000
    ]


def prices(product_ids: list[int]) -> dict[int, Any]:
    """Give currency, least suggested price and floor by product. One query."""
    rows = Variant.objects.filter(product__in=product_ids, status=Variant.Status.ACTIVE).values(
        "product_id", "currency"
    )
    return {
        row["product_id"]: row
        for row in rows.annotate(suggested=Min("suggested_minor"), floor=Min("floor_minor")).order_by()
    }


# --- A shop --------------------------------------------------------------------------------------------
def offered(reseller: Reseller) -> list[Kit]:
    """Give the kits a shop may take on, those that end soonest first."""
    mine = KitUse.objects.filter(reseller=reseller, ended_at=None)
    rows = open_kits(reseller.pk).filter(_in_days()).exclude(id__in=mine.values("kit_id"))
    return list(rows.annotate(goods=Count("products")).order_by("ends_on", "-published_at", "-id"))


def open_kits(reseller_id: int) -> QuerySet[Kit]:
    """Give the published kits a shop may take on by now: partner shops may some days before the others."""
    early = Exists(ResellerTier.objects.filter(reseller_id=reseller_id))
    opened = F("published_at") + F("early_days") * Value(timedelta(days=1), DurationField())
    waited = ExpressionWrapper(opened, DateTimeField())
    return Kit.objects.annotate(early=early, opens_at=waited).filter(
        Q(early=True) | Q(opens_at__lte=clock.now()), state=State.PUBLISHED
    )


def _in_days() -> Q:
    return Q(ends_on=None) | Q(ends_on__gte=clock.now().date())


def in_shop(reseller: Reseller) -> list[KitUse]:
    """Give the kits a shop has on, the latest first."""
    return list(KitUse.objects.filter(reseller=reseller, ended_at=None).select_related("kit").order_by("-adopted_at"))


def use_of(reseller: Reseller, kit_id: int) -> KitUse | None:
    """Give a shop's present use of a kit; None: it hasn't taken it on."""
    return KitUse.objects.filter(reseller=reseller, kit_id=kit_id, ended_at=None).select_related("kit").first()


def open_to(reseller: Reseller, kit_id: int) -> Kit:
    """Give a kit a shop may look at: published, or in use there.

    :raises NotFound: there is none.
    """
    having = KitUse.objects.filter(reseller=reseller, ended_at=None, kit_id=kit_id, kit__state=State.PUBLISHED)
    found = (
        open_kits(reseller.pk).filter(id=kit_id).first() or Kit.objects.filter(id__in=having.values("kit_id")).first()
    )
    if found is None:
        raise NotFound()
    return found


def taken_away(reseller: Reseller, since: Any) -> list[KitUse]:
    """Give a shop's uses that S ended since a moment, by withdrawing the kit."""
    rows = KitUse.objects.filter(reseller=reseller, ended_by=KitUse.EndedBy.SUPPLIER, ended_at__gte=since)
    return list(rows.select_related("kit").order_by("-ended_at"))


def where(kit: Kit) -> QuerySet[KitUse]:
    """Give every shop a kit is or was in."""
    return KitUse.objects.filter(kit=kit).select_related("reseller")


# --- What customers see --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Shown:
    """A kit as a shop's customers see it: the shop's words over S's. ``first``, ``last``: its days, None: open.

    ``off_bps``: its offer, where the shop has found that it runs.
    """

    slug: str
    use: KitUse
    kit: Kit
    product_ids: tuple[int, ...]
    first: date | None
    last: date | None
    off_bps: int = 0

    @property
    def is_on(self) -> bool:
        today = clock.now().date()
        return (self.first is None or self.first <= today) and (self.last is None or today <= self.last)

    def words(self, name: str) -> str:
        """Give title, lead or story in the reader's language: the shop's, else S's."""
        return words(self.use, name)

    @property
    def picture(self) -> str:
        return picture(self.use)

    @property
    def has_picture(self) -> bool:
        return bool(self.use.picture or self.kit.picture)


def words(use: KitUse, name: str) -> str:
    """Give a text of a kit as a shop says it: its own in the reader's language, else S's, else its own in another."""
    own = getattr(use, f"{name}_{texts.suffix()}")
    return own or texts.local(use.kit, name) or texts.local(use, name)


def picture(thing: Kit | KitUse) -> str:
    """Give the address of a kit's picture: the shop's, else S's, else the drawn scene."""
    kit = thing.kit if isinstance(thing, KitUse) else thing
    file = thing.picture or kit.picture
    return f"{settings.MEDIA_URL}{file}" if file else f"{settings.STATIC_URL}scenes/{kit.scene}.svg"


def shown(reseller_id: int) -> list[Shown]:
    """Give what a shop's kits show, the latest first, whether their days have come or not. Two queries, one if none."""
    rows = KitUse.objects.filter(reseller_id=reseller_id, ended_at=None, kit__state=State.PUBLISHED)
    uses = list(
        rows.select_related("kit")
        .prefetch_related(Prefetch("kit__products", KitProduct.objects.order_by("position", "id")))
        .order_by("-adopted_at", "-id")
    )
    return [
        Shown(
            slug=use.kit.slug,
            use=use,
            kit=use.kit,
            product_ids=tuple(each.product_id for each in use.kit.products.all()),
            first=max((day for day in (use.kit.starts_on, use.shown_from) if day), default=None),
            last=min((day for day in (use.kit.ends_on, use.shown_to) if day), default=None),
        )
        for use in uses
    ]
