"""Announcements: published to shops, read by them, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import Announcement, AnnouncementRead
from enablement.selectors import notices
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.tenancy.models import Reseller
from supplier.services import records

Audience = Announcement.Audience


@transaction.atomic
def publish(
    *,
    title_en: str = "",
    title_zh: str = "",
    text_en: str = "",
    text_zh: str = "",
    audience: str = Audience.ALL,
    slugs: Sequence[str] = (),
    must_read: bool = False,
    due_on: date | None = None,
    actor_id: int | None,
) -> Announcement:
    """Tell shops something, from now on. A language left empty shows the other one's words.

    :raises Refused: no title or no text in any language; a day that is past; no shop of these names.
    """
    words = {
        "title_en": records.text(title_en, "title_en", 120), "title_zh": records.text(title_zh, "title_zh", 120),
        "text_en": records.text(text_en, "text_en", 8_000), "text_zh": records.text(text_zh, "text_zh", 8_000),
    }  # fmt: skip
    for name in ("title", "text"):
        if not words[f"{name}_en"] and not words[f"{name}_zh"]:
            raise Refused("required", _("Write it in at least one language."), field=f"{name}_en")
    if due_on is not None and (not must_read or due_on < clock.now().date()):
        raise Refused("due_on", _("Only what must be read has a last day, and it is still to come."), field="due_on")
    chosen = _chosen(slugs) if audience == Audience.CHOSEN else []
    made = Announcement.objects.create(
        **words, audience=audience, must_read=must_read, due_on=due_on, published_at=clock.now()
    )
    made.chosen.set(chosen)
    records.audit(actor_id, "announcement.published", str(made), must_read=must_read, audience=audience)
    return made


def _chosen(slugs: Sequence[str]) -> list[Reseller]:
    wanted = {each.strip().lower() for each in slugs if each.strip()}
    found = list(Reseller.objects.filter(slug__in=wanted))
    missing = wanted - {each.slug for each in found}
    if missing or not found:
        text = _("No shop is called %(names)s.") if missing else _("Name at least one shop.")
        raise Refused("shops", text, field="shops", names=", ".join(sorted(missing)))
    return found


@transaction.atomic
def withdraw(*, announcement_id: int, actor_id: int | None) -> Announcement:
    """Take an announcement back: shops see it no longer. Who had read it stays known.

    :raises NotFound: there is none.
    """
    found = Announcement.objects.select_for_update().filter(id=announcement_id).first()
    if found is None:
        raise NotFound()
    if found.withdrawn_at is None:
        found.withdrawn_at = clock.now()
        found.save(update_fields=["withdrawn_at"])
        records.audit(actor_id, "announcement.withdrawn", str(found))
    return found


@transaction.atomic
def read(*, reseller: Reseller, announcement_id: int, reader_id: int | None) -> AnnouncementRead:
    """Note that a shop has read an announcement; a second time it stays as it was.

    :raises NotFound: there is none for this shop.
    """
    notices.one_of_shop(reseller, announcement_id)
    made, _new = AnnouncementRead.objects.get_or_create(
        announcement_id=announcement_id,
        reseller=reseller,
        defaults={"reader_id": reader_id, "read_at": clock.now()},
    )
    return made
