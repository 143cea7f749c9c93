"""Make promotions, take on S's campaigns, and end them. What an order was given stays with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reseller.models import Customer, Promotion, Shop
from reseller.selectors import promotions
from reseller.services import listing as listings
from s2b2c.kernel import clock, texts
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Campaign

Kind = Promotion.Kind
MOST = 50


def make(
    *,
    name: str,
    kind: str,
    value: int = 0,
    code: str = "",
    products: Sequence[int] = (),
    categories: Sequence[int] = (),
    least_minor: int = 0,
    uses_most: int | None = None,
    segment: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Promotion:
    """Start a promotion b pays for. ``value``: basis points, or minor units. ``segment``: for its customers alone.

    :raises Refused: ``name``, ``value``, ``code`` (in use by one that runs; none, for a segment), ``segment``, ``ends``,
        ``too_many``.
    """
    name, code = " ".join(name.split()), promotions.normal(code)
    if not 1 <= len(name) <= 80:
        raise Refused("name", _("Give it a name of up to 80 characters: your customers see it."), field="name")
    if kind not in Kind.values or value < 0 or (kind != Kind.DELIVERY and not value):
        raise Refused("value", _("Say how much is taken off."), field="value")
    if kind == Kind.PERCENT and value > 9_000:
        raise Refused("value", _("At most 90 per cent."), field="value")
    if segment and segment not in Customer.Segment.values:
        raise Refused("segment", _("Choose one of the segments."), field="segment")
    if segment and not code:
        raise Refused(
            "code", _("Give it a code to send to these customers: it is asked for at the checkout."), field="code"
        )
    start = starts_at or clock.now()
    if ends_at is not None and ends_at <= start:
        raise Refused("ends", _("It must end after it begins."), field="ends")
    return _start(
        Promotion(
            name=name,
            kind=kind,
            value=value,
            code=code,
            products=sorted(set(products)),
            categories=sorted(set(categories)),
            least_minor=least_minor,
            uses_most=uses_most or None,
            segment=segment or None,
            starts_at=start,
            ends_at=ends_at,
        )
    )


@transaction.atomic
def take_on(
    *, campaign_id: int, starts_at: datetime | None = None, ends_at: datetime | None = None, name: str = ""
) -> Promotion:
    """Take on a campaign of S, which bears its share of what c saves; within its days, if others are given.

    :raises NotFound: there is none, or it is over.
    :raises StateRefused: it was taken on before.
    """
    found = Campaign.objects.filter(Q(ends_at=None) | Q(ends_at__gt=clock.now()), id=campaign_id).first()
    if found is None:
        raise NotFound()
    over = Q(ends_at__lte=clock.now()) if found.products else Q(pk=None)  # a kit may come back
    if Promotion.objects.filter(campaign_id=campaign_id).exclude(over).exists():
        raise StateRefused("campaign_taken", _("Your shop has this campaign already."))
    return _start(
        Promotion(
            name=name or texts.local(found, "name"),
            kind=Kind.PERCENT,
            value=found.value_bps,
            share_bps=found.share_bps,
            campaign_id=found.pk,
            categories=found.categories,
            products=found.products,
            starts_at=max(found.starts_at, starts_at or found.starts_at, clock.now()),
            ends_at=min((each for each in (found.ends_at, ends_at) if each), default=None),
        )
    )


@transaction.atomic
def _start(made: Promotion) -> Promotion:
    Shop.objects.select_for_update().get(id=1)
    running = promotions.listed().filter(Q(ends_at=None) | Q(ends_at__gt=clock.now()))
    if running.count() >= MOST:
        raise Refused("too_many", _("At most %(most)s promotions at a time. End one first."), most=MOST)
    if made.code and running.filter(code=made.code).exists():
        raise Refused("code", _("Another promotion has this code."), field="code")
    made.save()
    recount()
    return made


@transaction.atomic
def end(*, promotion_id: int) -> Promotion:
    """End a promotion now; ended twice, it stays as it was.

    :raises NotFound: there is none.
    """
    found = Promotion.objects.select_for_update().filter(id=promotion_id).first()
    if found is None:
        raise NotFound()
    now = clock.now()
    if found.ends_at is None or found.ends_at > now:
        found.ends_at = now
        found.save(update_fields=["ends_at"])
        recount()
    return found


def recount() -> None:
    """Note whether a promotion is left, and raise the version of the shop. Call inside a transaction."""
    left = Promotion.objects.filter(Q(ends_at=None) | Q(ends_at__gt=clock.now())).exists()
    Shop.objects.filter(id=1).update(promoting=left)
    listings.touch()


def use(promotion_ids: Iterable[int]) -> bool:
    """Count one use of promotions that have a limit; give whether each had one left. Call inside a transaction."""
    wanted = sorted(set(promotion_ids))
    rows = Promotion.objects.filter(id__in=wanted, uses__lt=F("uses_most"))
    return not wanted or rows.update(uses=F("uses") + 1) == len(wanted)


def use_again(promotion_ids: Iterable[int]) -> bool:
    """Count the use of an order that expired and was paid after all; give whether each still had one left.

    A promotion that is gone, or has no limit any more, refuses nobody. Call inside a transaction.
    """
    rows = Promotion.objects.select_for_update().filter(id__in=set(promotion_ids), uses_most__isnull=False)
    return use(rows.order_by("id").values_list("id", flat=True))


def give_back(promotion_ids: Iterable[int]) -> None:
    """Count one use less: the order was never paid. Call inside a transaction."""
    wanted = sorted(set(promotion_ids))
    if wanted:
        Promotion.objects.filter(id__in=wanted, uses__gt=0).update(uses=F("uses") - 1)
