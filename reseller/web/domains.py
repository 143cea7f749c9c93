"""The shop's address: its own domains, claimed, proved, made the main one, given up and taken back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from reseller.web import ground
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.tenancy import hosts
from s2b2c.tenancy.context import reading
from s2b2c.tenancy.models import Domain, Reseller
from s2b2c.tenancy.services import domains as service
from s2b2c.ui import toast
from s2b2c.ui.states import State

# Where the session keeps the domain given up last, and for how long it comes back as it was.
_KEPT, _KEPT_SECONDS = "given_up_domain", 600
_WAITING = State("warn", gettext_lazy("Waiting for the records"))
_PROVED = State("ok", gettext_lazy("Ready"))
_MAIN = State("ok", gettext_lazy("Main address"), "full")


@dataclass(frozen=True, slots=True)
class Record:
    """One line to enter where the domain was bought; ``short`` is for providers that add the domain themselves."""

    kind: str
    name: str
    short: str
    value: str
    why: str


class DomainForm(forms.Form):
    """The name of a domain; the service says whether it is one."""

    domain = forms.CharField(
        label=gettext_lazy("Your domain"),
        max_length=253,
        help_text=gettext_lazy("Without https:// in front. You buy a domain at a registrar, not here."),
        widget=forms.TextInput(
            attrs={
                "placeholder": "shop.example.com",
                "autocapitalize": "none",
                "autocomplete": "off",
                "spellcheck": "false",
                "inputmode": "url",
            }
        ),
    )


@never_cache
@reseller_role("owner")
@require_http_methods(["GET", "HEAD", "POST"])
def domains(request: Request) -> HttpResponseBase:
    """List the shop's addresses; a POST claims one more."""
    form = DomainForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=422 if request.method == "POST" else 200)
    try:
        claimed = service.claim(reseller=_reseller(request), name=form.cleaned_data["domain"])
    except Refused as refused:
        form.add_error("domain", str(refused))
        return _page(request, form, status=refused.status)
    toast.add(request, _("Noted. Now set the two records, then check."))
    return redirect(f"{_url(request)}#d{claimed.pk}")


@reseller_role("owner")
@require_POST
def change_domain(request: Request, domain_id: int) -> HttpResponseBase:
    """Check a domain's record, make it the main address, or give it up."""
    with reading():
        domain = Domain.objects.select_related("tenant").filter(tenant=_reseller(request), pk=domain_id).first()
    do = CHANGES.get(request.POST.get("do", ""))
    if domain is None or do is None:
        raise NotFound()
    try:
        return do(request, domain)
    except Refused as refused:
        return _page(request, DomainForm(), status=refused.status, problem=(domain.pk, str(refused)))


@reseller_role("owner")
@require_POST
def restore_domain(request: Request) -> HttpResponseBase:
    """Take back the domain given up last: as it was for ten minutes, after that to be proved again."""
    kept: dict[str, Any] = request.session.pop(_KEPT, {})
    if not kept or kept.pop("reseller") != _reseller(request).pk:
        raise Refused("nothing_kept", _("There is nothing to take back any more."), status=409)
    fresh = time.time() - kept.pop("at") < _KEPT_SECONDS
    try:
        service.take_back(reseller=_reseller(request), **kept | {"proved": kept["proved"] and fresh})
    except Refused as refused:
        return _page(request, DomainForm(), status=refused.status, problem=(0, str(refused)))
    toast.add(request, _("It is back."))
    return redirect(_url(request))


def _check(request: Request, domain: Domain) -> HttpResponseBase:
    service.prove(domain=domain)
    if service.leads_elsewhere(domain=domain):
        return _page(request, DomainForm(), elsewhere=domain.pk)
    text = _("%(domain)s is ready and leads to your shop.")
    toast.add(request, text % {"domain": written(domain.domain)})
    return redirect(f"{_url(request)}#d{domain.pk}")


def _make_primary(request: Request, domain: Domain) -> HttpResponseBase:
    if domain.is_own and "anyway" not in request.POST and service.leads_elsewhere(domain=domain):
        return _page(request, DomainForm(), status=409, elsewhere=domain.pk)
    service.make_primary(domain=domain)
    toast.add(request, _("Links and mails use %(domain)s from now on.") % {"domain": written(domain.domain)})
    return redirect(_url(request))


def _give_up(request: Request, domain: Domain) -> HttpResponseBase:
    kept = {
        "reseller": domain.tenant_id,
        "name": domain.domain,
        "token": domain.verification_token,
        "proved": domain.verified_at is not None,
        "primary": domain.is_primary,
        "at": time.time(),
    }
    service.give_up(domain=domain)
    request.session[_KEPT] = kept
    text = _("%(domain)s no longer leads to your shop.") % {"domain": written(domain.domain)}
    toast.add(request, text, undo_url=ground.url("restore_domain", ground.slug(request)))
    return redirect(_url(request))


CHANGES: dict[str, Callable[[Request, Domain], HttpResponseBase]] = {
    "check": _check,
    "primary": _make_primary,
    "remove": _give_up,
}


def _page(
    request: Request,
    form: DomainForm,
    *,
    status: int = 200,
    problem: tuple[int, str] = (0, ""),
    elsewhere: int = 0,
) -> HttpResponse:
    with reading():
        found = list(Domain.objects.filter(tenant=_reseller(request)).select_related("tenant").order_by("created_at"))
    own = [_shown(each) for each in found if each.is_own]
    context = {
        "own": own,
        "ours": next(each for each in found if not each.is_own),
        "form": form,
        "problem": problem,
        "elsewhere": elsewhere,
        "full": len(own) >= service.MOST,
    }
    return render(request, "office/domains.html", context, status=status)


def _shown(domain: Domain) -> dict[str, Any]:
    state = _MAIN if domain.is_primary else _PROVED if domain.verified_at else _WAITING
    return {"row": domain, "name": written(domain.domain), "state": state, "records": records(domain)}


def records(domain: Domain) -> list[Record]:
    """Give what must be entered at the registrar: where the name leads, and whose it is."""
    label = domain.domain.partition(".")[0]
    proof = service.txt_name(domain)
    return [
        Record("CNAME", domain.domain, label, hosts.shop_host(domain.tenant), _("leads visitors to your shop")),
        Record("TXT", proof, f"{proof.partition('.')[0]}.{label}", service.txt_value(domain), _("proves it is yours")),
    ]


def written(name: str) -> str:
    """Give a domain as people write it: 商店.example, not xn--czrs0t.example."""
    try:
        return name.encode("ascii").decode("idna")
    except UnicodeError:
        return name


def _reseller(request: Request) -> Reseller:
    assert request.reseller is not None
    return request.reseller


def _url(request: Request) -> str:
    return ground.url("domains", ground.slug(request))
