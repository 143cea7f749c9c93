"""Stock: what is where, why it is so many, receiving and correcting, and the warehouses."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import pictures, table, toast
from supplier.models import Movement, Variant, Warehouse
from supplier.selectors import bundles, stock, transit
from supplier.selectors import lots as lot_selectors
from supplier.services import stock as services
from supplier.web import causes, filters, lots, shown
from supplier.web.catalogue import writes

READERS = ("warehouse", "catalogue", "support", "quality")
MOST = 1_000_000


def may_work(request: Request) -> bool:
    """Tell whether the reader may move stock, or only look."""
    return request.membership is not None and request.membership.role in ("admin", "warehouse")


def address(variant: Variant) -> str:
    """Give the address of a variant's stock."""
    return reverse("supply:stock_of", args=[variant.pk])


def _named(variant: Variant) -> SafeString:
    label = shown.local(variant, "label")
    return format_html(
        '<span class="flex items-center gap-3">{}<span class="min-w-0 truncate">{}<span class="mut">&ensp;{}</span></span>{}</span>',
        pictures.tag(variant, size="t1", alt=""), shown.local(variant.product), label, _mark(variant),
    )  # fmt: skip


def _mark(variant: Variant) -> SafeString | str:
    return (
        format_html('<span class="mut shrink-0 border border-rule rounded-sm px-1">{}</span>', _("Bundle"))
        if stock.is_bundle(variant)
        else ""
    )


def _in(warehouse: Warehouse) -> table.Column:
    """A column with what is free in one warehouse."""

    def free(variant: Variant) -> int:
        return stock.levels(variant)[warehouse.pk].free

    def cell(variant: Variant) -> Any:
        level = stock.levels(variant)[warehouse.pk]
        return level.free if level.on_hand else format_html('<span class="mut">–</span>')

    return table.Column(f"in_{warehouse.code.lower()}", warehouse.code, value=free, cell=cell, align="end", muted=True)


class Levels(table.Table):
    """Every variant with what is free, held and on hand."""

    id, caption, order, csv_name = "stock", _("Stock"), "sku", "stock"
    filters = [
        table.Text(apply=stock.matching),
        table.Choice("free", _("Availability"), choices=[("none", _("Sold out")), ("free", _("Something free")), ("held", _("Something held"))], apply=stock.by_availability),
        table.Choice("status", _("Status"), choices=Variant.Status.choices),
        filters.From("in", _("In"), choices=filters.warehouses, apply=lambda rows, asked: rows.filter(stock__warehouse__code__in=asked).distinct()),
    ]  # fmt: skip
    search_hint = _("SKU, barcode, name")
    empty = table.Empty(
        _("No products yet"), _("Stock is kept for variants of products: make some first."), "warehouse"
    )

    def __init__(self, request: Request, places: list[Warehouse]) -> None:
        super().__init__(request, stock.listed())
        self.columns = [
            table.Column("sku", _("SKU"), link=address, card=1, fixed=True, sort="sku"),
            table.Column("product", _("Product"), cell=_named, value=lambda each: f"{shown.local(each.product)} {shown.local(each, 'label')}".strip(), card=3, clip=True),
            table.Column("free", _("Free"), value=stock.free, cell=_free, align="end", card=2),
            table.Column("held", _("Held"), value=lambda each: stock.total(each).held, align="end"),
            table.Column("on_hand", _("On hand"), value=lambda each: stock.total(each).on_hand, align="end"),
            *(_in(place) for place in places[:12]),
        ]  # fmt: skip


