"""``python -m tests.pictures [PART …]``: pictures of every page of the platform that runs here, into var/pictures.

Start the platform first (``make run``). What a look at the pictures would not tell is printed: answers that are
errors, pages wider than the window, what the browser complained of, and with ``--axe`` what axe found.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import os
import sys
from pathlib import Path

from s2b2c.embedded import lock, places
from tests.pictures.camera import Camera, Site

# Each has ``shoot(camera)``; ``stage(site)``, where there is one, is called once before.
PARTS = ("shop", "looks", "orders", "returns", "services", "platform", "supply", "office", "mail")
ASKED_FOR = ("readme",)  # writes into docs/pictures, so it is never among all
LANGUAGES = ("en", "zh-hans")


def main() -> int:
    """Shoot the parts asked for; exit status 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)} (default: all), or readme")
    parser.add_argument("--width", type=int, nargs="*", default=[390, 1280])
    parser.add_argument("--language", nargs="*", default=list(LANGUAGES), choices=LANGUAGES)
    parser.add_argument("--dark", action="store_true", help="as a device that asks for dark pages shows them")
    parser.add_argument("--only", default="", help="only pictures whose name contains this")
    parser.add_argument("--axe", action="store_true", help="let axe look at each page, too")
    options = parser.parse_args()
    if unknown := set(options.parts) - {*PARTS, *ASKED_FOR}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join((*PARTS, *ASKED_FOR))}")
    site = running()
    found = [each for part in options.parts or PARTS for each in shoot(site, part, options)]
    print(f"\n{len(found)} found. The pictures: {site.folder}")
    return 1 if found else 0


def running() -> Site:
    """Give the platform that runs on this machine, and let Django talk to its database."""
    var = places.var_dir()
    known = lock.read(var)
    if not known:
        sys.exit("The platform is not running here. Start it with: make run")
    os.environ.update(known["environment"])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's loop runs in this thread; nothing runs at once here
    import django

    django.setup()
    return Site(known["port"], var)


def shoot(site: Site, part: str, options: argparse.Namespace) -> list[str]:
    """Shoot one part in all sizes and languages; give what was found."""
    from playwright.sync_api import sync_playwright

    from tests import chromium

    module = importlib.import_module(f"tests.pictures.{part}")
    if hasattr(module, "stage"):
        module.stage(site)
    found: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        for width, language in itertools.product(options.width, options.language):
            folder = site.folder / part / f"{width}-{language}{'-dark' if options.dark else ''}"
            camera = Camera(browser, site, folder, width, language, options.only, options.axe, options.dark)
            module.shoot(camera)
            camera.close()
            found += camera.found
        browser.close()
    return found


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    sys.exit(main())
