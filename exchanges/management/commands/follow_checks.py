from django.core.management.base import BaseCommand

from exchanges.checking import clock


class Command(BaseCommand):
    help = (
        "“Toujours exact ?”: ask the groupements whose day it is what is due, remind once after three weeks, tell "
        "the zones at most monthly, delete the rounds of over thirteen months ago. Safe to repeat."
    )

    def handle(self, *args, verbosity=1, **options):
        settled, opened, told = clock.settle(), clock.open_rounds(), clock.tell()
        reminded, escalated, deleted = clock.remind(), clock.escalate(), clock.purge()
        if verbosity:
            self.stdout.write(
                f"{settled} settled, {opened} opened, {told} told, {reminded} reminded, {escalated} escalated, "
                f"{deleted} deleted"
            )
