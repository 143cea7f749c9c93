"""Which shops use which tools of S, and what changed with them. No query for each shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from enablement.models import (
    Announcement,
    AnnouncementRead,
    CoursePassed,
    Kit,
    KitUse,
    ResellerTier,
    SalesSum,
    TipAnswer,
)
from enablement.selectors import shop_scores
from enablement.selectors.effects import FEWEST_SHOPS, LONGEST
from s2b2c.kernel import clock
from s2b2c.tenancy.models import Domain, Reseller

AWAY_DAYS, FOLLOWED_DAYS = 30, 7
Answer = TipAnswer.Answer


def answered(reseller: Reseller) -> set[tuple[str, str]]:
    """Give the tips not to show now: put away in the last month, or followed in the last week. One query."""
    now = clock.now()
    hidden = Q(answer=Answer.DISMISSED, at__gt=now - timedelta(days=AWAY_DAYS)) | Q(
        answer=Answer.TAKEN, at__gt=now - timedelta(days=FOLLOWED_DAYS)
    )
    return set(TipAnswer.objects.filter(hidden, reseller=reseller).values_list("code", "subject"))


def tips() -> list[dict[str, Any]]:
    """Give by kind of tip how often it was followed and put away, and in how many shops. One query."""
    rows = TipAnswer.objects.values("code").annotate(
        taken=Count("id", filter=Q(answer=Answer.TAKEN)),
        dismissed=Count("id", filter=Q(answer=Answer.DISMISSED)),
        shops=Count("reseller", distinct=True),
    )
    return [dict(row) for row in rows.order_by("-taken", "code")]


def shops() -> QuerySet[Any]:
    """Give the open shops with what each uses: ``kits``, ``courses``, ``unread``, ``own_address``, ``followed``, ``score``, sales.

    ``now_minor`` and ``then_minor`` are the sales of the last four weeks and of the four before, in the shop's currency.
    """
    return Reseller.objects.filter(status=Reseller.Status.OPEN).annotate(
        kits=_count(KitUse.objects.filter(reseller=OuterRef("pk"), ended_at=None)),
        courses=_count(CoursePassed.objects.filter(reseller=OuterRef("pk"))),
        partner=Exists(ResellerTier.objects.filter(reseller=OuterRef("pk"))),
        unread=_count(_unread_by(OuterRef("pk"))),
        own_address=Exists(
            Domain.objects.filter(tenant=OuterRef("pk"), verified_at__isnull=False).exclude(verification_token="")
        ),
        followed=_count(TipAnswer.objects.filter(reseller=OuterRef("pk"), answer=Answer.TAKEN)),
        score=shop_scores.column(),
        now_minor=_sales(0),
        then_minor=_sales(LONGEST),
    )


def _unread_by(reseller: Any) -> QuerySet[Announcement]:
    """Give what every shop must read and one has not."""
    read = AnnouncementRead.objects.filter(announcement=OuterRef("pk"), reseller=OuterRef(reseller))
    must = Announcement.objects.filter(must_read=True, audience=Announcement.Audience.ALL, withdrawn_at=None)
    return must.filter(~Exists(read))


def _count(rows: QuerySet[Any]) -> Any:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted), 0)


def _sales(days_ago: int) -> Any:
    last = clock.now().date() - timedelta(days=days_ago)
    rows = SalesSum.objects.filter(
        grain=SalesSum.Grain.RESELLER, thing_id=OuterRef("pk"), currency=OuterRef("currency"),
        day__gt=last - timedelta(days=LONGEST), day__lte=last,
    )  # fmt: skip
    summed = rows.order_by().values("thing_id").annotate(s=Sum("sales_minor")).values("s")
    return Coalesce(Subquery(summed), 0)


@dataclass(frozen=True, slots=True)
class Adoption:
    """How many of the open ``shops`` use each tool."""

    shops: int
    kits: int
    courses: int
    partners: int
    addresses: int
    read_all: int
    tipped: int


def adoption() -> Adoption:
    """Give how many shops use each tool. One query."""
    own = Domain.objects.filter(tenant=OuterRef("pk"), verified_at__isnull=False).exclude(verification_token="")
    flags = {
        "kits": Exists(KitUse.objects.filter(reseller=OuterRef("pk"), ended_at=None)),
        "courses": Exists(CoursePassed.objects.filter(reseller=OuterRef("pk"))),
        "partners": Exists(ResellerTier.objects.filter(reseller=OuterRef("pk"))),
        "addresses": Exists(own),
        "read_all": ~Exists(_unread_by(OuterRef("pk"))),
        "tipped": Exists(TipAnswer.objects.filter(reseller=OuterRef("pk"), answer=Answer.TAKEN)),
    }
    rows = Reseller.objects.filter(status=Reseller.Status.OPEN).annotate(
        **{f"x_{name}": each for name, each in flags.items()}
    )
    found = rows.aggregate(shops=Count("pk"), **{name: Count("pk", filter=Q(**{f"x_{name}": True})) for name in flags})
    return Adoption(**found)


@dataclass(frozen=True, slots=True)
class Changed:
    """What the shops with a kit sold of its products in as many days before as since they took it on; minor units.

    ``others``: what the shops that never had it sold in the four weeks before and since it was published, if at least
    five sold any.
    """

    kit: Kit
    shops: int
    before_minor: int
    since_minor: int
    others: tuple[int, int] | None

    @property
    def change(self) -> int | None:
        return percent(self.before_minor, self.since_minor)

    @property
    def others_change(self) -> int | None:
        return percent(*self.others) if self.others else None


def percent(before: int, since: int) -> int | None:
    """Give by how many percent something changed; None where there is nothing to compare with."""
    return round((since - before) * 100 / before) if before > 0 else None


_CHANGED = """
    WITH use AS (
        SELECT u.kit_id, u.reseller_id, u.adopted_at::date AS first,
               LEAST(%(longest)s, COALESCE(u.ended_at, %(now)s)::date - u.adopted_at::date) AS days
        FROM enablement_kituse u WHERE u.adopted_at > %(now)s - interval '1 year'
    )
    SELECT use.kit_id, count(DISTINCT use.reseller_id), COALESCE(sum(f.sales_minor) FILTER (WHERE f.day < use.first), 0),
           COALESCE(sum(f.sales_minor) FILTER (WHERE f.day >= use.first), 0)
    FROM use JOIN enablement_kitproduct p ON p.kit_id = use.kit_id
    LEFT JOIN enablement_salesfact f ON f.reseller_id = use.reseller_id AND f.product_id = p.product_id
        AND f.currency = %(currency)s AND f.day >= use.first - use.days AND f.day < use.first + use.days
        AND f.day > (%(now)s - interval '15 months')::date
    WHERE use.days > 0 GROUP BY use.kit_id ORDER BY use.kit_id DESC LIMIT 12