def _free(variant: Variant) -> Any:
    free = stock.free(variant)
    shown_free = free if free else format_html('<span class="hot">0</span>')
    return format_html('{}<span class="m-in mut"> {}</span>', shown_free, _("free"))


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List variants with their stock."""
    return table.respond(request, Levels(request, stock.warehouses()), "supplier/stock/list.html")


# --- One variant -----------------------------------------------------------------------------------
class _Move(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    warehouse = forms.ChoiceField(label=_("Warehouse"))

    def __init__(self, data: Any, places: list[Warehouse]) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}-%s", initial={"key": uuid.uuid4().hex})
        self.fields["warehouse"].choices = [(each.pk, f"{shown.local(each)} ({each.code})") for each in places]  # type: ignore[attr-defined]

    @property
    def cause(self) -> str:
        return f"{services.ONCE}{self.cleaned_data.get('key') or uuid.uuid4().hex}"


class Receive(_Move):
    """Pieces that arrived."""

    quantity = forms.IntegerField(
        label=_("Pieces"), min_value=1, max_value=MOST, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    reason = forms.CharField(
        label=_("Reference"), max_length=160, required=False, help_text=_("Delivery note, purchase order")
    )


class Adjust(_Move):
    """A correction, with its reason."""

    quantity = forms.IntegerField(
        label=_("More or fewer"), min_value=-MOST, max_value=MOST, help_text=_("−3 takes three pieces out")
    )
    reason = forms.CharField(label=_("Reason"), max_length=160, widget=forms.TextInput(attrs={"list": "reasons"}))


def kind_of(movement: Movement) -> str:
    """Name the kind of a movement; one of damaged pieces says so."""
    word = movement.get_kind_display()
    if movement.quarantined:
        return gettext("%(kind)s (quarantine)") % {"kind": word}
    return gettext("%(kind)s (damaged pieces)") % {"kind": word} if movement.damaged else word


def reason_of(movement: Movement) -> str:
    """Give why, as somebody wrote it; what the platform gave as the reason itself is said in the reader's language."""
    return gettext(movement.reason) if movement.reason else ""


def _why(movement: Movement) -> Any:
    reason, named = reason_of(movement), causes.link(movement.cause, getattr(movement, "parcel", ""))
    return format_html("{} {}", reason, named) if reason and named else reason or named


