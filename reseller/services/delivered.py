"""What a photographer or a writer handed in, put into the shop: pictures over S's, text as the shop's own. And back."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image

from enablement.models import ServiceKind, ServiceTask
from enablement.selectors import network
from reseller.models import Listing
from reseller.services import listing as listings
from s2b2c.kernel.errors import NotFound, StateRefused
from s2b2c.tenancy import context

LANGUAGES = ("en", "zh")
APPROVED = (ServiceTask.State.APPROVED, ServiceTask.State.PAID)


def use_photos(*, number: str, reseller_id: int) -> Listing:
    """Show the pictures of an approved task in place of S's with its product. Done again, nothing changes.

    Files are read outside a transaction.

    :raises NotFound: no such task of this shop, or its product is not in it.
    :raises StateRefused: it was not approved, or has no pictures.
    """
    task = _approved(number, reseller_id, ServiceKind.PHOTOS)
    if not task.pictures:
        raise StateRefused("photos", _("There are no pictures with it."))
    photos = [[name, *_size(name), "", "", None] for name in task.pictures]
    with transaction.atomic():
        listing = _locked(task.product_id)
        listing.adopted = {**(listing.adopted or {}), "photos": photos, "photos_of": number}
        return _saved(listing)


def use_words(*, number: str, reseller_id: int, language: str) -> Listing:
    """Make a writer's text the shop's own story of its product, in a language; what stood there can be had back.

    :raises NotFound: no such task of this shop, no such language, or its product is not in the shop.
    :raises StateRefused: it was not approved, or has no text.
    """
    task = _approved(number, reseller_id, ServiceKind.COPY)
    if language not in LANGUAGES:
        raise NotFound()
    if not task.proof:
        raise StateRefused("words", _("There is no text with it."))
    with transaction.atomic():
        listing, name = _locked(task.product_id), f"text_{language}"
        before = (listing.adopted or {}).get("before", {})
        if before.get(number) is None:
            before = {**before, number: {"field": name, "text": getattr(listing, name)}}
        listings.write_words(listing_id=listing.pk, words={name: task.proof})
        listing.refresh_from_db()
        listing.adopted = {**(listing.adopted or {}), "before": before}
        return _saved(listing)


def undo(*, number: str, reseller_id: int) -> Listing:
    """Take what was put into the shop from a task out again. Done again, nothing changes.

    :raises NotFound: no such task of this shop, or its product is not in it.
    """
    task = network.task_of_shop(number, reseller_id)
    with transaction.atomic():
        listing = _locked(task.product_id)
        adopted: dict[str, Any] = dict(listing.adopted or {})
        if adopted.get("photos_of") == number:
            adopted = {name: kept for name, kept in adopted.items() if name not in ("photos", "photos_of")}
        before = dict(adopted.pop("before", {}))
        if mine := before.pop(number, None):
            listings.write_words(listing_id=listing.pk, words={mine["field"]: mine["text"]})
            listing.refresh_from_db()
        if before:
            adopted["before"] = before
        listing.adopted = adopted or None
        return _saved(listing)


def used(listing: Listing, number: str) -> bool:
    """Tell whether the shop shows what a task handed in."""
    adopted = listing.adopted or {}
    return adopted.get("photos_of") == number or number in adopted.get("before", {})


def _approved(number: str, reseller_id: int, kind: str) -> ServiceTask:
    with context.reading():
        task = network.task_of_shop(number, reseller_id)
    if task.kind != kind or task.product_id is None:
        raise NotFound()
    if task.state not in APPROVED:
        raise StateRefused("not_approved", _("Approve it first."))
    return task


def _size(name: str) -> tuple[int, int]:
    with default_storage.open(name) as file, Image.open(file) as picture:
        return picture.size


def _locked(product_id: int | None) -> Listing:
    found = Listing.objects.select_for_update().filter(product_id=product_id).first()
    if found is None:
        raise NotFound("not_listed", _("This product is not in your shop."))
    return found


def _saved(listing: Listing) -> Listing:
    listing.save(update_fields=["adopted"])
    listings.touch()
    return listing
