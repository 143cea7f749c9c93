"""Announcements: those a shop has, those it has not read, and whom one concerns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from enablement.models import Announcement, AnnouncementRead
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.models import Reseller

Audience = Announcement.Audience
_NEW = timedelta(days=Announcement.NEW_DAYS)
_SERVED = (Reseller.Status.OPEN, Reseller.Status.SUSPENDED)


def of_shop(reseller: Reseller) -> QuerySet[Any]:
    """Give a shop's announcements, the newest first, with ``read_at``; None: not read. One query."""
    concerns = Q(audience=Audience.ALL) | Q(Exists(_chosen(OuterRef("pk"), reseller.pk)), audience=Audience.CHOSEN)
    if reseller.opened_at:
        concerns |= Q(audience=Audience.NEW, published_at__lte=reseller.opened_at + _NEW)
    mine = AnnouncementRead.objects.filter(announcement=OuterRef("pk"), reseller=reseller)
    rows = Announcement.objects.filter(concerns, withdrawn_at=None).annotate(
        read_at=Subquery(mine.values("read_at")[:1])
    )
    return rows.order_by("-published_at", "-id")


def _chosen(announcement: Any, reseller_id: int) -> QuerySet[Any]:
    return Announcement.chosen.through.objects.filter(announcement_id=announcement, reseller_id=reseller_id)


def unread(reseller: Reseller, limit: int = 5) -> list[Any]:
    """Give what a shop has not read, what it must read first. One query."""
    return list(
        of_shop(reseller).filter(read_at=None).order_by("-must_read", F("due_on").asc(nulls_last=True), "-id")[:limit]
    )


def one_of_shop(reseller: Reseller, announcement_id: int) -> Any:
    """Give an announcement a shop has.

    :raises NotFound: none, not for this shop, or taken back.
    """
    found = of_shop(reseller).filter(id=announcement_id).first()
    if found is None:
        raise NotFound()
    return found


def concerned(announcement: Announcement) -> QuerySet[Any]:
    """Give the shops an announcement is for, with ``read_at`` and ``reader`` of each."""
    rows = Reseller.objects.filter(status__in=_SERVED)
    if announcement.audience == Audience.NEW:
        rows = rows.filter(opened_at__gte=announcement.published_at - _NEW)
    elif announcement.audience == Audience.CHOSEN:
        rows = rows.filter(id__in=announcement.chosen.values("id"))
    read = AnnouncementRead.objects.filter(announcement=announcement, reseller=OuterRef("pk"))
    return rows.annotate(
        read_at=Subquery(read.values("read_at")[:1]),
        reader=Coalesce(Subquery(read.values("reader__name")[:1]), Value("")),
    )


def listed() -> QuerySet[Any]:
    """Give all announcements, with how many ``shops`` each is for and how many of those ``have_read`` it."""
    served = Reseller.objects.filter(status__in=_SERVED)
    new = served.filter(opened_at__gte=OuterRef("published_at") - _NEW)
    chosen = Announcement.chosen.through.objects.filter(announcement_id=OuterRef("pk"), reseller__status__in=_SERVED)
    read = AnnouncementRead.objects.filter(announcement=OuterRef("pk"), reseller__status__in=_SERVED)
    return Announcement.objects.annotate(
        shops=Case(
            When(audience=Audience.NEW, then=_count(new)),
            When(audience=Audience.CHOSEN, then=_count(chosen)),
            default=_count(served),
        ),
        have_read=_count(read),
    ).annotate(left=F("shops") - F("have_read"))


def _count(rows: QuerySet[Any]) -> Any:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted), 0)


def find(announcement_id: int) -> Any:
    """Give an announcement with its numbers.

    :raises NotFound: there is none.
    """
    found = listed().filter(id=announcement_id).first()
    if found is None:
        raise NotFound()
    return found
