"""Errors of the programmer, not of the person at the screen."""


class ImproperlyUsed(RuntimeError):
    """A shop's data was touched in a way that could reach another shop's; nothing was sent to the database."""
