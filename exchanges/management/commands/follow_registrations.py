from django.core.management.base import BaseCommand

from core.tasks.asking import in_turn
from exchanges.registrations import services


class Command(BaseCommand):
    help = (
        "Follow the registrations for events: tell of what moved or was cancelled and could not be told at once, "
        "delete those for what was over three months ago. Safe to repeat."
    )

    def handle(self, *args, verbosity=1, **options):
        followed, deleted = in_turn(services.follow_all, services.purge)
        if verbosity:
            self.stdout.write(f"{followed} events to follow, {deleted} deleted")