"""
_OTHERS = """
    SELECT k.id, count(DISTINCT f.reseller_id), COALESCE(sum(f.sales_minor) FILTER (WHERE f.day < k.published_at::date), 0),
           COALESCE(sum(f.sales_minor) FILTER (WHERE f.day >= k.published_at::date), 0)
    FROM enablement_kit k JOIN enablement_kitproduct p ON p.kit_id = k.id
    JOIN enablement_salesfact f ON f.product_id = p.product_id AND f.currency = %(currency)s
        AND f.day >= k.published_at::date - LEAST(%(longest)s, %(now)s::date - k.published_at::date)
        AND f.day < k.published_at::date + LEAST(%(longest)s, %(now)s::date - k.published_at::date)
    WHERE k.id = ANY(%(kits)s)
        AND NOT EXISTS (SELECT 1 FROM enablement_kituse u WHERE u.kit_id = k.id AND u.reseller_id = f.reseller_id)
    GROUP BY k.id
"""


def changed(currency: str) -> list[Changed]:
    """Give what changed with each of the latest kits that shops have had for a day or more. Three queries."""
    given: dict[str, Any] = {"longest": LONGEST, "now": clock.now(), "currency": currency}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, given)
        rows = cursor.fetchall()
        cursor.execute(_OTHERS, {**given, "kits": [row[0] for row in rows]})
        beside = {row[0]: (int(row[2]), int(row[3])) for row in cursor.fetchall() if row[1] >= FEWEST_SHOPS}
    kits = Kit.objects.in_bulk([row[0] for row in rows])
    return [Changed(kits[row[0]], row[1], int(row[2]), int(row[3]), beside.get(row[0])) for row in rows]


def last_sold_on(reseller_id: int) -> date | None:
    """Give the last day a shop sold something; None: it never did."""
    rows = SalesSum.objects.filter(grain=SalesSum.Grain.RESELLER, thing_id=reseller_id, orders__gt=F("refunds"))
    return rows.order_by("-day").values_list("day", flat=True).first()
