"""Files made from what is public, kept until what they are made from changes."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class MadeFile(models.Model):
    """A file that takes long to make, in the database so that every machine finds it.

    Attributes:
        key: what it is made from, as a digest; another text, another key. It is never part of an address.
        data: the file.
    """

    key = models.CharField(max_length=64, unique=True)
    data = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.key
