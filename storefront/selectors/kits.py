"""The kits of S a shop shows: read where there is one, kept under both versions."""

from __future__ import annotations

from enablement.selectors import kits
from s2b2c.tenancy import context
from storefront.memo import Memo
from storefront.selectors.shell import Shell

_shown: Memo[list[kits.Shown]] = Memo(size=2_000)


def on(shell: Shell) -> list[kits.Shown]:
    """Give the kits shown today. No statement in a shop without one; two after a change in one that has some."""
    reseller = context.current()
    if not shell.shop.kits_on or reseller is None:
        return []
    return [each for each in _shown.get(shell.key, lambda: kits.shown(reseller.pk)) if each.is_on]
