"""Why a row can't be taken: stable codes, and their words in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from supplier.services import bands

TEXTS: dict[str, Promise] = {
    **bands.TEXTS,
    "required": _("Empty, but a new variant needs it."),
    "sku_empty": _("Empty: nothing says which variant this is."),
    "key": _("Has spaces or one of / ? # % \\."),
    "too_long": _("Longer than %(longest)s characters."),
    "twice": _("This SKU is in row %(first)s already."),
    "amount": _("Not an amount."),
    "amount_negative": _("Negative."),
    "amount_fine": _("%(currency)s has no smaller unit than %(step)s."),
    "amount_large": _("Too large."),
    "whole": _("Not a whole number of zero or more."),
    "category_unknown": _("There is no category of this name."),
    "currency_unknown": _("Not a currency code of three letters."),
    "currency_other": _("The variant is priced in %(currency)s."),
    "status_unknown": _("Neither active nor withdrawn."),
    "yes_no": _("Neither yes nor no."),
    "serials_counted": _("Its pieces have serial numbers: receive them with an order to the vendor."),
    "serials_stocked": _("Pieces of it are in stock without a serial number."),
    "barcode": _("The check digit should be %(right)s."),
    "barcode_digits": _("A barcode has 8, 12, 13 or 14 digits."),
    "warehouse_unknown": _("No such warehouse. Known: %(known)s."),
    "warehouse_missing": _("Says how many, but not where."),
    "stock_kept": _("Only %(free)s pieces are free; the others are kept for orders."),
    "unreadable": _("Holds a character that can't be read."),
    "formula": _("A formula, not a value."),
    "cells": _("Has more cells than there are headings."),
    "product_other": _("This SKU belongs to the product %(code)s."),
    "too_many_variants": _("The product would have more than %(most)s variants."),
    "too_many_options": _("The product would have more than three options."),
    "parts": _("Not a list like “2 × MUG-1; TRAY-1”, with 1 to 99 pieces of each."),
    "parts_many": _("More than %(most)s different things."),
    "parts_unknown": _("Not in the catalogue: %(skus)s. Import that first, then try this row again."),
    "parts_withdrawn": _("Withdrawn, so not for a bundle: %(skus)s"),
    "parts_nested": _("A bundle cannot be put into a bundle: %(skus)s"),
    "parts_itself": _("A bundle cannot be put into itself."),
    "parts_on_hand": _("A bundle has no stock of its own: count its parts."),
    "bundle_part": _("This variant is part of a bundle, so it cannot become one."),
    "bundle_used": _("This variant has stock of its own or was sold already. Add a new variant for the bundle."),
    "bundle_fixed": _("This bundle was ordered already, so what is in it stays. Add a new variant instead."),
    "unexpected": _("Could not be written. The other rows are not affected."),
    # of a revert
    "changed_since": _("Changed since: kept as it is."),
    "in_use": _("Sold or stocked since: withdrawn, not removed."),
}


def words(code: str, params: dict[str, Any]) -> str:
    """Give the text of a code in the active language."""
    text = str(TEXTS.get(code, code))
    try:
        return text % params if params else text
    except (KeyError, ValueError):
        return text
