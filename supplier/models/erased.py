"""Files of people who asked to be forgotten, until they are gone."""

from __future__ import annotations

from django.db import models


class ErasedFile(models.Model):
    """A file to be deleted, named in the transaction that forgot whose it was. It goes with its row, or is tried again."""

    name = models.CharField(max_length=200, unique=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
