"""Note what a shop did with a piece of advice."""

from __future__ import annotations

from django.db import transaction

from enablement.models import AdviceAnswer
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.models import Reseller

CODES = ("share", "sold_out", "kit", "quiet", "words", "course")


@transaction.atomic
def answer(*, reseller: Reseller, code: str, subject: str, taken: bool) -> AdviceAnswer:
    """Note that a shop followed a piece of advice, or put it away; the last answer counts.

    :raises NotFound: there is no advice of this kind.
    """
    if code not in CODES or len(subject) > 40:
        raise NotFound()
    made, _new = AdviceAnswer.objects.update_or_create(
        reseller=reseller,
        code=code,
        subject=subject,
        defaults={
            "answer": AdviceAnswer.Answer.TAKEN if taken else AdviceAnswer.Answer.DISMISSED, "at": clock.now(),
        },
    )  # fmt: skip
    return made
