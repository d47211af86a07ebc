from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from regions import services


class Command(BaseCommand):
    """Makes the national tree of a new installation. Safe to repeat."""

    help = "Crée le site national : accueil, rubriques, rôles nationaux."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hostname", default=settings.MARA_NATIONAL_HOST, help="nom d'hôte du site national")
        parser.add_argument("--port", type=int, default=443, help="port public, 443 par défaut")

    def handle(self, *args, hostname: str, port: int, **options) -> None:
        home = services.provision_network(hostname=hostname, port=port)
        self.stdout.write(f"{home.title} : {home.full_url}")
