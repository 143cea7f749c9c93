"""What a list offers its reader to do with rows."""

from __future__ import annotations

from typing import Any

from s2b2c.accounts import places
from s2b2c.jobs import services
from s2b2c.jobs.bulk import Bulk
from s2b2c.ui import table


def actions(request: Any, *bulks: Bulk) -> list[table.Action]:
    """Give the actions this reader's role allows, as a list's form has them."""
    address = places.url(request, "bulk")
    return [
        table.Action(each.label, address, each.icon, each.confirm, name=each.code)
        for each in bulks
        if services.may(each, request.membership)
    ]
