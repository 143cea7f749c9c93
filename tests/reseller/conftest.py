"""One shop of the supplier's world, for the tests of the reseller's own affairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories

if TYPE_CHECKING:
    from s2b2c.tenancy.models import Reseller


@pytest.fixture
def shop(db: None) -> Reseller:
    """An open shop under terms of 3 %."""
    factories.company()
    factories.terms(300)
    return factories.reseller("juniper-row", name="Juniper Row")
