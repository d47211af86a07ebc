"""The number that moves with everything visitors may see; kept by triggers (:mod:`core.page_cache.triggers`)."""

from __future__ import annotations

from django.db import models


class PublicGeneration(models.Model):
    """One row: the number of what is public now. It moves in the transaction that changes something public.

    Attributes:
        number: microseconds of the clock at the last change, or one more than before if the clock went back.
            Never a plain count: a restored backup must not give again a number that was another state's.
        withdrawn: the number that the last change had which took something away from visitors.
    """

    number = models.BigIntegerField()
    withdrawn = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return str(self.number)


class PublicChange(models.Model):
    """That a transaction under way changed something public: a row that lives until its commit, and is never seen.

    Attributes:
        xact: the transaction's number in PostgreSQL.
        withdraws: whether it took something away from visitors.
    """

    xact = models.BigIntegerField(primary_key=True)
    withdraws = models.BooleanField(db_default=False)

    def __str__(self) -> str:
        return str(self.xact)
