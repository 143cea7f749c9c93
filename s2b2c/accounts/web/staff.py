"""Staff, of S or of a shop: the same page in both offices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from s2b2c.accounts.forms import InviteForm
from s2b2c.accounts.http import Request
from s2b2c.accounts.models import Membership
from s2b2c.accounts.permissions import SIDES
from s2b2c.accounts.selectors import invitations, memberships
from s2b2c.accounts.services import staff
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy.context import reading


def page(request: Request) -> HttpResponse:
    """List who works here and who is invited; take what the page's forms ask for."""
    form = InviteForm(None, roles=SIDES[request.audience])
    if request.method == "POST":
        try:
            done = _act(request)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
        if done is None:
            return redirect(request.path)
        form = done
    return _show(request, form)


def _act(request: Request) -> InviteForm | None:
    """Do what was asked; the invitation's form comes back when it needs to be looked at again."""
    action = request.POST.get("action")
    if action == "invite":
        return _invite(request)
    common: dict[str, Any] = {"actor": request.user, "reseller": request.reseller}
    target = _number(request.POST.get("id", ""))
    if action == "withdraw":
        staff.withdraw(invitation_id=target, **common)
        messages.success(request, _("The invitation is withdrawn."))
    elif action == "role":
        staff.change_role(membership_id=target, role=request.POST.get("role", ""), **common)
        messages.success(request, _("The role is changed."))
    elif action == "remove":
        staff.remove(membership_id=target, **common)
        messages.success(request, _("They no longer work here."))
    return None


def _invite(request: Request) -> InviteForm | None:
    form = InviteForm(request.POST, roles=SIDES[request.audience])
    if not form.is_valid():
        return form
    try:
        invitation, token = staff.invite(
            actor=request.user,
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            reseller=request.reseller,
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return form
    url = request.build_absolute_uri(reverse("account:invitation", kwargs={"token": token}))
    staff.send_invitation(invitation, url=url)
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invitation.email})
    return None


def _show(request: Request, form: InviteForm) -> HttpResponse:
    with reading():
        labels = dict(Membership.Role.choices)
        context = {
            "frame": f"base/{request.audience}.html",
            "form": form,
            "staff": list(memberships.staff_of(request.reseller)),
            "invitations": list(invitations.open_of(request.reseller)),
            "now": clock.now(),
            "roles": [(role, labels[role]) for role in SIDES[request.audience]],
        }
        return render(request, "account/staff.html", context, status=422 if form.errors else 200)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
