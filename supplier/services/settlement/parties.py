"""Who stands on the papers, with address and tax number: S in its settings, a reseller in its account."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import User
from s2b2c.accounts.services import audit
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy.models import Reseller
from supplier.models import PaperParty
from supplier.services.records import text

_LONGEST = {"name": 120, "street": 160, "postcode": 20, "city": 80, "region": 80, "country": 2, "tax_number": 40}
_NEEDED = ("name", "street", "city", "country")
# Every country has signs of its own (EIN, VAT identification number, the Chinese 统一社会信用代码 …).
_TAX_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z ./-]{3,38}[0-9A-Z]")


@transaction.atomic
def describe(*, reseller: Reseller | None, actor: User, **details: str) -> PaperParty:
    """Write who a reseller is, or S (None), on papers from now on; those that were released stay as they are.

    :raises Refused: a name, street, city or country is missing; the tax number is none.
    """
    found = {
        name: text(details.get(name, ""), name, longest, required=name in _NEEDED)
        for name, longest in _LONGEST.items()
    }
    found["country"], found["tax_number"] = found["country"].upper(), found["tax_number"].upper()
    if found["tax_number"] and not _TAX_NUMBER.fullmatch(found["tax_number"]):
        raise Refused("tax_number", _("This is no valid tax number."), field="tax_number")
    row, _made = PaperParty.objects.update_or_create(
        reseller=reseller, defaults={**found, "changed_at": clock.now(), "changed_by": actor}
    )
    audit.record(
        actor=actor, action="papers.party", subject=reseller.slug if reseller else found["name"],
        detail={"name": found["name"], "tax_number": found["tax_number"]}, reseller=reseller,
    )  # fmt: skip
    return row
