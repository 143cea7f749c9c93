"""Use cases: making, opening and closing shops; proving domains."""

from s2b2c.tenancy.services.lifecycle import (
    apply,
    close,
    create_reseller,
    open_shop,
    reinstate,
    suspend,
)

__all__ = ["apply", "close", "create_reseller", "open_shop", "reinstate", "suspend"]
