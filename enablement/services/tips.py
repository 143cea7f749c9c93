"""Note what a shop did with a tip."""

from __future__ import annotations

from django.db import transaction

from enablement.models import TipAnswer
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.models import Reseller

CODES = ("share", "sold_out", "kit", "quiet", "words", "course")


@transaction.atomic
def answer(*, reseller: Reseller, code: str, subject: str, taken: bool) -> TipAnswer:
    """Note that a shop followed a tip, or put it away; the last answer counts.

    :raises NotFound: there is no tip of this kind.
    """
    if code not in CODES or len(subject) > 40:
        raise NotFound()
    made, _new = TipAnswer.objects.update_or_create(
        reseller=reseller,
        code=code,
        subject=subject,
        defaults={
            "answer": TipAnswer.Answer.TAKEN if taken else TipAnswer.Answer.DISMISSED, "at": clock.now(),
        },
    )  # fmt: skip
    return made
