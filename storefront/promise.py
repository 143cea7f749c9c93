"""When a parcel leaves: the standard of service S keeps for every shop."""

from __future__ import annotations

import datetime as dt

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format

from s2b2c.kernel import clock

WORKING_DAYS = 1


def leaves_on(now: dt.datetime | None = None) -> dt.date:
    """Give the day an order of this moment leaves the warehouse at the latest."""
    day = (now or clock.now()).date()
    left = WORKING_DAYS
    while left:
        day += dt.timedelta(days=1)
        left -= day.weekday() < 5
    return day


def day(date: dt.date) -> str:
    """Write a day as people say it: Tuesday, November 24."""
    return f"{WEEKDAYS[date.weekday()]}{', ' if _latin() else '，'}{date_format(date, 'MONTH_DAY_FORMAT')}"


def _latin() -> bool:
    from django.utils.translation import get_language

    return not (get_language() or "en").startswith("zh")
