"""What takes something away from visitors: a page withdrawn or reserved, a file, how to reach a person.

Pages made before it are not given any more, not even while the database is away (``docs/adr/0083``).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core.phones import PhoneField


def columns_of(model: type[models.Model]) -> tuple[str, ...] | None:
    """The columns that take something away when they were filled and change, or when their row is deleted.

    Those of the settings; of every other model, those that say who to reach and how. Empty: any row that is written
    takes something away. ``None``: none ever does.
    """
    said = settings.MARA_WITHDRAWING.get(model._meta.label)
    if said is not None:
        return said
    return tuple(field.column for field in model._meta.local_fields if _says_who(field)) or None


def _says_who(field: models.Field) -> bool:
    return isinstance(field, models.EmailField | PhoneField) or field.name in ("contact_name", "contact")
