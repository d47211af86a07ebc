from django.core.management.base import BaseCommand

from core.tasks.asking import in_turn
from exchanges import services


class Command(BaseCommand):
    help = (
        "Follow the requests to be called back: tell of those that nobody could be told of, remind of those that "
        "nobody has taken for five days, delete those received more than twelve months ago. Safe to repeat."
    )

    def handle(self, *args, verbosity=1, **options):
        told, reminded, deleted = in_turn(services.tell_again, services.remind, services.purge)
        if verbosity:
            self.stdout.write(f"{told} to tell of, {reminded} to remind of, {deleted} deleted")
