"""Kits in the supplier's office: composed, published, where they are, withdrawn."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from enablement.models import Kit
from enablement.selectors import kits, visits
from enablement.services import kits as services
from enablement.web.kit_forms import KitForm
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import texts
from s2b2c.kernel.errors import Refused
from s2b2c.ui import table, toast
from s2b2c.ui.states import State

COMPOSERS = ("catalogue",)
_STATES = {
    "draft": State("", _("Draft"), "open"),
    "published": State("ok", pgettext_lazy("kit", "Published")),
    "withdrawn": State("bad", _("Withdrawn"), "stop"),
}
_ENDED = {
    "": State("ok", _("There now")),
    "shop": State("", _("Taken out by the shop"), "stop"),
    "supplier": State("warn", _("Withdrawn by us"), "stop"),
}


def address(kit: Any) -> str:
    """Give the address of a kit's page."""
    return reverse("supply:kit", args=[kit.pk])


def _offer(kit: Any) -> str:
    if not kit.value_bps:
        return ""
    off, share = f"{kit.value_bps / 100:g}", f"{kit.share_bps / 100:g}"
    return gettext("%(off)s %% off, we bear %(share)s %%") % {"off": off, "share": share}


class Kits(table.Table):
    """All kits."""

    id, caption, order, csv_name = "kits", _("Kits"), "-created_at", "kits"
    columns = [
        table.Column("title", _("Kit"), value=lambda each: texts.local(each, "title"), link=address, card=1, fixed=True, clip=True),
        table.state_column("state", _("State"), _STATES),
        table.Column("goods", _("Products"), align="end"),
        table.Column("offer", _("Offer"), value=_offer, card=3),
        table.date_column("starts_on", _("First day"), time=False, hidden=True),
        table.date_column("ends_on", _("Last day"), time=False),
        table.Column("shops", _("In shops now"), align="end", sort="shops", card=2),
        table.Column("ever", _("Shops ever"), align="end", sort="ever"),
        table.date_column("created_at", _("Begun"), sort="created_at", hidden=True),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["title_en__icontains", "title_zh__icontains"]),
        table.Choice("state", _("State"), choices=Kit.State.choices),
    ]
    search_hint = _("Title")

    @property
    def empty(self) -> table.Empty:  # type: ignore[override]
        words = _("No kits yet"), _("A campaign ready to be taken on: shops put it on their shelves with one button.")
        return table.Empty(*words, "package-open", reverse("supply:kit_new"), _("Compose a kit"))


class Places(table.Table):
    """Every shop a kit is or was in."""

    id, caption, order, csv_name, allow_views, size = (
        "kit_places",
        _("Where it is"),
        "-adopted_at",
        "kit-shops",
        False,
        50,
    )
    columns = [
        table.Column("shop", _("Shop"), value="reseller.name", link=lambda each: reverse("supply:reseller", args=[each.reseller.slug]), sort="reseller__name", card=1, fixed=True),
        table.state_column("ended_by", _("State"), _ENDED, card=2),
        table.date_column("adopted_at", pgettext_lazy("kit", "Since"), sort="adopted_at", card=3),
        table.date_column("ended_at", pgettext_lazy("day", "Until"), card=5),
        table.Column("own", _("Own words"), value=lambda each: gettext("Yes") if _own(each) else ""),
    ]  # fmt: skip
    filters = [table.Text(fields=["reseller__name__icontains", "reseller__slug__istartswith"])]
    search_hint = _("Shop")
    empty = table.Empty(_("In no shop yet"), _("Shops find it among their kits."), "store")


def _own(use: Any) -> bool:
    return any(getattr(use, f"{name}_{tongue}") for name in ("title", "lead", "story") for tongue in ("en", "zh"))


@supplier_role(*COMPOSERS)
@require_http_methods(["GET", "HEAD"])
def index(request: Request) -> HttpResponseBase:
    """List kits."""
    return table.respond(request, Kits(request, kits.listed()), "supplier/tools/kits.html", {})


