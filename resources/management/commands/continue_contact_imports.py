from django.core.management.base import BaseCommand

from resources.contacts.importing.unattended import continue_all


class Command(BaseCommand):
    help = "Goes on with the imports of contacts that nobody is looking at any more. Safe to repeat."

    def handle(self, *args, **options) -> None:
        moved = continue_all()
        if options["verbosity"]:
            self.stdout.write(f"{moved} import(s) avancé(s).")
