from django.core.management.base import BaseCommand

from resources.events.importing.refreshing import purge


class Command(BaseCommand):
    help = "Deletes the imports of events of more than thirty days. Safe to repeat."

    def handle(self, *args, **options) -> None:
        count = purge()
        if options["verbosity"]:
            self.stdout.write(f"{count} import(s) supprimé(s).")
