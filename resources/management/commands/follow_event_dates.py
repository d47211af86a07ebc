"""Have the search tell the next date of the events whose last told one is over. For the clock; safe to repeat."""

from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef
from django.utils import timezone

from resources.index import following
from resources.models import EventOccurrence, IndexEntry


class Command(BaseCommand):
    help = "Met à jour, dans la recherche, la prochaine date des événements qui se répètent."

    def handle(self, *args, **options):
        to_come = EventOccurrence.objects.upcoming().filter(event_id=OuterRef("page_id"))
        passed = IndexEntry.objects.filter(Exists(to_come), model="eventpage", gone=False, ends_at__lt=timezone.now())
        pages = list(passed.values_list("page_id", flat=True))
        if pages:
            following.note(pages)
            following.follow()
        if options["verbosity"]:
            self.stdout.write(f"{len(pages)} événements.")
