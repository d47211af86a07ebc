from django.core.management.base import BaseCommand

from resources.contacts.position import locate_all


class Command(BaseCommand):
    help = "Brings the position and the time zone of every contact up to date with its address. Safe to repeat."

    def handle(self, *args, **options) -> None:
        changed = sum(locate_all())
        if options["verbosity"]:
            self.stdout.write(f"{changed} contact(s) mis à jour.")
