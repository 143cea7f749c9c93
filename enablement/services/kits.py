"""Kits at S: composed, published to the shops, mended, withdrawn from all of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from enablement.models import Kit, KitProduct, KitUse
from enablement.selectors import kits
from s2b2c.kernel import clock, ids, texts
from s2b2c.kernel.errors import Refused, StateRefused
from supplier.models import Product
from supplier.services import campaigns, media, published, records

State = Kit.State
MOST_PRODUCTS = 24
LIMITS = {"title": 80, "lead": 200, "story": 6_000, "post": 500}
WORDS = tuple(f"{name}_{tongue}" for name in LIMITS for tongue in ("en", "zh"))


def words(given: Mapping[str, Any]) -> dict[str, str]:
    """Give the words of a kit as they are kept.

    :raises Refused: one is too long.
    """
    return {
        name: records.text(given[name], name, LIMITS[name.rpartition("_")[0]])
        for name in WORDS
        if given.get(name) is not None
    }


@transaction.atomic
def draft(*, facts: Mapping[str, Any], upload: IO[bytes] | None = None, actor_id: int | None) -> Kit:
    """Begin a kit. ``facts``: words, scene, offer and days, as ``Kit`` names them.

    :raises Refused: it has no title, a text is too long, or the days are the wrong way round.
    """
    made = Kit(created_at=clock.now(), slug=ids.token()[:12])
    _write(made, facts, upload)
    records.audit(actor_id, "kit.drafted", str(made))
    return made


@transaction.atomic
def change(*, kit_id: int, facts: Mapping[str, Any], upload: IO[bytes] | None = None, actor_id: int | None) -> Kit:
    """Change a draft, or mend the words and the picture of a published kit: every shop shows them with its next page.

    :raises StateRefused: it was withdrawn.
    :raises Refused: as ``draft``.
    """
    kit = kits.locked(kit_id)
    if kit.state == State.WITHDRAWN:
        raise StateRefused()
    open_to_change = (
        facts if kit.state == State.DRAFT else {name: facts[name] for name in facts if name in (*WORDS, "scene")}
    )
    _write(kit, open_to_change, upload)
    if kit.state == State.PUBLISHED:
        published.touch()
    records.audit(actor_id, "kit.changed", str(kit))
    return kit


def _write(kit: Kit, facts: Mapping[str, Any], upload: IO[bytes] | None) -> None:
    records.assign(kit, {**facts, **words(facts)})
    if not kit.title_en and not kit.title_zh:
        raise Refused("title", _("Give it a title in at least one language."), field="title_en")
    if kit.starts_on and kit.ends_on and kit.ends_on < kit.starts_on:
        raise Refused("ends", _("It must end after it begins."), field="ends_on")
    if not 0 <= kit.early_days <= 60:
        raise Refused("early", _("At most 60 days."), field="early_days")
    if not 0 <= kit.value_bps <= 9_000 or not 0 <= kit.share_bps <= 10_000:
        raise Refused("value", _("At most 90 per cent."), field="percent")
    if upload is not None:
        kit.picture = media.store_photos([upload], folder="kits")[0]
    kit.save()


@transaction.atomic
def put(*, kit_id: int, product_id: int) -> KitProduct:
    """Put a product last into a draft; one that is in it stays in its place.

    :raises StateRefused: the kit is no draft.
    :raises Refused: S doesn't sell the product, or there are enough.
    """
    kit = _draft(kit_id)
    if not Product.objects.filter(id=product_id, status=Product.Status.ACTIVE).exists():
        raise Refused("product", _("Choose a product that is sold."), field="product")
    if kit.products.count() >= MOST_PRODUCTS:
        raise Refused("too_many", _("A kit has at most %(most)s products."), most=MOST_PRODUCTS)
    last = kit.products.aggregate(last=Max("position"))["last"]
    place = 0 if last is None else last + 1
    made, _new = KitProduct.objects.get_or_create(kit=kit, product_id=product_id, defaults={"position": place})
    return made


@transaction.atomic
def take_out(*, kit_id: int, product_id: int) -> None:
    """Take a product out of a draft.

    :raises StateRefused: the kit is no draft.
    """
    _draft(kit_id).products.filter(product_id=product_id).delete()


def _draft(kit_id: int) -> Kit:
    kit = kits.locked(kit_id)
    if kit.state != State.DRAFT:
        raise StateRefused("published", _("Its products stay as shops took it on."))
    return kit


@transaction.atomic
def publish(*, kit_id: int, actor_id: int | None) -> Kit:
    """Offer a kit to the shops. From now on products, offer and days stay.

    :raises StateRefused: it is no draft.
    :raises Refused: it has no products or no story; its offer would fall below a product's floor; its days are over.
    """
    kit = _draft(kit_id)
    _check(kit)
    kit.slug = _slug(kit)
    kit.campaign = _campaign(kit, actor_id) if kit.value_bps else None
    kit.state, kit.published_at = State.PUBLISHED, clock.now()
    kit.save()
    records.audit(actor_id, "kit.published", str(kit), value_bps=kit.value_bps, share_bps=kit.share_bps)
    return kit


def _check(kit: Kit) -> None:
    if not kit.products.exists():
        raise Refused("products", _("Choose its products first."))
    if not texts.local(kit, "lead") or not texts.local(kit, "story"):
        raise Refused("words", _("Write a line and a story: customers read them in every shop."))
    if kit.ends_on and kit.ends_on < clock.now().date():
        raise Refused("ends", _("Its last day is past."))
    low = kits.below_floor(kit)
    if low:
        names = ", ".join(texts.local(each.product, "name") for each in low[:3])
        raise Refused(
            "band", _("With this discount the suggested price would fall below the band: %(names)s."), names=names
        )


def _slug(kit: Kit) -> str:
    name = slugify(kit.title_en)[:48] or "story"
    return name if not Kit.objects.filter(slug=name).exists() else f"{name}-{kit.pk}"


def _campaign(kit: Kit, actor_id: int | None) -> Any:
    return campaigns.offer(
        name_en=kit.title_en or kit.title_zh,
        name_zh=kit.title_zh,
        value_bps=kit.value_bps,
        share_bps=kit.share_bps,
        products=list(kit.products.values_list("product_id", flat=True)),
        starts_at=midnight(kit.starts_on),
        ends_at=midnight(kit.ends_on, after=1),
        actor_id=actor_id,
    )


def midnight(day: date | None, *, after: int = 0) -> datetime | None:
    """Give when a day begins, or the day so many after it."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=after), time.min)) if day else None


@transaction.atomic
def withdraw(*, kit_id: int, why: str, actor_id: int | None) -> int:
    """Take a kit out of every shop at once: banner, story and offer. Give in how many it was; the list stays.

    :raises StateRefused: it isn't published.
    :raises Refused: no reason is given.
    """
    kit = kits.locked(kit_id)
    if kit.state != State.PUBLISHED:
        raise StateRefused()
    kit.why_withdrawn = records.text(why, "why", 200, required=True)
    kit.state, kit.withdrawn_at = State.WITHDRAWN, clock.now()
    kit.save()
    if kit.campaign_id:
        campaigns.end(campaign_id=kit.campaign_id, actor_id=actor_id)
    uses = KitUse.objects.filter(kit=kit, ended_at=None)
    count = uses.update(ended_at=kit.withdrawn_at, ended_by=KitUse.EndedBy.SUPPLIER)
    published.touch()
    records.audit(actor_id, "kit.withdrawn", str(kit), shops=count, why=kit.why_withdrawn)
    return count