@supplier_role(*COMPOSERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Begin a kit."""
    form = KitForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            made = services.draft(facts=form.facts, upload=form.cleaned_data["upload"], actor_id=request.user.pk)
            toast.add(request, gettext("Begun. Now choose its products."))
            return redirect(f"{address(made)}#goods")
        except Refused as refusal:
            _refused(form, refusal)
    return render(request, "supplier/tools/kit_new.html", {"form": form}, status=422 if form.errors else 200)


def _refused(form: KitForm, refusal: Refused) -> None:
    field = "upload" if refusal.field == "file" else refusal.field
    form.add_error(field if field in form.fields else None, str(refusal))


@supplier_role(*COMPOSERS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, kit_id: int) -> HttpResponseBase:
    """Show a kit; a POST changes it."""
    kit = kits.find(kit_id)
    form = KitForm(request.POST or None, request.FILES or None, kit=kit)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(
                kit_id=kit_id, facts=form.facts, upload=form.cleaned_data["upload"], actor_id=request.user.pk
            )
            toast.add(request, gettext("Saved"))
            return redirect(address(kit))
        except Refused as refusal:
            _refused(form, refusal)
    context = _context(request, kit, form)
    if form.errors:
        return render(request, "supplier/tools/kit.html", context, status=422)
    return table.respond(request, context["table"], "supplier/tools/kit.html", context)


def _context(request: Request, kit: Any, form: KitForm) -> dict[str, Any]:
    goods, wanted = kits.goods(kit), request.GET.get("find", "").replace("\x00", "")[:80]
    asked = kits.prices([each.product_id for each in goods])
    return {
        "kit": kit,
        "form": form,
        "title": texts.local(kit, "title"),
        "lead": texts.local(kit, "lead"),
        "story": texts.local(kit, "story"),
        "picture": kits.picture(kit),
        "offer": _offer(kit),
        "state": _STATES[kit.state],
        "goods": [_row(kit, each.product, asked.get(each.product_id)) for each in goods],
        "find": wanted,
        "finds": [(each, texts.local(each, "name")) for each in kits.finds(wanted, kit)]
        if kit.state == "draft"
        else [],
        "table": Places(request, kits.where(kit)),
        "opened": visits.of_kit(kit.pk),
    }


def _row(kit: Any, product: Any, asked: Any) -> dict[str, Any]:
    """Give a product with its suggested price, what is left of it after the offer, and the floor."""
    suggested = asked["suggested"] if asked else None
    after = suggested * (10_000 - kit.value_bps) // 10_000 if asked else None
    return {
        "product": product,
        "name": texts.local(product, "name"),
        "suggested": suggested,
        "after": after,
        "floor": asked["floor"] if asked else None,
        "currency": asked["currency"] if asked else "",
        "low": bool(asked and after is not None and after < asked["floor"]),
    }


@supplier_role(*COMPOSERS)
@require_POST
def put(request: Request, kit_id: int) -> HttpResponseBase:
    """Put a product into a draft, or take it out."""
    product = request.POST.get("product", "")
    number = int(product) if product.isdigit() and len(product) < 18 else 0
    act = services.take_out if request.POST.get("out") else services.put
    try:
        act(kit_id=kit_id, product_id=number)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        toast.add(request, str(refusal), tone="bad")
    return redirect(f"{reverse('supply:kit', args=[kit_id])}#goods")


@supplier_role(*COMPOSERS)
@require_POST
def publish(request: Request, kit_id: int) -> HttpResponseBase:
    """Offer a kit to the shops."""
    try:
        services.publish(kit_id=kit_id, actor_id=request.user.pk)
        toast.add(request, gettext("Every shop finds it among its kits now"))
    except Refused as refusal:
        if refusal.status == 404:
            raise
        toast.add(request, str(refusal), tone="bad")
    return redirect(reverse("supply:kit", args=[kit_id]))


@supplier_role(*COMPOSERS)
@require_POST
def withdraw(request: Request, kit_id: int) -> HttpResponseBase:
    """Take a kit out of every shop."""
    try:
        count = services.withdraw(kit_id=kit_id, why=request.POST.get("why", ""), actor_id=request.user.pk)
        said = ngettext(
            "Gone from %(n)s shop. The list stays below.", "Gone from %(n)s shops. The list stays below.", count
        )
        toast.add(request, said % {"n": count})
    except Refused as refusal:
        if refusal.status == 404:
            raise
        toast.add(request, str(refusal), tone="bad")
    return redirect(reverse("supply:kit", args=[kit_id]))
