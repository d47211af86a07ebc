from django.core.management.base import BaseCommand

from resources.contacts.importing.unattended import purge


class Command(BaseCommand):
    help = "Deletes the files and lines of imports of contacts after thirty days; the contacts stay. Safe to repeat."

    def handle(self, *args, **options) -> None:
        deleted = purge()
        if options["verbosity"]:
            self.stdout.write(f"{deleted} import(s) effacé(s).")
