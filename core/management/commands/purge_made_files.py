from django.core.management.base import BaseCommand

from core.pdf import keeping


class Command(BaseCommand):
    """Forgets the livrets made more than a week ago."""

    help = "Efface les livrets faits il y a plus d'une semaine : ils sont refaits si quelqu'un les demande."

    def handle(self, *args, **options):
        keeping.purge()
