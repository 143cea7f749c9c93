"""The kits of S a shop shows: read where there is one, kept under both versions."""

from __future__ import annotations

from dataclasses import replace

from enablement.selectors import kits
from reseller.selectors import promotions
from s2b2c.tenancy import context
from storefront.memo import Memo
from storefront.selectors.shell import Shell

_shown: Memo[list[kits.Shown]] = Memo(size=2_000)


def on(shell: Shell) -> list[kits.Shown]:
    """Give the kits shown today. No statement in a shop without one; three after a change in one that has some."""
    reseller = context.current()
    if not shell.shop.kits_on or reseller is None:
        return []
    return [each for each in _shown.get(shell.key, lambda: _read(shell, reseller.pk)) if each.is_on]


def _read(shell: Shell, reseller_id: int) -> list[kits.Shown]:
    """Give what the kits show; an offer only where its promotion runs: the shop may have ended it, or S."""
    running = {each.id for each in promotions.running(shell.shop)}
    return [
        replace(each, off_bps=each.kit.value_bps) if each.use.promotion_id in running else each
        for each in kits.shown(reseller_id)
    ]
