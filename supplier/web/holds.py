"""Let an order stand still at S, and go on."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.ui import toast
from supplier.services import changes

WRITERS = ("warehouse", "support")


@supplier_role(*WRITERS)
@require_POST
def hold(request: Request, slug: str, number: str) -> HttpResponse:
    """Stop the order, with a reason."""
    try:
        changes.hold_at_supplier(
            slug=slug, number=number, reason=request.POST.get("reason", "")[:160], actor_id=request.user.pk
        )
    except NotFound:
        raise
    except Refused as refused:
        toast.add(request, str(refused), tone="warn")
    else:
        toast.add(request, gettext("On hold: nothing of it is picked or sent"))
    return redirect("supply:order", slug, number)


@supplier_role(*WRITERS)
@require_POST
def resume(request: Request, slug: str, number: str) -> HttpResponse:
    """Let the order go on."""
    try:
        changes.resume_at_supplier(slug=slug, number=number, actor_id=request.user.pk)
    except NotFound:
        raise
    except Refused as refused:
        toast.add(request, str(refused), tone="warn")
    else:
        toast.add(request, gettext("The order goes on"))
    return redirect("supply:order", slug, number)
