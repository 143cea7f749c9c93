"""The desks for what consumers say: complaints about goods, reviews to be read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import Complaint, DeskCase, Review
from enablement.selectors import care, trace
from enablement.services import complaints, reviews
from enablement.web import shown, threads
from enablement.web.desk import STEPS
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import ids
from s2b2c.kernel.errors import Refused
from s2b2c.kernel.texts import local
from s2b2c.ui import table, toast
from s2b2c.ui.states import State
from supplier.selectors import lots as lot_selectors
from supplier.web import filters, quality_tabs
from supplier.web.quality_tabs import READERS, WORKERS

COMPLAINTS: dict[Any, State] = {
    "open": State("warn", pgettext_lazy("complaint", "Open"), "open"),
    "answered": State("ok", pgettext_lazy("complaint", "Answered")),
    "closed": State("", pgettext_lazy("complaint", "Closed"), "stop"),
}
VERDICTS = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
REVIEWS: dict[Any, State] = {
    "waiting": State("warn", pgettext_lazy("review", "To be read"), "open"),
    "shown": State("ok", pgettext_lazy("review", "Shown")),
    "hidden": State("", pgettext_lazy("review", "Hidden"), "stop"),
}


def may_work(request: Request) -> bool:
    """Tell whether the reader answers and decides, or only looks."""
    return request.membership is not None and request.membership.role in ("admin", *WORKERS)


def address(each: Complaint) -> str:
    """Give the address of a complaint at S's desk."""
    return reverse("supply:complaint", args=[each.number])


