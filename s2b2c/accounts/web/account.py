"""One's own account, and the door for those who are invited."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from s2b2c.accounts.forms import JoinForm, ProfileForm
from s2b2c.accounts.http import Request
from s2b2c.accounts.models import Invitation, User
from s2b2c.accounts.permissions import public, signed_in
from s2b2c.accounts.selectors import invitations, memberships
from s2b2c.accounts.services import staff


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def security(request: Request) -> HttpResponse:
    """Name and language, and the ways to e-mail, password and second step."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account:security")
    context = {"form": form, "second_factor": memberships.has_second_factor(request.user)}
    return render(request, "account/security.html", context, status=422 if form.errors else 200)


@never_cache
@public
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponseBase:
    """Show who invites whom to what; whoever is signed in as the invited accepts with one button."""
    found = invitations.by_token(token)
    if found is None or (found.reseller_id is None) != (request.audience == "supply"):
        return render(request, "account/invitation_gone.html", status=404)
    user = request.user if request.user.is_authenticated else None
    if user is not None and user.email == found.email:
        if request.method == "POST":
            staff.accept(token=token, user=user)
            return HttpResponseRedirect(_door(found))
        return render(request, "account/invitation.html", {"invitation": found, "mine": True})
    known = User.objects.filter(email=found.email).exists()
    if user is not None or known:
        return render(request, "account/invitation.html", {"invitation": found, "other": user, "known": known})
    return _join(request, found, token)


def _join(request: Request, found: Invitation, token: str) -> HttpResponseBase:
    """Make the account of somebody new: whoever holds the token has the mailbox."""
    form = JoinForm(request.POST or None, email=found.email)
    if request.method != "POST" or not form.is_valid():
        context = {"invitation": found, "form": form}
        return render(request, "account/invitation.html", context, status=422 if form.errors else 200)
    name, password = form.cleaned_data["name"], form.cleaned_data["password"]
    user = staff.join(token=token, name=name, password=password, language=get_language() or "en")
    return perform_login(request, Login(user=user, redirect_url=_door(found)))


def _door(found: Invitation) -> str:
    return "/" if found.reseller is None else f"/{found.reseller.slug}/"
