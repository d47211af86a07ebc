from django.core.management.base import BaseCommand

from core.tasks.asking import in_turn
from exchanges.checking import clock


class Command(BaseCommand):
    help = (
        "“Toujours exact ?”: ask the groupements whose day it is what is due, remind once after three weeks, tell "
        "the zones at most monthly, delete the rounds of over thirteen months ago. Safe to repeat."
    )

    def handle(self, *args, verbosity=1, **options):
        steps = clock.settle, clock.open_rounds, clock.tell, clock.remind, clock.escalate, clock.purge
        settled, opened, told, reminded, escalated, deleted = in_turn(*steps)
        if verbosity:
            self.stdout.write(
                f"{settled} settled, {deleted} deleted; asked for: {opened} to open, {told} to tell, "
                f"{reminded} to remind, {escalated} zones to tell"
            )
