"""One press of a button on a thing's page: carried out and said, or the page again with the reason why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from s2b2c.kernel.errors import Refused
from s2b2c.ui import toast


def take(
    request: HttpRequest,
    step: Callable[[], Any],
    *,
    said: str,
    onward: Callable[[], str],
    refused: Callable[[str], HttpResponseBase],
) -> HttpResponseBase:
    """Do a step, say so on the page ``onward`` leads to; a refusal's text goes to ``refused``, which answers."""
    try:
        step()
    except Refused as refusal:
        return refused(str(refusal))
    toast.add(request, said)
    return redirect(onward())
