"""The customer who is signed in, if any: the session holds an id of this shop, and is bound to this shop."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from reseller.models import Customer

KEY = "customer"


def customer(request: HttpRequest) -> Customer | None:
    """Give who is signed in here. No statement for who has no session."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    number = request.session.get(KEY)
    return Customer.objects.filter(id=number, erased_at=None).first() if number else None
