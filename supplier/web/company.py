"""S's own details, as statements and invoices show them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.ui import toast
from supplier.models import Company
from supplier.selectors import papers
from supplier.web import party_form


@supplier_role("finance")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request) -> HttpResponse:
    """Show who S is on its papers; change it for those to come."""
    known = papers.party_of(None)
    company = Company.objects.filter(id=1).first()
    form = party_form.bound(request, known, name=company.name if company else "")
    if request.method == "POST" and party_form.kept(form, reseller=None, request=request):
        toast.add(request, _("Papers from now on show this"))
        return redirect("supply:company")
    context = {"form": form, "known": known}
    return render(request, "supplier/settlement/company.html", context, status=422 if form.errors else 200)
