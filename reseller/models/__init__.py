"""Tables of one shop. References into the public schema are soft: no constraint, no trigger."""

from reseller.models.customer import Customer
from reseller.models.listing import Listing, Offer
from reseller.models.promotion import Promotion
from reseller.models.shop import Shop

__all__ = ["Customer", "Listing", "Offer", "Promotion", "Shop"]
