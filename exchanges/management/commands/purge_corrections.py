from django.core.management.base import BaseCommand

from exchanges.corrections import services


class Command(BaseCommand):
    help = "Delete the proposed corrections that were settled more than two years ago. Safe to repeat."

    def handle(self, *args, verbosity=1, **options):
        deleted = services.purge()
        if verbosity:
            self.stdout.write(f"{deleted} deleted")
