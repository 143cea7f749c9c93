"""Bulk work over many rows of a list: in the request while it is small, else in the background."""

from s2b2c.jobs.bulk import UNCHANGED, Bulk, Doing

__all__ = ["UNCHANGED", "Bulk", "Doing"]
