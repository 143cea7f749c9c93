"""When a parcel leaves: the standard of service S keeps for every shop."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format

from s2b2c.kernel import clock, texts
from storefront.words import gettext as _

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
    """Write a day as people say it: Tuesday, November 24; 11月24日（周二）."""
    return _said(date, texts.suffix())


@lru_cache(maxsize=1_000)
def _said(date: dt.date, tongue: str) -> str:
    name, number = str(WEEKDAYS[date.weekday()]), date_format(date, "MONTH_DAY_FORMAT")
    return f"{number}（周{name[-1]}）" if tongue == "zh" else f"{name}, {number}"


def slot(date: dt.date, part: int) -> str:
    """Write a day and the hours of a part of it: Thursday, December 3, 8 to 12."""
    hours = {0: _("8 to 12"), 1: _("12 to 17"), 2: _("17 to 20")}[part]
    return _("%(day)s, %(hours)s") % {"day": day(date), "hours": hours}


def short(date: dt.date) -> str:
    """Write a weekday as narrow as people read it: Tue, 周二."""
    return f"周{str(WEEKDAYS[date.weekday()])[-1]}" if texts.suffix() == "zh" else date_format(date, "D")
