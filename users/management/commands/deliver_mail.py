from django.core.management.base import BaseCommand

from users import mail_queue


class Command(BaseCommand):
    """Sends the messages that wait in the database; several may run at once."""

    help = "Envoie les courriels en attente."

    def handle(self, *args, **options):
        mail_queue.deliver()
