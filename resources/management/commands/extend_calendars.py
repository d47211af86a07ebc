"""Lay the dates of repeating events out as far as the horizon. For the clock, once a day; safe to repeat."""

from django.core.management.base import BaseCommand

from resources.events import changing, occurrences, publication
from resources.models import EventPage
from resources.team_calendar.models import forget_ended_keys


class Command(BaseCommand):
    help = "Prolonge les dates des événements qui se répètent, et écrit celles qui manquent."

    def handle(self, *args, **options):
        missing = occurrences.lay_out_missing(EventPage.objects.all())
        repeated = occurrences.extend(EventPage.objects.all())
        publication.follow_missing(EventPage.objects.all())
        publication.forget_old()
        changing.forget_old_notes()
        forget_ended_keys()
        if options["verbosity"]:
            self.stdout.write(f"{repeated} événements qui se répètent, {missing} sans dates auparavant.")
