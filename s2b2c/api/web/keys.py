"""API keys, of S or of a shop: the same page in both offices. A new key is shown once, in the answer that made it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from s2b2c.accounts.forms import KeyForm
from s2b2c.accounts.http import Request
from s2b2c.api import scopes
from s2b2c.api.selectors import keys as key_selectors
from s2b2c.api.services import keys
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import hosts
from s2b2c.tenancy.context import reading


def page(request: Request) -> HttpResponse:
    """List the keys, make and revoke them."""
    known = scopes.SIDES["supply" if request.reseller is None else "shop"]
    form = KeyForm(None, scopes=known)
    if request.method != "POST":
        return _show(request, form)
    if request.POST.get("action") == "revoke":
        return _revoke(request)
    form = KeyForm(request.POST, scopes=known)
    if not form.is_valid():
        return _show(request, form)
    try:
        _key, secret = keys.create(actor=request.user, reseller=request.reseller, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _show(request, form)
    return _show(request, KeyForm(None, scopes=known), secret=secret)


def _revoke(request: Request) -> HttpResponse:
    text = request.POST.get("id", "")
    key_id = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    try:
        keys.revoke(actor=request.user, key_id=key_id, reseller=request.reseller)
        messages.success(request, _("The key no longer opens anything."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(request.path)


def _show(request: Request, form: KeyForm, *, secret: str = "") -> HttpResponse:
    known = scopes.SIDES["supply" if request.reseller is None else "shop"]
    with reading():
        rows = [(key, [known.get(scope, scope) for scope in key.scopes]) for key in key_selectors.of(request.reseller)]
        context = {
            "frame": f"base/{request.audience}.html",
            "form": form,
            "keys": rows,
            "secret": secret,
            "docs_url": hosts.shop_url(request.reseller, "/api/v1/docs/") if request.reseller else "/api/v1/docs/",
        }
        return render(request, "account/api_keys.html", context, status=422 if form.errors else 200)
