"""What S lets consumers book with goods, and which shops leave it out."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import ServiceKind, ServiceOption, ServiceOptOut
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import Category, Product
from supplier.services import published, records

# What is carried out at the consumer's. Photos and texts are the shop's own matter.
KINDS = (ServiceKind.INSTALLATION, ServiceKind.DELIVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A service as it is to be offered: with one product, or with everything in a category."""

    kind: str
    name_en: str
    name_zh: str
    text_en: str
    text_zh: str
    product_id: int | None
    category_id: int | None
    currency: str
    price_minor: int
    cost_minor: int
    most_pieces: int


@transaction.atomic
def save(*, option_id: int | None, told: Offered, actor_id: int | None) -> ServiceOption:
    """Write what is offered, or change it; what was sold stays as it was. Shops show it at once.

    :raises NotFound: no such option. :raises Refused: a name is missing, nothing it goes with, prices that make no sense.
    """
    _check(told)
    row = ServiceOption(created_at=clock.now()) if option_id is None else locked(option_id)
    facts = asdict(told) | {
        "name_en": records.text(told.name_en, "name_en", 80, required=True),
        "name_zh": records.text(told.name_zh, "name_zh", 80),
        "text_en": records.text(told.text_en, "text_en", 240),
        "text_zh": records.text(told.text_zh, "text_zh", 240),
    }
    records.assign(row, facts)
    row.save()
    published.touch()
    records.audit(actor_id, "service.offered", str(row.pk), name=row.name_en, price=row.price_minor)
    return row


def _check(told: Offered) -> None:
    if told.kind not in KINDS:
        raise Refused("kind", _("Choose a service."), field="kind")
    if (told.product_id is None) == (told.category_id is None):
        raise Refused("goods", _("Say which product it goes with, or which category."), field="product")
    if told.product_id is not None and not Product.objects.filter(pk=told.product_id).exists():
        raise Refused("goods", _("There is no such product."), field="product")
    if told.category_id is not None and not Category.objects.filter(pk=told.category_id).exists():
        raise Refused("goods", _("There is no such category."), field="category")
    if told.cost_minor <= 0:
        raise Refused("cost", _("Say what a provider may ask at most."), field="cost")
    if told.price_minor < told.cost_minor:
        raise Refused("price", _("The price can’t be below what we get of it."), field="price")
    if not 1 <= told.most_pieces <= 99:
        raise Refused("most_pieces", _("Between 1 and 99 pieces."), field="most_pieces")


@transaction.atomic
def switch(*, option_id: int, active: bool, actor_id: int | None) -> ServiceOption:
    """Offer it in shops, or no longer; what was booked is done. The same again changes nothing.

    :raises NotFound: no such option.
    """
    row = locked(option_id)
    if row.active != active:
        row.active = active
        row.save(update_fields=["active"])
        published.touch()
        records.audit(actor_id, "service.offered", str(row.pk), active=active)
    return row


@transaction.atomic
def leave_out(*, option_id: int, reseller_id: int, out: bool, actor_id: int | None) -> None:
    """Leave a service out of a shop, or take it in again. The same again changes nothing.

    :raises NotFound: no such option.
    """
    row = locked(option_id)
    mine = ServiceOptOut.objects.filter(option=row, reseller_id=reseller_id)
    if out == mine.exists():
        return
    if out:
        ServiceOptOut.objects.create(option=row, reseller_id=reseller_id)
    else:
        mine.delete()
    published.touch()
    records.audit(actor_id, "service.left_out", str(row.pk), out=out)


def locked(option_id: int) -> ServiceOption:
    """Lock an option. Call inside a transaction. :raises NotFound: there is none."""
    row = ServiceOption.objects.select_for_update(of=("self",)).filter(pk=option_id).first()
    if row is None:
        raise NotFound()
    return row