class Complaints(table.Table):
    """Complaints about goods, the latest first."""

    id, caption, order, csv_name = "complaints", _("Complaints"), "-id", "complaints"
    columns = [
        table.Column("number", _("Number"), link=address, card=1, fixed=True),
        table.Column("product", _("Product"), value=lambda each: shown.title(each.variant) if each.variant else "", card=3, clip=True),
        table.Column("problem", _("What is wrong"), value=lambda each: each.get_problem_display()),
        table.Column("text", pgettext_lazy("complaint", "What was said"), value=lambda each: each.text[:120], clip=True, card=5),
        table.Column("lot", _("Lot"), value=lambda each: each.lot.code if each.lot else ""),
        table.Column("vendor", _("Vendor"), value=lambda each: each.vendor.name if each.vendor else "", muted=True),
        table.Column("shop", _("Shop"), value="reseller.name", clip=True),
        table.state_column("state", _("State"), COMPLAINTS),
        table.date_column("created_at", pgettext_lazy("complaint", "Written"), card=2),
    ]  # fmt: skip
    filters = [
        table.Text(apply=care.matching),
        table.Choice("state", _("State"), choices=[(code, state.word) for code, state in COMPLAINTS.items()]),
        table.Choice("problem", _("What is wrong"), choices=Complaint.Problem.choices),
        filters.Shop("shop", _("Shop"), field="reseller"),
    ]
    search_hint = _("Number, order, SKU, lot")
    empty = table.Empty(
        _("No complaints"), _("What consumers write about goods on their order’s page appears here."), "message-square"
    )


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List complaints about goods."""
    views = [table.View(COMPLAINTS[code].word, f"state={code}") for code in COMPLAINTS]
    rows = care.complaints().filter(about="goods")
    listed = Complaints(request, rows, views=[*views, table.View(_("All"))])
    return table.respond(
        request, listed, "supplier/quality/complaints.html", {"tabs": quality_tabs.tabs("complaints")}
    )


class Answer(forms.Form):
    """What is answered, and whether the goods were bad."""

    answer = forms.CharField(
        label=_("Reply"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The consumer reads it in the shop’s name"),
    )
    justified = forms.ChoiceField(label=_("Were the goods bad?"), choices=VERDICTS, required=False)


class Close(forms.Form):
    """Who made it necessary, and why it is over."""

    cause = forms.ChoiceField(
        label=_("Who made this necessary?"), choices=[("", _("Choose")), *DeskCase.Cause.choices]
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The shop reads it; the customer doesn’t"))


class Verdict(forms.Form):
    """Whether the goods were bad."""

    justified = forms.ChoiceField(label=_("Were the goods bad?"), choices=VERDICTS, required=False)


@supplier_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: Request, number: str) -> HttpResponseBase:
    """Show what was said of goods, and of which lots they may be; a POST answers, closes, or says whether they were bad."""
    kind = request.POST.get("action", "answer")
    form = {"close": Close, "judge": Verdict}.get(kind, Answer)(request.POST or None)
    if request.method == "POST" and may_work(request) and form.is_valid():
        toast.add(request, _act(request, number, kind, form.cleaned_data))
        return redirect("supply:complaint", number)
    return _page(request, care.complaint(number, about="goods"), kind, form)


def _act(request: Request, number: str, kind: str, told: dict[str, Any]) -> str:
    actor, verdict = request.user.pk, {"yes": True, "no": False}.get(told.get("justified", ""))
    if kind == "close":
        complaints.close(number=number, cause=told["cause"], reason=told["reason"], actor_id=actor)
        return gettext("Closed. If the customer writes again, it is open again.")
    if kind == "judge":
        complaints.judge(number=number, justified=verdict, actor_id=actor)
        return gettext("Noted")
    key = request.POST.get("key", "")[:40] or ids.token()
    complaints.answer(number=number, text=told["answer"], justified=verdict, key=key, actor_id=actor)
    return gettext("Answered, in the shop’s name")


def _page(request: Request, each: Complaint, kind: str, form: forms.Form) -> HttpResponseBase:
    lots = trace.lots_of(
        reseller_id=each.reseller_id, order_number=each.order_number, line_id=each.line_id,
        variant_id=None if each.line_id else each.variant_id,
    )  # fmt: skip
    judged = {True: "yes", False: "no", None: ""}[each.justified]
    role = request.membership.role if request.membership else ""
    context = {
        "each": each,
        "state": COMPLAINTS[each.state],
        "said": threads.shown(each.case.entries, STEPS) if each.case else [],
        "lots": lots,
        "shops": lot_selectors.shops([each.lot_id]) if each.lot_id else [],
        "form": form if kind == "answer" else Answer(initial={"justified": judged}),
        "closing": form if kind == "close" else Close(initial={"cause": each.case.cause if each.case else ""}),
        "judging": form if kind == "judge" else Verdict(initial={"justified": judged}),
        "verdict": dict(VERDICTS)[judged],
        "key": request.POST.get("key") or ids.token(),
        "may_work": may_work(request),
        "may_help": role in ("admin", "support", "quality", "finance"),
        "order_url": reverse("supply:order", args=[each.reseller.slug, each.order_number]),
        "tabs": quality_tabs.tabs("complaints"),
    }
    return render(request, "supplier/quality/complaint.html", context, status=422 if form.errors else 200)


@supplier_role(*WORKERS)
@require_POST
def name_lot(request: Request, number: str) -> HttpResponseBase:
    """Say of which lot the pieces are."""
    lot = request.POST.get("lot", "")
    complaints.name_lot(number=number, lot_id=int(lot) if lot.isdecimal() else 0, actor_id=request.user.pk)
    return redirect("supply:complaint", number)


class Reviews(table.Table):
    """Reviews, the latest first."""

    id, caption, order, csv_name = "reviews", _("Reviews"), "-id", "reviews"
    columns = [
        table.Column("product", _("Product"), value=lambda each: local(each.product, "name"), link=lambda each: reverse("supply:review", args=[each.pk]), card=1, fixed=True),
        table.Column("stars", _("Stars"), align="end", card=2),
        table.Column("text", pgettext_lazy("complaint", "What was said"), value=lambda each: each.text[:120], clip=True, card=3),
        table.Column("name", pgettext_lazy("review", "By"), muted=True),
        table.Column("shop", _("Shop"), value="reseller.name", clip=True),
        table.state_column("state", _("State"), REVIEWS),
        table.date_column("created_at", pgettext_lazy("complaint", "Written")),
    ]  # fmt: skip
    filters = [table.Choice("state", _("State"), choices=[(code, state.word) for code, state in REVIEWS.items()])]
    empty = table.Empty(
        _("No reviews yet"), _("Buyers write them on their order’s page; you read them first."), "star"
    )


@supplier_role(*READERS)
@require_safe
def review_index(request: Request) -> HttpResponseBase:
    """List reviews."""
    views = [table.View(REVIEWS[code].word, f"state={code}") for code in ("waiting", "shown", "hidden")]
    listed = Reviews(request, care.reviews(), views=[*views, table.View(_("All"))])
    return table.respond(request, listed, "supplier/quality/reviews.html", {"tabs": quality_tabs.tabs("reviews")})


@supplier_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, review_id: int) -> HttpResponseBase:
    """Show a review; a POST shows it in all shops, or hides it."""
    error = ""
    if request.method == "POST" and may_work(request):
        try:
            show = request.POST.get("show") == "1"
            reviews.decide(
                review_id=review_id, show=show, reason=request.POST.get("reason", ""), actor_id=request.user.pk
            )
        except Refused as refusal:
            error = str(refusal)
        else:
            toast.add(request, gettext("Shown in all shops") if show else gettext("Hidden"))
            return redirect("supply:reviews")
    each = care.reviews().filter(pk=review_id).first()
    if each is None:
        return redirect("supply:reviews")
    context = {
        "each": each, "state": REVIEWS[each.state], "name": local(each.product, "name"), "error": error,
        "may_work": may_work(request), "waiting": Review.objects.filter(state="waiting").exclude(pk=review_id).count(),
    }  # fmt: skip
    return render(request, "supplier/quality/review.html", context, status=422 if error else 200)
