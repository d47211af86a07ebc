from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mara_site.hosting.export import archive
from regions.models import Groupement


class Command(BaseCommand):
    """Writes one groupement whole, in a ZIP that is read without this software."""

    help = (
        "Écrit un groupement entier (pages, fichiers, personnes, consentements) dans un ZIP lisible sans ce logiciel."
    )

    def add_arguments(self, parser):
        parser.add_argument("code", help="code du groupement, par exemple finistere")
        parser.add_argument("file", nargs="?", type=Path, help="fichier à écrire")

    def handle(self, *args, **options):
        groupement = Groupement.objects.filter(code=options["code"]).first()
        if groupement is None:
            codes = ", ".join(Groupement.objects.values_list("code", flat=True))
            raise CommandError(f"Aucun groupement « {options['code']} ». Il y a : {codes}.")
        path = options["file"] or Path(archive.file_name(groupement))
        if path.exists():
            raise CommandError(f"« {path} » existe déjà : donnez un autre nom.")
        partial = path.with_name(f"{path.name}.partial")
        try:
            with partial.open("wb") as target:
                counts = archive.write(groupement, target)
            partial.rename(path)
        finally:
            partial.unlink(missing_ok=True)
        text = f"{path} : {counts['pages']} pages, {counts['files']} fichiers, {counts['rows']} lignes."
        self.stdout.write(text)