class Damage(_Move):
    """Pieces that broke, were made good, or are thrown away."""

    what = forms.ChoiceField(
        label=pgettext_lazy("stock", "What happened"),
        choices=[("damage", _("Damaged: set aside")), ("repair", _("Made good: back for sale")), ("scrap", _("Thrown away"))],
    )  # fmt: skip
    quantity = forms.IntegerField(
        label=_("Pieces"), min_value=1, max_value=MOST, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    reason = forms.CharField(label=_("Reason"), max_length=160)


class Announce(_Move):
    """Pieces that are expected on a day."""

    quantity = forms.IntegerField(
        label=_("Pieces"), min_value=1, max_value=MOST, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    arrives_on = forms.DateField(label=_("Arrives on"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reference"), max_length=160, required=False)


class Movements(table.Table):
    """What moved one variant, newest first, with what was on hand after each."""

    id, caption, order, csv_name, size = "movements", _("Movements"), "-id", "movements", 30
    filters = [
        table.Choice("kind", _("Kind"), choices=Movement.Kind.choices),
        filters.From("in", _("In"), choices=filters.warehouses, field="warehouse__code"),
        table.DateRange("at", _("Day"), field="at"),
    ]
    columns = [
        table.date_column("at", _("When"), card=4),
        table.Column("kind", _("Kind"), value=lambda each: kind_of(each), card=1, fixed=True),
        table.Column("warehouse", _("Warehouse"), value=lambda each: shown.local(each.warehouse)),
        table.Column(
            "reason",
            _("Why"),
            value=lambda each: reason_of(each) or causes.word(each.cause),
            cell=_why,
            card=3,
            wrap=True,
        ),
        table.Column("actor", _("Who"), value=lambda each: str(each.actor or ""), muted=True),
        table.Column("quantity", _("Pieces"), cell=lambda each: shown.signed(each.quantity), align="end", card=2),
        table.Column("after", _("On hand after"), value=lambda each: getattr(each, "after", None), align="end"),
    ]
    empty = table.Empty(_("Nothing has moved yet"), _("Receive the first pieces."), "boxes")

    def __init__(self, request: Request, variant: Variant) -> None:
        super().__init__(request, stock.movements(variant))

    def link_causes(self) -> None:
        """Find the fulfilment orders of the parcels on this page, so that each cause is a link."""
        kind = "shipment:"
        names = [row.cause.removeprefix(kind) for row in self.page.rows if row.cause.startswith(kind)]
        found = transit.fulfilments_of(names)
        for row in self.page.rows:
            row.parcel = found.get(row.cause.removeprefix(kind), "")

    def run_on(self) -> None:
        """Write beside each row of this page what was on hand after it. With a filter that would mislead."""
        if self.asked or not self.page.rows:
            return
        after = stock.on_hand_upto(self.page.rows[0])
        for row in self.page.rows:
            row.after = after
            after -= row.quantity


@supplier_role(*READERS)
@require_safe
def of(request: Request, variant_id: int) -> HttpResponseBase:
    """Show one variant's stock and what moved it."""
    variant = stock.find(variant_id)
    if "csv" in request.GET:
        return table.as_csv(Movements(request, variant))
    return show(request, variant)


def show(request: Request, variant: Variant, **forms_: Any) -> HttpResponseBase:
    content = bundles.of(variant)
    if content is not None:
        context = {"variant": variant, "content": content, "may_write": writes(request)}
        return render(request, "supplier/stock/bundle.html", context, status=422 if forms_ else 200)
    places = stock.warehouses()
    levels, listed = stock.levels(variant), Movements(request, variant)
    listed.run_on()
    listed.link_causes()
    day = day_of(request.GET.get("day", ""))
    context = {
        "variant": variant,
        "levels": [(shown.local(place), place, levels[place.pk]) for place in places if place.active or levels[place.pk].on_hand],
        "total": stock.total(variant),
        "lots": [(each, lots.STATES[each.state]) for each in lot_selectors.of_variant(variant)],
        "kept": stock.kept_for(variant) if stock.total(variant).held else [],
        "day": day,
        "as_of": _as_of(variant, day, places) if day else None,
        "may_work": may_work(request),
        "receive": Receive(None, places),
        "adjust": Adjust(None, places),
        "damage": Damage(None, places),
        "announce": Announce(None, places),
        "incoming": [(each, causes.link(each.arrival.source)) for each in transit.incoming(variant)],
        "inside_of": bundles.holding([variant.pk]),
        "on_the_way": transit.on_the_way(variant),
        "table": listed,
        **forms_,
    }  # fmt: skip
    if not forms_:
        return table.respond(request, listed, "supplier/stock/page.html", context)
    return render(request, "supplier/stock/page.html", context, status=422)


def day_of(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 < found.year < 3000 else None


def end_of(day: date) -> datetime:
    """Give the last instant of a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)


def _as_of(variant: Variant, day: date, places: list[Warehouse]) -> dict[str, Any]:
    found = stock.on_hand_as_of(variant, end_of(day))
    return {
        "rows": [(shown.local(place), found.get(place.pk, 0)) for place in places if place.pk in found],
        "total": sum(found.values()),
    }


@supplier_role("warehouse")
@require_POST
def receive(request: Request, variant_id: int) -> HttpResponseBase:
    """Put pieces into stock."""
    variant = stock.find(variant_id)
    form = Receive(request.POST, stock.warehouses())
    if form.is_valid() and moved(request, form, lambda facts: services.receive(variant_id=variant.pk, **facts)):
        toast.add(request, gettext("%(n)s received") % {"n": form.cleaned_data["quantity"]})
        return redirect(address(variant))
    return show(request, variant, receive=form)


@supplier_role("warehouse")
@require_POST
def adjust(request: Request, variant_id: int) -> HttpResponseBase:
    """Correct what is on hand."""
    variant = stock.find(variant_id)
    form = Adjust(request.POST, stock.warehouses())
    if form.is_valid() and moved(request, form, lambda facts: services.adjust(variant_id=variant.pk, **facts)):
        toast.add(request, gettext("On hand corrected by %(n)s") % {"n": shown.signed(form.cleaned_data["quantity"])})
        return redirect(address(variant))
    return show(request, variant, adjust=form)


def moved(request: Request, form: _Move, move: Any) -> bool:
    """Make a movement as its form says; give whether it was made: what was refused stands on the form."""
    facts = {
        "warehouse_id": int(form.cleaned_data["warehouse"]),
        "quantity": form.cleaned_data["quantity"],
        "reason": form.cleaned_data["reason"],
        "cause": form.cause,
        "actor_id": request.user.pk,
    }
    try:
        move(facts)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True
