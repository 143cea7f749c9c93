"""Schema and docs of an audience's API, below ``/api/v1/``."""

from __future__ import annotations

from typing import Any

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from s2b2c.accounts.permissions import public
from s2b2c.api import errors
from s2b2c.api.web.docs import Docs, Schema


def urlpatterns(audience: str) -> list[Any]:
    """Give the pages that describe the API of ``supply`` or ``shop``."""
    return [
        path("schema/", public(Schema.as_view(audience=audience)), name="schema"),
        path("docs/", public(Docs.as_view(audience=audience)), name="docs"),
    ]


# What is below /api/ and nowhere else: told in the API's own shape.
elsewhere: list[Any] = [re_path(r"", csrf_exempt(public(errors.not_found)))]
