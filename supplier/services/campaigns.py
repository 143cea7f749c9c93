"""Offer discounts to the shops and end them; S bears its share of what was sold meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import Campaign
from supplier.services import published, records


@transaction.atomic
def offer(
    *,
    name_en: str,
    value_bps: int,
    share_bps: int,
    actor_id: int | None,
    name_zh: str = "",
    categories: Sequence[int] = (),
    products: Sequence[int] = (),
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Campaign:
    """Offer a percentage off to every shop, from now on unless it starts later.

    :raises Refused: ``value``, ``share``, ``ends``.
    """
    if not 0 < value_bps <= 9_000:
        raise Refused("value", _("At most 90 per cent."), field="value")
    if not 0 <= share_bps <= 10_000:
        raise Refused("share", _("From 0 to 100 per cent."), field="share")
    now = clock.now()
    start = max(starts_at or now, now)
    if ends_at is not None and ends_at <= start:
        raise Refused("ends", _("It must end after it begins."), field="ends_at")
    made = Campaign.objects.create(
        name_en=name_en,
        name_zh=name_zh,
        value_bps=value_bps,
        share_bps=share_bps,
        categories=sorted(set(categories)),
        products=sorted(set(products)),
        starts_at=start,
        ends_at=ends_at,
    )
    records.audit(actor_id, "campaign.offered", str(made.pk), value_bps=value_bps, share_bps=share_bps)
    return made


@transaction.atomic
def end(*, campaign_id: int, actor_id: int | None) -> Campaign:
    """End a campaign: no shop takes it on any more, and it stops in those that have it.

    :raises NotFound: there is none.
    """
    found = Campaign.objects.select_for_update().filter(id=campaign_id).first()
    if found is None:
        raise NotFound()
    if found.ends_at is None or found.ends_at > clock.now():
        found.ends_at = clock.now()
        found.save(update_fields=["ends_at"])
        published.touch()
        records.audit(actor_id, "campaign.ended", str(found.pk))
    return found
