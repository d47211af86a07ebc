"""What the clock does for imports: goes on with those left alone, and forgets the old ones."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.tasks.asking import AGAIN, LONG, ask, work
from resources.contacts.importing.models import KEPT, ContactImport, State
from resources.contacts.importing.steps import WORKBOOK_AT_ONCE, advance

# A browser that goes on by itself writes every two seconds: after a minute nobody is there.
LEFT_ALONE = dt.timedelta(minutes=1)
TURN_SECONDS = 10


def continue_all() -> int:
    """Have the imports that nobody has moved for a minute moved on, the oldest first; return how many."""
    alone = Q(moved_at__lt=timezone.now() - LEFT_ALONE)
    large = Q(state=State.READING, form__unzipped__gt=WORKBOOK_AT_ONCE)
    left_alone = ContactImport.objects.running().filter(alone | large)
    return ask(continue_import, left_alone.order_by("moved_at").values_list("pk", "state"))


def _title(pk: int, state: str) -> str:
    origin = ContactImport.objects.defer("raw").get(pk=pk)
    place = origin.groupement or _("the nation")
    return _("Import of contacts “%(file)s”, %(place)s") % {"file": origin.file_title, "place": place}


@work(_title, priority=LONG)
def continue_import(pk: int, state: str) -> str | None:
    """Move an import on for a moment. ``state`` only tells one work from the next: reading, applying, undoing."""
    try:
        return AGAIN if advance(pk, seconds=TURN_SECONDS).is_running else None
    except ContactImport.DoesNotExist:
        return None  # deleted by its owner meanwhile


def purge() -> int:
    """Delete the imports of more than thirty days, their files and lines with them; return how many."""
    old = ContactImport.objects.filter(started_at__lt=timezone.now() - KEPT)
    return old.delete()[1].get(ContactImport._meta.label, 0)
