"""The payment provider's books beside ours: what fits, what doesn't, and who said why."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.outbox import runs
from s2b2c.ui import table, toast
from s2b2c.ui.states import State
from supplier.models import ProviderEntry
from supplier.selectors import differences, settlement
from supplier.services.settlement import reconciling
from supplier.web import filters
from supplier.web.differences import WHY
from supplier.web.settlement import tabs

STATES = {
    "open": State("bad", pgettext_lazy("provider", "Not matched")),
    "matched": State("ok", pgettext_lazy("provider", "Matched")),
    "explained": State("", pgettext_lazy("provider", "Explained"), "hold"),
}
KINDS: dict[str, str | Promise] = {
    "charge": pgettext_lazy("provider", "Payment"),
    "refund": pgettext_lazy("provider", "Refund"),
    "dispute": pgettext_lazy("provider", "Dispute"),
    "dispute_reversal": pgettext_lazy("provider", "Dispute won"),
    "transfer": pgettext_lazy("provider", "To a reseller"),
    "transfer_reversal": pgettext_lazy("provider", "Back from a reseller"),
    "payout": pgettext_lazy("provider", "To our bank"),
    "payout_reversal": pgettext_lazy("provider", "Back from our bank"),
    "topup": pgettext_lazy("provider", "From our bank"),
    "fee": pgettext_lazy("provider", "Fee"),
}


class Entries(table.Table):
    """The provider's lines, the newest first."""

    id, caption, order, csv_name = "provider", _("Lines of the payment provider"), "-booked_at", "provider"
    columns = [
        table.Column("provider_id", _("Line"), card=3, clip=True, fixed=True,
                     link=lambda each: reverse("supply:provider_entry", args=[each.pk])),
        table.Column("kind", _("What"), value=lambda each: KINDS.get(each.kind, each.kind), card=1),
        table.state_column("state", _("State"), STATES, card=4),
        table.date_column("booked_at", _("Booked"), sort="booked_at"),
        table.Column("reseller", _("Shop"), value=lambda each: each.reseller.name if each.reseller else ""),
        table.Column("order_number", _("Order"), muted=True),
        table.money_column("amount_minor", _("Amount"), bare=False, card=2),
        table.money_column("fee_minor", pgettext_lazy("provider", "Fee")),
        table.money_column("net_minor", _("Net")),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["provider_id", "source", "order_number"]),
        table.Choice("state", _("State"), choices=[(key, state.word) for key, state in STATES.items()]),
        table.Choice("kind", _("What"), choices=list(KINDS.items())),
        filters.Shop("shop", _("Shop")),
        table.DateRange("booked", _("Booked"), field="booked_at"),
    ]
    search_hint = _("Id at Stripe or order number")
    empty = table.Empty(_("Nothing was read yet"), _("Stripe's books are read every hour."), "landmark")


@supplier_role("finance")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """Show how the two books compare, and the provider's lines."""
    views = [
        table.View(_("All")),
        table.View(STATES["open"].word, "state=open"),
        table.View(STATES["explained"].word, "state=explained"),
    ]
    context = {
        "tabs": tabs("provider"),
        "compared": settlement.compared(),
        "late": settlement.unexplained().count(),
        "job": runs.last(reconciling.JOB),
    }  # fmt: skip
    return table.respond(
        request, Entries(request, settlement.entries(), views=views), "supplier/settlement/provider.html", context
    )


@supplier_role("finance")
@require_POST
def read(request: Request) -> HttpResponse:
    """Read the provider's books now."""
    new = reconciling.run()
    if new is None:
        toast.add(request, gettext("Stripe did not answer; it is asked again by itself"), tone="warn")
    else:
        toast.add(request, ngettext("%(n)s new line was read", "%(n)s new lines were read", new) % {"n": new})
    return redirect("supply:provider")


class Explain(forms.Form):
    """Why a line fits nothing of ours."""

    note = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


@supplier_role("finance")
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: Request, entry_id: int) -> HttpResponse:
    """Show a line of the provider, and say why it fits nothing."""
    row = settlement.entries().filter(pk=entry_id).first()
    if row is None:
        raise NotFound()
    form = Explain(request.POST or None)
    if form.is_valid():
        try:
            reconciling.explain(entry_id=row.pk, actor=request.user, note=form.cleaned_data["note"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.add(request, gettext("Explained; it is no alarm any more"))
            return redirect("supply:provider")
    context = {
        "row": row, "state": STATES[row.state], "kind": KINDS.get(row.kind, row.kind), "form": form,
        "may_explain": row.state == ProviderEntry.State.OPEN, **_compared(row),
    }  # fmt: skip
    return render(request, "supplier/settlement/entry.html", context, status=422 if form.errors else 200)


def _compared(row: ProviderEntry) -> dict[str, object]:
    """Give why a line fits nothing, what to do, and the lines of its order."""
    lines = [(each, KINDS.get(each.kind, each.kind), STATES[each.state]) for each in differences.beside(row)]
    if row.state == ProviderEntry.State.MATCHED:
        return {"lines": lines}
    why = differences.why(row)
    reason, step = WHY[why.code]
    sums = (why.theirs, why.ours, why.theirs - why.ours) if why.code == "sums" else None
    return {"lines": lines, "why": reason, "step": step, "sums": sums, "code": why.code}
