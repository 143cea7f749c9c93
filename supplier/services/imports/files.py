"""Where the files of imports are kept: outside of everything that is served."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import Refused
from supplier.models import ImportJob
from supplier.services.imports import parse


def keep(name: str, chunks: Iterable[bytes]) -> Path:
    """Write an upload under a name of ours.

    :raises Refused: larger than a file may be; nothing is left behind.
    """
    folder = Path(settings.VAR_DIR, "imports")
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / name
    size = 0
    try:
        with place.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > parse.MAX_BYTES:
                    raise Refused(
                        "too_large",
                        _("A file has at most %(most)s MB."),
                        field="file",
                        most=parse.MAX_BYTES // 1024 // 1024,
                    )
                file.write(chunk)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    return place


def path(job: ImportJob) -> Path:
    """Give where a job's file lies.

    :raises Refused: it is gone.
    """
    place = Path(settings.VAR_DIR, "imports", job.file_path)
    if not place.is_file():
        raise Refused("file_gone", _("The file is no longer there. Please upload it again."), field="file")
    return place


def drop(job: ImportJob) -> None:
    """Remove a job's file, if it is there."""
    Path(settings.VAR_DIR, "imports", job.file_path).unlink(missing_ok=True)
