"""Which entry of a navigation is the present one."""

from __future__ import annotations

import pytest

from s2b2c.ui import nav
from s2b2c.ui.nav import NavItem

OFFICE = [NavItem("Home", "/rose/"), NavItem("Orders", "/rose/orders/"), NavItem("Settings", "/rose/settings/"),
          NavItem("Staff", "/rose/settings/staff/")]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "active"),
    [
        ("/rose/", ["Home"]), ("/rose/orders/", ["Orders"]), ("/rose/orders/KX/", ["Orders"]), ("/rose/settings/staff/", ["Staff"]),
        ("/rose/settings/tax/", ["Settings"]), ("/rose/elsewhere/", []),
    ],
)  # fmt: skip
def test_the_nearest_entry_is_marked_and_home_is_only_itself(path: str, active: list[str]) -> None:
    assert [item.label for item in nav.mark(OFFICE, path) if item.active] == active
