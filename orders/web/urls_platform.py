"""What the outside world tells us on the platform's own host."""

from __future__ import annotations

from typing import Any

from django.urls import path

from orders.web import webhooks

urlpatterns: list[Any] = [path("webhooks/stripe/", webhooks.stripe, name="webhook_stripe")]
