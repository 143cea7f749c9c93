"""The page of all parts, and the switch of themes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from s2b2c.ui import theme

FRAMES = ("supply", "office", "platform")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("frame", FRAMES)
def test_kit_renders_in_every_frame(alone: Client, frame: str, language: str) -> None:
    response = alone.get("/_kit/", {"frame": frame}, headers={"Accept-Language": language})
    assert response.status_code == 200
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in response.content.decode()


@pytest.mark.parametrize("code", theme.codes())
def test_kit_shows_every_look(alone: Client, code: str) -> None:
    assert f'data-look="{code}"' in alone.get("/_kit/", {"look": code}).content.decode()
    assert alone.get("/_kit/", {"css": code})["Content-Type"] == "text/css"


def test_kit_is_not_for_customers(alone: Client, settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    assert alone.get("/_kit/").status_code == 404


@pytest.mark.parametrize("query", [{"frame": frame} for frame in FRAMES] + [{"look": "trail"}])
def test_pages_hold_nothing_the_policy_forbids(alone: Client, query: dict[str, str]) -> None:
    response = alone.get("/_kit/", query)
    page = response.content.decode()
    assert re.findall(r'\sstyle="|\son\w+="|<style|javascript:', page) == []
    assert [
        tag for tag in re.findall(r"<script[^>]*>", page) if "src=" not in tag and "application/json" not in tag
    ] == []
    assert "script-src 'self';" in response["Content-Security-Policy"]


def test_ids_of_a_page_are_its_own(alone: Client) -> None:
    page = alone.get("/_kit/", {"look": "hearth"}).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))


def test_theme_is_kept_and_applied_by_the_server(alone: Client) -> None:
    response = alone.post("/_theme/", {"theme": "dark", "next": "/_kit/?frame=office"})
    assert (response.status_code, response["Location"]) == (302, "/_kit/?frame=office")
    assert 'data-theme="ledger-dark">' in alone.get("/_kit/").content.decode()


def test_theme_never_leads_elsewhere(alone: Client) -> None:
    assert alone.post("/_theme/", {"theme": "dark", "next": "https://evil.example/"})["Location"] == "/"


def test_without_a_choice_the_device_decides(alone: Client) -> None:
    assert '<html lang="en">' in alone.get("/_kit/").content.decode()
