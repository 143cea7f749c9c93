"""What c is about to buy."""

from __future__ import annotations

import uuid

from django.db import models


class Cart(models.Model):
    """Known by its unguessable ``token`` in a cookie.

    ``lines``: ``[{"variant": id, "quantity": n, "seen_minor": price last shown}]`` in the order added, with
    ``"services": [{"option": id, "seen_minor": …}]`` where some are to be booked with it.
    ``code``: what c typed for a discount, if anything.
    ``order_token``: the order this cart became, if any: a second submit finds it there.
    ``ordered``: whether an order was ever made of it, None where nobody noted it; False saves looking for one.
    """

    token = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lines = models.JSONField(default=list)
    code = models.CharField(max_length=20, null=True)
    order_token = models.CharField(max_length=26, blank=True)
    ordered = models.BooleanField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.token)[:6]
