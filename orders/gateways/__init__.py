"""Doors to services outside ours. What passes them is our own frozen dataclasses, never theirs."""
