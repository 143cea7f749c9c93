"""Doors to the outside that the supplier uses; only these know a provider."""
