"""Forms about requests for quotation: what is asked, and what a vendor answers – on its own page or by S."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from enablement.models import Quote, QuoteItem
from enablement.selectors import vendors
from enablement.services import purchases as ordering
from enablement.services.quotes import MOST_PIECES
from enablement.services.quoting import Price
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import Refused
from s2b2c.kernel.texts import local
from supplier.selectors import stock

STEPS = 3  # prices by quantity, for an item
_NUMBER = {"inputmode": "numeric"}
_AMOUNT = {"inputmode": "decimal", "autocomplete": "off"}


def end_of(day: Any) -> datetime:
    """Give the last minute of a day, by the calendar of S."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


class RequestForm(forms.Form):
    """What is asked, whom, and until when."""

    items = forms.CharField(label=_("Products"), widget=forms.Textarea({"rows": 5}), max_length=4_000)
    vendors = forms.TypedMultipleChoiceField(
        label=_("Vendors"), coerce=int, widget=forms.CheckboxSelectMultiple, required=True
    )
    warehouse = forms.TypedChoiceField(label=_("To warehouse"), coerce=int)
    answer_by = forms.DateField(label=_("Last day to answer"), widget=forms.DateInput({"type": "date"}))
    note = forms.CharField(
        label=_("Note to the vendors"), max_length=600, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, data: Any = None, *, items: str = "") -> None:
        week = timezone.localdate(clock.now()) + timedelta(days=7)
        super().__init__(data, initial={"items": items, "answer_by": week.isoformat()})
        places = [(each.pk, f"{local(each, 'name')} ({each.code})") for each in stock.warehouses() if each.active]
        self.fields["warehouse"].choices = places  # type: ignore[attr-defined]
        self.fields["vendors"].choices = [(each.pk, each.name) for each in vendors.active()]  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        """Give what is asked. :raises Refused: a SKU is unknown, or a line has no pieces."""
        told = self.cleaned_data
        wanted: dict[int, int] = {}
        for line in told["items"].splitlines():
            if not line.strip():
                continue
            sku, _blank, pieces = line.strip().replace(",", " ").rpartition(" ")
            if not sku or not pieces.isdigit():
                text = gettext("Each line says a SKU and how many pieces: “%(line)s” does not.")
                raise Refused("items", text, field="items", line=line.strip()[:60])
            variant = ordering.variant_by_sku(sku)
            wanted[variant] = wanted.get(variant, 0) + int(pieces)
        return {
            "quantities": wanted, "vendor_ids": told["vendors"], "warehouse_id": told["warehouse"],
            "answer_by": end_of(told["answer_by"]), "note": told["note"],
        }  # fmt: skip


class AnswerForm(forms.Form):
    """What a vendor asks: prices by quantity for each item, and what holds for all of them."""

    lead_days = forms.IntegerField(
        label=_("Lead time, days"), min_value=0, max_value=365, widget=forms.NumberInput(_NUMBER)
    )
    valid_until = forms.DateField(label=_("Prices hold until"), widget=forms.DateInput({"type": "date"}))
    freight = forms.CharField(
        label=_("Freight for all of it"), max_length=20, required=False, widget=forms.TextInput(_AMOUNT)
    )
    note = forms.CharField(
        label=pgettext_lazy("quote", "Note"), max_length=600, required=False, widget=forms.Textarea({"rows": 3})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, quote: Quote, items: list[QuoteItem]) -> None:
        self.quote, self.items = quote, items
        super().__init__(data, initial=_said(quote))
        self.order_fields(["revision"])
        for item in items:
            self.fields[f"minimum-{item.pk}"] = _pieces(_("Smallest quantity"), 1)
            self.fields[f"pack-{item.pk}"] = _pieces(_("Pack of"), 1)
            for step in range(1, STEPS + 1):
                self.fields[f"from-{item.pk}-{step}"] = _pieces(_("From pieces"), 1 if step == 1 else None)
                self.fields[f"unit-{item.pk}-{step}"] = forms.CharField(
                    label=_("Each"), max_length=20, required=False, widget=forms.TextInput(_AMOUNT)
                )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Give each item with its fields."""
        return [
            {
                "item": item,
                "minimum": self[f"minimum-{item.pk}"],
                "pack": self[f"pack-{item.pk}"],
                "steps": [(self[f"from-{item.pk}-{n}"], self[f"unit-{item.pk}-{n}"]) for n in range(1, STEPS + 1)],
            }
            for item in self.items
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        found["prices"] = {item.pk: price for item in self.items if (price := self._price(found, item.pk))}
        found["freight_minor"] = self._amount("freight", found.get("freight") or "0")
        return found

    def _price(self, found: dict[str, Any], item: int) -> Price | None:
        steps = []
        for n in range(1, STEPS + 1):
            start, unit = found.get(f"from-{item}-{n}"), found.get(f"unit-{item}-{n}")
            if not unit:
                continue
            if not start:
                self.add_error(f"from-{item}-{n}", gettext_lazy("From how many pieces on?"))
                continue
            steps.append((start, self._amount(f"unit-{item}-{n}", unit)))
        if not steps:
            return None
        return Price(tuple(steps), found.get(f"minimum-{item}") or 1, found.get(f"pack-{item}") or 1)

    def _amount(self, name: str, text: str) -> int:
        try:
            return money.parse_amount(text, self.quote.currency)
        except Refused as refusal:
            self.add_error(name, str(refusal))
            return 0

    @property
    def facts(self) -> dict[str, Any]:
        """Give the answer."""
        told = self.cleaned_data
        return {
            name: told[name] for name in ("prices", "lead_days", "valid_until", "freight_minor", "note", "revision")
        }


def _pieces(label: Any, initial: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, max_value=MOST_PIECES, required=False, initial=initial,
        widget=forms.NumberInput(_NUMBER),
    )  # fmt: skip


def _said(quote: Quote) -> dict[str, Any]:
    """Give what was answered before, as it is typed."""
    told: dict[str, Any] = {"revision": quote.revision}
    if quote.state != Quote.State.ANSWERED:
        month = timezone.localdate(quote.request.answer_by) + timedelta(days=30)
        return told | {"lead_days": quote.vendor.lead_days, "valid_until": month.isoformat()}
    told |= {
        "lead_days": quote.lead_days, "valid_until": quote.valid_until.isoformat() if quote.valid_until else "",
        "freight": money.to_decimal(quote.freight_minor, quote.currency) if quote.freight_minor else "", "note": quote.note,
    }  # fmt: skip
    for line in quote.lines.all():
        told |= {f"minimum-{line.item_id}": line.minimum, f"pack-{line.item_id}": line.pack}
        for n, (start, unit) in enumerate(line.steps[:STEPS], 1):
            told |= {
                f"from-{line.item_id}-{n}": start,
                f"unit-{line.item_id}-{n}": money.to_decimal(unit, quote.currency),
            }
    return told
