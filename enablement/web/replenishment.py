"""What should be bought, and why; the chosen ones go into drafts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from enablement.models import Forecast
from enablement.selectors import forecasts, replenishment, vendors
from enablement.selectors.replenishment import DAYS, Need
from enablement.services import replenishment as services
from enablement.web import shown
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.jobs.bulk import UNCHANGED, Bulk, Doing
from s2b2c.jobs.web import offers
from s2b2c.ui import figures, table
from supplier.models import Variant
from supplier.selectors import stock


def why(need: Need) -> str:
    """Say in words why it should be bought."""
    position = need.position
    told = [gettext("%(sold)s sold in %(days)s days.") % {"sold": position.sold, "days": DAYS}]
    if need.forecast is not None:
        told.append(_foretold(need.forecast))
    if position.waiting:
        told.append(gettext("%(n)s sold and not there.") % {"n": position.waiting})
    if position.incoming or need.drafted:
        told.append(
            gettext("%(incoming)s on the way, %(drafted)s in drafts.")
            % {"incoming": position.incoming, "drafted": need.drafted}
        )
    told.append(
        gettext("Due at %(point)s or fewer: %(lead)s days’ delivery, %(safety)s for safety.")
        % {"lead": need.lead_days, "point": need.point, "safety": need.safety}
    )
    if need.offer is not None and need.quantity > need.wanted:
        told.append(
            gettext("%(wanted)s needed; packs and prices make it %(quantity)s.")
            % {"wanted": need.wanted, "quantity": need.quantity}
        )
    return " ".join(told)


def _foretold(forecast: Forecast) -> str:
    ahead = forecasts.ahead(forecast, DAYS)
    return gettext("%(expected)s expected in the next %(days)s days, four times of five between %(low)s and %(high)s.") % {
        "expected": f"{ahead.expected:.0f}", "days": DAYS, "low": f"{ahead.low:.0f}", "high": f"{ahead.high:.0f}",
    }  # fmt: skip


class Needs(table.Table):
    """What should be bought, what runs out first at the top."""

    id, caption, order, csv_name = "needs", _("To buy"), "rank", "to-buy"
    filters = [table.Text(apply=stock.matching)]
    search_hint = _("SKU, barcode, name")
    empty = table.Empty(
        _("Nothing has to be bought"),
        _("What is free and on its way lasts until vendors can deliver."),
        "circle-check",
    )

    def __init__(self, request: Request, found: list[Need], **more: Any) -> None:
        self.needs = {each.variant_id: each for each in found}
        self.own = vendors.own_currency()
        self.columns = [
            table.Column("sku", _("SKU"), link=lambda each: reverse("supply:stock_of", args=[each.pk]), card=1, fixed=True),
            table.Column("product", _("Product"), value=shown.title, cell=shown.named, card=3, clip=True),
            table.Column("sold", _("Sold, 28 days"), value=lambda each: self.of(each).position.sold, align="end", hidden=True),
            table.Column("free", pgettext_lazy("purchase", "Free"), value=lambda each: self.of(each).position.free, cell=self._free, align="end"),
            table.Column("incoming", _("On the way"), value=lambda each: self.of(each).position.incoming, align="end", hidden=True),
            table.Column("cover", _("Lasts, days"), value=lambda each: self.of(each).cover_days, cell=self._cover, align="end", card=4),
            table.Column("quantity", pgettext_lazy("purchase", "Suggested"), value=self._suggested, cell=self._bold, align="end", card=2),
            table.Column("vendor", _("Cheapest vendor"), value=self._vendor, cell=self._asks),
            table.Column("why", _("Why"), value=lambda each: why(self.of(each)), wrap=True, muted=True, card=5),
        ]  # fmt: skip
        super().__init__(request, replenishment.listed(found), **more)

    def of(self, variant: Variant) -> Need:
        """Give the need of a row."""
        return self.needs[variant.pk]

    def _suggested(self, variant: Variant) -> int:
        need = self.of(variant)
        return need.quantity or need.wanted

    def _bold(self, variant: Variant) -> Any:
        return format_html("<b>{}</b>", f"{self._suggested(variant):,}")

    def _free(self, variant: Variant) -> Any:
        free = self.of(variant).position.free
        return free if free else format_html('<span class="hot">0</span>')

    def _cover(self, variant: Variant) -> Any:
        days = self.of(variant).cover_days
        if days is None:
            return "–"
        word = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
        return format_html('{}<span class="m-in mut"> {}</span>', days, word.replace(str(days), "", 1).strip())

    def _vendor(self, variant: Variant) -> str:
        offer = self.of(variant).offer
        return offer.vendor.name if offer else gettext("Nobody offers it")

    def _asks(self, variant: Variant) -> Any:
        need = self.of(variant)
        if need.offer is None:
            return format_html('<span class="mut">{}</span>', self._vendor(variant))
        if not shown.may(self.request, shown.COSTS):  # type: ignore[arg-type]
            return self._vendor(variant)
        each = figures.amount(need.unit_minor, need.offer.vendor.currency)
        return format_html(
            '{}<span class="sub">{}</span>', need.offer.vendor.name, gettext("at %(unit)s") % {"unit": each}
        )


# --- Into drafts ----------------------------------------------------------------------------------------
def _matching(words: QueryDict) -> QuerySet[Variant]:
    return Needs.narrowed(replenishment.listed(replenishment.needs()), words)


def _order(variant_id: int, doing: Doing) -> Any:
    made = services.reorder(variant_id=variant_id, actor_id=doing.actor.pk)
    if made is None:
        return UNCHANGED
    line, quantity = made
    return {"number": line.order.number, "quantity": quantity}


def _take_back(variant_id: int, kept: dict[str, Any], _doing: Doing) -> None:
    services.take_back(number=kept["number"], variant_id=variant_id, quantity=kept["quantity"])


def _said(n: int) -> str:
    return ngettext("%(n)s product put into a draft", "%(n)s products put into drafts", n) % {"n": f"{n:,}"}


REORDER = Bulk("supply.needs.order", _("Put into drafts"), roles=shown.BUYERS, rows=_matching, do=_order, undo=_take_back, said=_said, name="sku", back="replenishment", icon="clipboard-list")  # fmt: skip
BULK = (REORDER,)


@supplier_role(*shown.READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List what should be bought."""
    listed = Needs(request, replenishment.needs(), actions=offers.actions(request, REORDER))
    return table.respond(request, listed, "supplier/buying/needs.html", shown.tabs(request, "needs"))
