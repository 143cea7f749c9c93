"""What the person who starts the platform can do something about."""

from __future__ import annotations


class CannotStart(Exception):
    """A server can't be had or doesn't come up; the text says what to do."""
