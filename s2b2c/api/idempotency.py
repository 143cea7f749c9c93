"""``Idempotency-Key``: a write that is repeated is answered, not repeated.

The answer is stored in the transaction of the effect: either both are there or neither. The same key with
another request is 409 ``idempotency_mismatch``; while the first is under way, 409 ``idempotency_in_progress``.
Refusals are not stored: nothing has happened, so the same key may be tried again. Answers are kept two days.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from s2b2c.api.models import ApiKey, IdempotentAnswer
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT = timedelta(days=2)

PARAMETER = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="16 to 255 random characters, new for each write: a repeated request is answered, not repeated.",
)


def idempotent(method: Callable[..., Response]) -> Callable[..., Response]:
    """Decorate a method of an API view whose whole effect is in the database.

    One that also speaks to the outside (a payment provider) calls ``once`` around the database part instead.
    """

    @extend_schema(parameters=[PARAMETER])
    @wraps(method)
    def guarded(self: Any, request: Any, *args: Any, **kwargs: Any) -> Response:
        return once(request, lambda: method(self, request, *args, **kwargs))

    return guarded


def once(request: Any, effect: Callable[[], Response]) -> Response:
    """Run ``effect`` in a transaction and give its answer, or the answer it gave before for the same key.

    Without the header it just runs, in a transaction.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        with transaction.atomic():
            return effect()
    if not 16 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
        raise Refused("idempotency_key", _("An Idempotency-Key has 16 to 255 plain characters."), field=HEADER)
    scope, fingerprint = _scope(request), _fingerprint(request)
    with transaction.atomic():
        _claim(scope, key)
        before = IdempotentAnswer.objects.filter(scope=scope, key=key).first()
        if before is not None:
            return _replayed(before, fingerprint)
        response = effect()
        if response.status_code < 400:
            _store(scope, key, fingerprint, response)
        else:
            transaction.set_rollback(True)
        return response


def forget_old() -> int:
    """Delete answers nobody will ask for again and give their number."""
    with transaction.atomic():
        return IdempotentAnswer.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]


def _claim(scope: str, key: str) -> None:
    """Hold the key until the end of the transaction, or refuse: somebody else does."""
    digest = hashlib.sha256(f"{scope}\n{key}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])
        if not cursor.fetchone()[0]:
            raise Refused(
                "idempotency_in_progress", _("The first request with this key is still under way."), status=409
            )


def _scope(request: Any) -> str:
    """Give place, caller and address; two callers never meet in one scope."""
    place = f"r{request.reseller.pk}" if request.reseller else "supply"
    caller = f"k{request.auth.pk}" if isinstance(request.auth, ApiKey) else "anyone"
    address = hashlib.sha256(f"{request.method} {request.get_full_path()}".encode()).hexdigest()[:16]
    return f"{place}:{caller}:{address}"


def _fingerprint(request: Any) -> str:
    content = json.dumps(request.data, sort_keys=True, default=str).encode()
    return hashlib.sha256(content).hexdigest()


def _replayed(before: IdempotentAnswer, fingerprint: str) -> Response:
    if before.request_hash != fingerprint:
        raise Refused("idempotency_mismatch", _("This Idempotency-Key was used for another request."), status=409)
    return Response(before.body, status=before.status, headers={REPLAYED: "true"})


def _store(scope: str, key: str, fingerprint: str, response: Response) -> None:
    plain = None if response.data is None else json.loads(JSONRenderer().render(response.data))
    IdempotentAnswer.objects.create(
        scope=scope, key=key, request_hash=fingerprint, status=response.status_code, body=plain
    )
