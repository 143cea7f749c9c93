"""A provider's own pages on the supplier's host, made for a phone: applying, coming in by a link, offers, proof.

Who came in by a link is in the session, with the number of the link: a renewed one puts him out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.core.cache import cache
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import ServiceProvider, ServiceTask
from enablement.selectors import network
from enablement.services import providers, service_tasks
from enablement.web import network_words as words
from enablement.web.provider_forms import BankForm, ProviderForm
from s2b2c.accounts import clients
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import public
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.ui import steps, toast
from supplier.models import Company
from supplier.services.settlement import accounts

_SESSION = "provider"
APPLY_AN_HOUR, LINKS_AN_HOUR = 10, 10


def _count(name: str, most: int) -> None:
    """Count towards a limit of this hour; without Redis there is none."""
    cache.add(name, 0, 3600)
    try:
        used = cache.incr(name)
    except ValueError:
        return
    if used > most:
        raise Refused("too_often", _("Too many tries. Please wait an hour."), status=429)


def inside(view: Callable[..., HttpResponseBase]) -> Any:
    """Let only a provider in who came by a good link; others are asked for their address."""

    @never_cache
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            request.provider = providers.known(*request.session.get(_SESSION, (0, 0)))  # type: ignore[attr-defined]
        except NotFound:
            return redirect("supply:provider_login")
        return view(request, *args, **kwargs)

    return public(guarded)


def _me(request: Request) -> ServiceProvider:
    return request.provider  # type: ignore[attr-defined,no-any-return]


def _frame(request: Request) -> dict[str, Any]:
    return {"supplier": Company.objects.values_list("name", flat=True).first() or ""}


# --- Coming in ---------------------------------------------------------------------------------------------
@public
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: Request) -> HttpResponseBase:
    """Apply as a provider."""
    form = ProviderForm(request.POST or None)
    if not request.POST:
        form.initial["language"] = translation.get_language() or "en"
    if form.is_valid():
        try:
            _count(f"provider-apply:{clients.address(request)}", APPLY_AN_HOUR)
            providers.apply(facts=form.facts, rates=form.cleaned_data["rates"])
            return redirect("supply:provider_applied")
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, "supplier/network/own/apply.html", {"form": form, **_frame(request)}, status=status)


@public
@require_safe
def applied(request: Request) -> HttpResponse:
    """Say what happens next."""
    return render(request, "supplier/network/own/applied.html", _frame(request))


class Address(forms.Form):
    """Where a link is sent."""

    email = forms.EmailField(label=_("E-mail"))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: Request) -> HttpResponseBase:
    """Send a provider its link; the answer is the same whoever asks."""
    form, sent = Address(request.POST or None), False
    if form.is_valid():
        try:
            email = form.cleaned_data["email"].strip().lower()
            _count(f"provider-link:{clients.address(request)}", LINKS_AN_HOUR)
            _count(f"provider-link:{email}", LINKS_AN_HOUR)
            providers.ask_link(email=email)
            sent = True
        except Refused as refusal:
            form.add_error("email", str(refusal))
    context = {"form": form, "sent": sent, **_frame(request)}
    return render(request, "supplier/network/own/login.html", context, status=422 if form.errors else 200)


@public
@never_cache
@require_safe
def enter(request: Request, word: str) -> HttpResponseBase:
    """Come in by a link."""
    try:
        found = providers.opened(word)
    except NotFound:
        return render(request, "supplier/network/own/gone.html", _frame(request), status=404)
    request.session.cycle_key()
    request.session[_SESSION] = (found.pk, found.access)
    number = request.GET.get("task", "")
    there = number and ServiceTask.objects.filter(number=number, provider=found).exists()
    return redirect(reverse("supply:provider_task", args=[number]) if there else reverse("supply:provider_home"))


@public
@require_POST
def leave(request: Request) -> HttpResponseBase:
    """Go out again."""
    request.session.pop(_SESSION, None)
    return redirect("supply:provider_login")


# --- Inside --------------------------------------------------------------------------------------------------
@inside
@require_safe
def home(request: Request) -> HttpResponseBase:
    """Show what is offered, what is to be done, and what was."""
    me = _me(request)
    mine = network.tasks().filter(provider=me)
    score = network.scores([me.pk])[me.pk]
    ended = ("done", "approved", "paid")
    context = {
        **_frame(request),
        "me": me,
        "state": words.PROVIDERS[me.state],
        "offers": [_shown(each.task) | {"offer": each} for each in network.open_offers(me.pk)],
        "ahead": [_shown(each) for each in mine.filter(state="accepted").order_by("on", "at_part")],
        "past": [_shown(each) for each in mine.filter(state__in=ended).order_by("-done_at")[:12]],
        "score": score.value,
        "parts": words.score_rows(score),
        "bank": bool(me.bank),
    }
    return render(request, "supplier/network/own/home.html", context)


def _shown(row: ServiceTask) -> dict[str, Any]:
    return {
        "task": row,
        "title": words.title(row),
        "when": words.when(row),
        "state": words.TASKS[row.state],
        "icon": words.ICONS[row.kind],
        "late": words.late(row),
    }


@inside
@require_safe
def task(request: Request, number: str) -> HttpResponseBase:
    """Show a task that is offered to me, or mine."""
    return _task(request, number)


def _task(request: Request, number: str, error: str = "") -> HttpResponseBase:
    me = _me(request)
    row = network.task_of_provider(number, me.pk)
    offer = next((each for each in network.open_offers(me.pk) if each.task_id == row.pk), None)
    context = {**_frame(request), "me": me, **_shown(row), "offer": offer, "error": error, "typed": request.POST}
    return render(request, "supplier/network/own/task.html", context, status=422 if error else 200)


@inside
@require_POST
def step(request: Request, number: str, step: str) -> HttpResponseBase:
    """Accept, decline, give back, or hand in."""
    found = _STEPS.get(step)
    if found is None:
        raise NotFound()
    act, said, stays = found
    here = reverse("supply:provider_task", args=[number])
    return steps.take(
        request,
        lambda: act(request, number),
        said=str(said),
        onward=lambda: here if stays else reverse("supply:provider_home"),
        refused=lambda why: _refused(request, number, why),
    )


def _refused(request: Request, number: str, why: str) -> HttpResponseBase:
    try:
        return _task(request, number, why)
    except NotFound:  # it is another's by now
        toast.add(request, why, tone="warn")
        return redirect("supply:provider_home")


def _hand_in(request: Request, number: str) -> None:
    service_tasks.hand_in(
        number=number, provider_id=_me(request).pk, proof=request.POST.get("proof", ""),
        photos=request.FILES.getlist("photos"),
    )  # fmt: skip


_STEPS: dict[str, tuple[Callable[[Request, str], Any], Any, bool]] = {
    "accept": (lambda request, number: service_tasks.accept(number=number, provider_id=_me(request).pk), _("It is yours."), True),
    "decline": (lambda request, number: service_tasks.decline(number=number, provider_id=_me(request).pk, note=request.POST.get("note", "")), _("Declined; the next one is asked."), False),
    "give-back": (lambda request, number: service_tasks.hand_back(number=number, provider_id=_me(request).pk, note=request.POST.get("note", "")), _("Given back; the next one is asked."), False),
    "hand-in": (_hand_in, _("Handed in; you are paid once it is approved."), True),
}  # fmt: skip


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: Request) -> HttpResponseBase:
    """Change what I say of myself."""
    mine = _me(request)
    form = ProviderForm(request.POST or None, provider=mine)
    if form.is_valid():
        try:
            facts, rates = form.facts, form.cleaned_data["rates"]
            providers.change(provider_id=mine.pk, facts=facts, rates=rates, actor_id=None)
            toast.add(request, gettext("Saved"))
            return redirect("supply:provider_me")
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {**_frame(request), "me": mine, "form": form}
    return render(request, "supplier/network/own/me.html", context, status=422 if form.errors else 200)


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def bank(request: Request) -> HttpResponseBase:
    """Say where I am paid. The account is never shown whole again."""
    mine = _me(request)
    form = BankForm(request.POST or None, initial={"country": mine.country})
    if form.is_valid():
        try:
            providers.set_bank(provider_id=mine.pk, **form.cleaned_data)
            toast.add(request, gettext("Saved"))
            return redirect("supply:provider_home")
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    known = accounts.masked(mine.bank.get("account", ""))
    context = {**_frame(request), "me": mine, "form": form, "known": known}
    return render(request, "supplier/network/own/bank.html", context, status=422 if form.errors else 200)
