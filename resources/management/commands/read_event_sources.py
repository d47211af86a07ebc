from django.core.management.base import BaseCommand

from resources.events.importing.refreshing import follow_all


class Command(BaseCommand):
    help = "Reads the partners' calendars whose time has come, and goes on with imports left alone. Safe to repeat."

    def handle(self, *args, **options) -> None:
        asked = follow_all()
        if options["verbosity"]:
            self.stdout.write(f"{asked} lecture(s) d'agenda à faire ou à continuer.")
