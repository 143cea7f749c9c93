"""Open a shop, and change what it is called, how it looks and what it promises."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reseller.models import Shop
from reseller.selectors import looks
from reseller.selectors import shop as shops
from reseller.selectors.prices import Rule
from reseller.services import listing as listings
from s2b2c.accounts.models import Membership, User
from s2b2c.accounts.services import audit
from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.tenancy import context, directory
from s2b2c.tenancy import services as tenancy_services
from s2b2c.tenancy.models import Reseller

PROFILE = (
    "name", "tagline_en", "tagline_zh", "story_en", "story_zh", "notice_en", "notice_zh", "email", "phone", "address"
)  # fmt: skip
POLICIES = ("delivery", "returns", "privacy", "imprint")
_SHIPPING = {"price_minor": 590, "free_over_minor": 7_500}


def open_shop(
    *,
    user: User,
    name: str,
    slug: str,
    currency: str,
    country: str,
    language: str = "en",
    look: str = "hearth",
    category_ids: Sequence[int] = (),
    rule: Rule | None = None,
) -> Reseller:
    """Open a shop for a user, who becomes its owner: host, schema, look, first products, all or nothing.

    Where ``settings.RESELLER_APPROVAL`` is on, only the application is noted; once S has approved,
    the owner furnishes the shop (``furnish``).

    :raises Refused: ``slug_unfit``, ``slug_taken``, ``name``, ``look``; nothing is left behind.
    """
    name = _named(name)
    looks.check(look)
    facts = {"slug": slug, "name": name, "currency": currency, "country": country, "language": language}
    with transaction.atomic():
        if settings.RESELLER_APPROVAL:
            made = tenancy_services.apply(**facts)
        else:
            made = tenancy_services.create_reseller(**facts)
        Membership.objects.create(user=user, reseller=made, role=Membership.Role.OWNER)
        audit.record(actor=user, action="shop.opened", subject=made.slug, reseller=made)
        if made.has_schema:
            with context.entered(made):
                furnish(look=look, category_ids=category_ids, rule=rule, email=user.email)
        return made


def furnish(*, look: str, category_ids: Sequence[int] = (), rule: Rule | None = None, email: str = "") -> Shop:
    """Give an open shop its row and its first shelf. Categories without anything to sell are passed over.

    :raises StateRefused: it has been done; nothing is changed.
    """
    looks.check(look)
    reseller = shops.reseller()
    with transaction.atomic():
        if shops.find() is not None:
            raise StateRefused()
        shop = Shop.objects.create(
            id=1,
            name=reseller.name,
            look=look,
            currency=reseller.currency,
            email=email,
            shipping=dict(_SHIPPING),
            pricing=(rule or Rule()).as_json(),
            countries=[reseller.country],
        )
        if category_ids:
            _first_shelf(category_ids)
        return shop


def _first_shelf(category_ids: Sequence[int]) -> None:
    try:
        listings.list_products(category_ids=category_ids)
    except Refused as refusal:
        if refusal.code != "nothing":
            raise


def write_profile(*, texts: Mapping[str, str]) -> Shop:
    """Change name, lines, story, notice and contact; fields not given stay.

    :raises Refused: ``name``: it is empty.
    """
    changes = {field: texts[field].strip() for field in PROFILE if field in texts}
    if "name" in changes:
        changes["name"] = _named(changes["name"])
    with transaction.atomic():
        if "name" in changes:
            _rename(shops.reseller(), changes["name"])
        return _change(**changes)


def _rename(reseller: Reseller, name: str) -> None:
    if reseller.name != name:
        Reseller.objects.filter(id=reseller.id).update(name=name)
        directory.forget(reseller)


def set_look(*, look: str, overrides: Mapping[str, str] | None = None) -> Shop:
    """Change the shop's look; colours are corrected until they read well, not refused.

    :raises Refused: ``look``, ``colour``: unknown, or not a colour.
    """
    looks.check(look)
    return _change(look=look, look_overrides=looks.clean(overrides or {}))


def set_delivery(*, price_minor: int, free_over_minor: int | None, countries: Sequence[str]) -> Shop:
    """Change what delivery costs, from what amount it is free, and where it goes.

    :raises Refused: ``countries``: none, or not a country; ``amount``: negative.
    """
    wanted = sorted({code.strip().upper() for code in countries if code.strip()})
    if not wanted or not all(re.fullmatch("[A-Z]{2}", code) for code in wanted):
        raise Refused("countries", _("Choose at least one country."), field="countries")
    if price_minor < 0 or (free_over_minor or 0) < 0:
        raise Refused("amount", _("Enter an amount of zero or more."), field="price")
    return _change(shipping={"price_minor": price_minor, "free_over_minor": free_over_minor}, countries=wanted)


def set_tax(*, tax_bps: int, tax_included: bool) -> Shop:
    """Change the rate of tax, and whether prices include it. Orders placed keep theirs.

    :raises Refused: ``tax``: not from 0 to 50 per cent.
    """
    if not 0 <= tax_bps <= 5_000:
        raise Refused("tax", _("Enter a rate from 0 to 50 per cent."), field="tax")
    return _change(tax_bps=tax_bps, tax_included=tax_included)


def set_payment(*, card: bool, cod: bool) -> Shop:
    """Change the ways to pay.

    :raises Refused: ``method``: none is left.
    """
    if not (card or cod):
        raise Refused("method", _("Leave your customers at least one way to pay."), field="card_enabled")
    return _change(card_enabled=card, cod_enabled=cod)


def write_policies(*, policies: Mapping[str, Mapping[str, str]]) -> Shop:
    """Change the shop's policies; those not given stay, empty ones vanish."""
    with transaction.atomic():
        now = dict(shops.get().policies)
        for code in POLICIES:
            if code in policies:
                now[code] = {lang: policies[code].get(lang, "").strip() for lang in ("en", "zh")}
        return _change(policies={code: texts for code, texts in now.items() if any(texts.values())})


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise Refused("name", _("Give your shop a name of up to 80 characters."), field="name")
    return name


def _change(**changes: Any) -> Shop:
    with transaction.atomic():
        shops.get()
        Shop.objects.filter(id=1).update(**changes)
        listings.touch()
        return shops.get()
