from django.core.management.base import BaseCommand

from resources.events.importing.refreshing import continue_all, read_due, read_kept


class Command(BaseCommand):
    help = "Reads the partners' calendars whose time has come, and goes on with imports left alone. Safe to repeat."

    def handle(self, *args, **options) -> None:
        moved, read = continue_all(), read_kept() + read_due()
        if options["verbosity"]:
            self.stdout.write(f"{read} agenda(s) lu(s), {moved} import(s) avancé(s).")
