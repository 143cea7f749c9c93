"""A vendor's own page of a request for quotation: opened by its link, in its language, made for a phone. No login.

It shows what was asked and its own answer, never whom else S asked or what others said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_info, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from enablement.models import Quote
from enablement.selectors import quotes
from enablement.services import quotes as services
from enablement.services import quoting
from enablement.web.quote_forms import AnswerForm
from enablement.web.quotes import ANSWERS
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import public
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import Company


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, word: str) -> HttpResponseBase:
    """Show what is asked; a POST answers it."""
    quote = _opened(word)
    if quote is None:
        return _gone(request)
    with translation.override(_language(request, quote)):
        if request.method == "GET":
            services.note_opened(quote)
        form = AnswerForm(request.POST or None, quote=quote, items=quotes.items(quote.request))
        if form.is_valid() and _answered(quote, form):
            return _again(request, word, "sent")
        return _shown(request, quote, word, form)


def _answered(quote: Quote, form: AnswerForm) -> bool:
    try:
        quoting.answer(number=quote.request.number, vendor_id=quote.vendor_id, by_vendor=True, **form.facts)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


@public
@never_cache
@require_POST
def decline(request: Request, word: str) -> HttpResponseBase:
    """Make no offer."""
    return _no(request, word, quoting.decline)


@public
@never_cache
@require_POST
def withdraw(request: Request, word: str) -> HttpResponseBase:
    """Take an answer back."""
    return _no(request, word, quoting.withdraw)


def _no(request: Request, word: str, act: Callable[..., Quote]) -> HttpResponseBase:
    quote = _opened(word)
    if quote is None:
        return _gone(request)
    with translation.override(_language(request, quote)):
        try:
            act(
                number=quote.request.number, vendor_id=quote.vendor_id, reason=request.POST.get("reason", ""),
                by_vendor=True,
            )  # fmt: skip
        except Refused as refusal:
            form = AnswerForm(quote=quote, items=quotes.items(quote.request))
            return _shown(request, quote, word, form, str(refusal))
        return _again(request, word, "noted")


def _opened(word: str) -> Quote | None:
    try:
        return services.opened(word)
    except NotFound:
        return None


def _language(request: Request, quote: Quote) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else quote.vendor.language


def _again(request: Request, word: str, said: str) -> HttpResponseBase:
    asked = request.GET.get("language", "")
    answer = redirect("supply:quote_own", word)
    answer["Location"] += f"?said={said}" + (f"&language={asked}" if asked in dict(settings.LANGUAGES) else "")
    return answer


def _shown(request: Request, quote: Quote, word: str, form: AnswerForm, error: str = "") -> HttpResponseBase:
    asked = quote.request
    open_ = asked.state == "open" and asked.answer_by > clock.now()
    said = {"sent": gettext("Thank you. Your answer is with us; you may change it until the last day."), "noted": gettext("Noted. Thank you for telling us.")}  # fmt: skip
    awarded = set(quote.lines.exclude(awarded_at=None).values_list("item_id", flat=True))
    context = {
        **_frame(),
        "quote": quote,
        "asked": asked,
        "word": word,
        "form": form,
        "state": ANSWERS[quote.state],
        "open": open_,
        "may_withdraw": asked.state == "open" and quote.state == "answered",
        "closed": asked.state != "open",
        "lines": [(row["item"], _line(quote, row["item"].pk), row["item"].pk in awarded) for row in form.rows],
        "said": said.get(request.GET.get("said", ""), ""),
        "error": error,
        "language": translation.get_language(),
        "languages": [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
    }
    return _drawn(request, "supplier/buying/own/quote.html", context, 422 if form.errors or error else 200)


def _line(quote: Quote, item: int) -> Any:
    return next((line for line in quote.lines.all() if line.item_id == item), None)


def _gone(request: Request) -> HttpResponseBase:
    return _drawn(request, "supplier/buying/own/gone.html", _frame(), 404)


def _frame() -> dict[str, Any]:
    return {"supplier": Company.objects.values_list("name", flat=True).first() or ""}


def _drawn(request: Request, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    """Draw a page in the language that is active now."""
    answer = HttpResponse(render_to_string(template, context, request=request), status=status)
    answer["Content-Language"] = translation.get_language() or "en"
    answer["X-Robots-Tag"] = "noindex"
    return answer
