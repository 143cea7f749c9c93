"""What a shop's pages do when they hear of something. The dispatcher has entered the shop's schema."""

from __future__ import annotations

from typing import cast

from s2b2c.kernel import events
from storefront.services import signing_in


def send_code(event: events.Event) -> None:
    """Make a sign-in code and send it to the customer who asked."""
    signing_in.send(cast(events.CodeRequested, event))
