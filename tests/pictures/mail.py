"""The mails that were sent, as a mail program shows them."""

from __future__ import annotations

import re

from tests.pictures.camera import Camera


def shoot(camera: Camera) -> None:
    """Take the newest mail of each subject, whichever language it was written in."""
    newest = {re.sub(r"[\w-]*\d[\w-]*", "N", str(each["Subject"])): each for each in camera.site.mails()}
    for number, (subject, mail) in enumerate(newest.items()):
        body = mail.get_body(("html",))
        name = re.sub(r"\W+", "-", subject).strip("-")[:60]
        page = camera.page(java_script_enabled=False)
        text = mail.get_body(("plain",)).get_content()
        camera.folder.mkdir(parents=True, exist_ok=True)
        (camera.folder / f"{number:02}-{name}.txt").write_text(
            f"{mail['From']}\n{subject}\n\n{text}", encoding="utf-8"
        )
        if body is None or camera.only not in name:
            continue
        page.set_content(body.get_content())
        page.screenshot(path=str(camera.folder / f"{number:02}-{name}.png"), full_page=True)
