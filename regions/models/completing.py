"""A page by which a groupement completes a national one, whatever becomes of either's address."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class CompletingPage(models.Model):
    """A type of page that a groupement may complete with its own page of the same type.

    Attributes:
        completes: the ``translation_key`` of the national page that this local page completes: a national
            page keeps it when it is renamed, moved or translated. Empty for a page that stands by itself.
        only_completes: the page holds nothing of its own beside what completes the national one. When the
            national page is withdrawn, visitors no longer see it; it waits for the référent.
    """

    # Whether a local page of the same address is linked by itself; otherwise only by its ``completes``.
    completes_by_address: ClassVar[bool] = True

    completes = models.UUIDField(null=True, blank=True, editable=False, db_index=True)
    only_completes = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True
