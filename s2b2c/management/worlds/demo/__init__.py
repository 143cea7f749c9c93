"""The demo world: invented, deterministic, and said to be a demo on every page."""
