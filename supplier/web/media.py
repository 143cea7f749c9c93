"""Pictures of products, for installations without a file server in front."""

from __future__ import annotations

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

# The only names ever written; anything else is not looked for.
_NAME = re.compile(r"[0-9a-z]{2}/[0-9a-z]{26}(-[0-9]{2,4})?\.webp")


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a rendition, ``path`` below ``products/``. A name never gets another content, so it may be kept for a year."""
    if not _NAME.fullmatch(path):
        raise Http404
    etag = f'"{path.rpartition("/")[2].removesuffix(".webp")}"'
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
    }
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers=headers)
    try:
        return FileResponse(default_storage.open(f"products/{path}"), content_type="image/webp", headers=headers)
    except FileNotFoundError:
        raise Http404 from None
