from django.core.management.base import BaseCommand

from core.tasks import keeping


class Command(BaseCommand):
    """Forgets the tasks that an administrator dropped more than thirty days ago."""

    help = "Oublie les tâches abandonnées il y a plus de trente jours ; la même pourra être demandée de nouveau."

    def handle(self, *args, **options):
        keeping.purge()
