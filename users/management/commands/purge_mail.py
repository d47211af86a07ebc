from django.core.management.base import BaseCommand

from users import mail_queue


class Command(BaseCommand):
    """Forgets what is known of messages older than thirty days."""

    help = "Efface les traces des courriels de plus de trente jours."

    def handle(self, *args, **options):
        mail_queue.purge()
