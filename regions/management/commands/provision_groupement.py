from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from regions import services
from regions.models import NetworkPage, Zone
from regions.territories import TERRITORIES


class Command(BaseCommand):
    """Makes a groupement whole, from the command line. Safe to repeat."""

    help = "Crée un groupement : son site, ses rubriques, ses groupes et ses droits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="début de l'adresse, par exemple finistere")
        parser.add_argument("name", help="nom du groupement, par exemple Finistère")
        parser.add_argument("--departements", nargs="*", default=[], metavar="CODE", help="par exemple 29")
        parser.add_argument("--zone", help="code de la zone")
        parser.add_argument("--hostname", default="", help="domaine propre, s'il en a un")
        parser.add_argument("--languages", nargs="*", default=["fr"], help="fr par défaut ; par exemple fr en")

    def handle(self, *args, code: str, name: str, **options) -> None:
        unknown = [value for value in options["departements"] if value not in TERRITORIES]
        if unknown:
            raise CommandError(f"Département inconnu : {', '.join(unknown)}.")
        zone = None
        if options["zone"]:
            zone = Zone.objects.filter(code=options["zone"]).first()
            if zone is None:
                raise CommandError(f"Zone inconnue : {options['zone']}.")
        try:
            groupement = services.provision_groupement(
                code=code,
                name=name,
                departements=options["departements"],
                zone=zone,
                hostname=options["hostname"],
                languages=options["languages"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except NetworkPage.DoesNotExist as error:
            raise CommandError("Le réseau n'existe pas encore : lancez d'abord provision_network.") from error
        self.stdout.write(f"{groupement.name} : {groupement.site.root_url}/")
