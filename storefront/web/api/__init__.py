"""The shop as JSON, for a storefront of the reseller's own. No key is needed to read and to buy."""
