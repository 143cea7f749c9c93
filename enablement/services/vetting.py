"""Whether S buys from a vendor: papers shown, approved or refused by somebody for quality, and what is said of its origin."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import IO

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enablement.models import PaperFile, Vendor, VendorPaper, Vetting
from enablement.models.vetting import MOST_BYTES
from enablement.services import quality_cards
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from supplier.services import media, records

State = Vetting.State


def require_approved(vendor: Vendor) -> None:
    """Check that one may order from a vendor. :raises Refused: nobody approved it."""
    if not Vetting.objects.filter(vendor=vendor, state=State.APPROVED).exists():
        text = _("%(vendor)s is not approved yet: somebody for quality looks at its papers first.")
        raise Refused("not_vetted", text, field="vendor", vendor=vendor.name)


def read_paper(upload: IO[bytes]) -> PaperFile:
    """Give the file of a paper, not saved yet: a PDF stays as it is, a picture is made anew. Outside a transaction.

    :raises Refused: neither a PDF nor a picture one can read, or more than ``MOST_BYTES``.
    """
    content = upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        raise Refused("too_large", _("A paper has at most %(most)s MB."), field="file", most=most)
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2_048:]:
            raise Refused("broken_paper", _("This PDF is not complete; save it again."), field="file")
        return PaperFile(type=PaperFile.Type.PDF, size=len(content), content=content)
    try:
        picture = media.rewritten(BytesIO(content))
    except Refused as refusal:
        if refusal.code == "not_a_picture":
            raise Refused("not_a_paper", _("Choose a PDF, or a JPEG, PNG or WebP picture."), field="file") from None
        raise
    return PaperFile(type=PaperFile.Type.PICTURE, size=len(picture), content=picture)


@transaction.atomic
def add_paper(
    *,
    vendor_id: int,
    kind: str,
    name: str,
    valid_until: date | None,
    actor_id: int | None,
    file: PaperFile | None = None,
) -> VendorPaper:
    """Write down a paper a vendor showed, with its ``file`` (see ``read_paper``) where there is one.

    :raises Refused: it has no name, or is of no known kind.
    """
    if kind not in VendorPaper.Kind.values:
        raise Refused("kind", _("Say what kind of paper it is."), field="kind")
    vendor = _vendor(vendor_id)
    named = records.text(name, "name", 120, required=True)
    made = VendorPaper.objects.create(
        vendor=vendor, kind=kind, name=named, valid_until=valid_until, actor_id=actor_id, at=clock.now()
    )
    if file is not None:
        file.paper = made
        file.save(force_insert=True)
    records.audit(actor_id, "vendor.paper", vendor.name, paper=named, file=file is not None)
    return made


@transaction.atomic
def decide(*, vendor_id: int, approve: bool, reason: str = "", actor_id: int | None) -> Vetting:
    """Approve a vendor, or refuse it with a reason: what was ordered goes on, nothing new is ordered.

    :raises Refused: approved without a paper that is valid today, or refused without a reason.
    """
    vendor = _vendor(vendor_id)
    today = clock.now().date()
    valid = VendorPaper.objects.filter(vendor=vendor).filter(Q(valid_until=None) | Q(valid_until__gte=today))
    if approve and not valid.exists():
        raise Refused("papers", _("Write down a paper that is valid today first."))
    if not approve and not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    facts = {"state": State.APPROVED if approve else State.REFUSED, "reason": reason.strip()[:240]}
    made, _new = Vetting.objects.update_or_create(
        vendor=vendor, defaults={**facts, "actor_id": actor_id, "decided_at": clock.now()}
    )
    records.audit(actor_id, f"vendor.{made.state}", vendor.name, reason=made.reason)
    return made


@transaction.atomic
def say_origin(*, vendor_id: int, origin_en: str, origin_zh: str, published: bool, actor_id: int | None) -> Vetting:
    """Write where a vendor makes its goods, and whether consumers read it.

    :raises Refused: published without saying where.
    """
    vendor = _vendor(vendor_id)
    if published and not (origin_en.strip() or origin_zh.strip()):
        raise Refused("origin", _("Say where it is made."), field="origin_en")
    facts = {"origin_en": origin_en.strip()[:120], "origin_zh": origin_zh.strip()[:120], "published": published}
    made, _new = Vetting.objects.update_or_create(vendor=vendor, defaults=facts)
    for product_id in set(vendor.offers.values_list("variant__product_id", flat=True)):
        quality_cards.refresh(product_id)
    records.audit(actor_id, "vendor.origin", vendor.name, published=published)
    return made


def _vendor(vendor_id: int) -> Vendor:
    found = Vendor.objects.select_for_update(no_key=True).filter(pk=vendor_id).first()
    if found is None:
        raise NotFound()
    return found
