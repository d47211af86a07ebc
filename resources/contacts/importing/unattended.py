"""What the clock does for imports: goes on with those left alone, and forgets the old ones."""

from __future__ import annotations

import datetime as dt
import time

from django.db.models import Q
from django.utils import timezone

from resources.contacts.importing.models import KEPT, ContactImport, State
from resources.contacts.importing.steps import WORKBOOK_AT_ONCE, advance

# A browser that goes on by itself writes every two seconds: after a minute nobody is there.
LEFT_ALONE = dt.timedelta(minutes=1)
TURN_SECONDS = 20


def continue_all(*, seconds: float = TURN_SECONDS) -> int:
    """Move on the imports that nobody has moved for a minute, the oldest first, and return how many were."""
    deadline = time.monotonic() + seconds
    alone = Q(moved_at__lt=timezone.now() - LEFT_ALONE)
    large = Q(state=State.READING, form__unzipped__gt=WORKBOOK_AT_ONCE)
    left_alone = ContactImport.objects.running().filter(alone | large)
    moved = 0
    for pk in left_alone.order_by("moved_at").values_list("pk", flat=True):
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            break
        try:
            advance(pk, seconds=remaining)
        except ContactImport.DoesNotExist:
            continue  # deleted by its owner meanwhile
        moved += 1
    return moved


def purge() -> int:
    """Delete the imports of more than thirty days, their files and lines with them; return how many."""
    old = ContactImport.objects.filter(started_at__lt=timezone.now() - KEPT)
    return old.delete()[1].get(ContactImport._meta.label, 0)
