"""The visitors' search index: makes it again, or tells what it does not say as it is."""

from __future__ import annotations

from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from core.progress import Progress
from resources.index import checking, following, local
from resources.index.models import IndexEntry, IndexPending

LABELS = {
    "missing": "page publiée absente de la recherche",
    "changed": "page dont la recherche garde un autre état",
    "left over": "page encore trouvée alors qu'elle n'est plus publiée",
    "completed elsewhere": "page nationale dont les compléments locaux ont changé",
}
SHOWN = 20


class Command(BaseCommand):
    help = "Refait l'index de la recherche des visiteurs ; --verify compare sans rien changer et dit ce qui diffère."

    def add_arguments(self, parser):
        parser.add_argument(
            "--verify",
            action="store_true",
            help="compare seulement ; code de sortie 1 si cela diffère",
        )

    def handle(self, *args, verify: bool = False, **options):
        if verify:
            self._verify()
        else:
            self._rebuild()

    def _rebuild(self) -> None:
        with Progress("Pages", len(checking.all_page_ids()), self.stderr) as progress:
            count = checking.rebuild(progress.advance)
        entries = IndexEntry.objects.filter(gone=False).count()
        with Progress("Index", IndexEntry.objects.count(), self.stderr) as progress:
            try:
                built = local.open_index(following.state()).build(progress.advance)
            except (local.UnavailableError, OSError, ValueError) as error:
                raise CommandError(f"L'index de cette machine ne peut pas être écrit : {error}") from error
        if not built:
            self.stdout.write("Un autre processus écrit l'index de cette machine : il lira ces entrées.")
        self.stdout.write(f"{count} pages lues, {entries} dans la recherche.")

    def _verify(self) -> None:
        waiting = IndexPending.objects.count()
        with Progress("Comparaison", len(checking.all_page_ids()), self.stderr) as progress:
            found = list(checking.differences(progress.advance))
        counts = Counter(difference.what for difference in found)
        for what, number in counts.items():
            numbers = [str(difference.page_id) for difference in found if difference.what == what]
            more = ", …" if number > SHOWN else ""
            self.stdout.write(f"{number} × {LABELS[what]} : {', '.join(numbers[:SHOWN])}{more}")
        problems = len(found)
        try:
            documents, expected = checking.local_difference()
        except local.UnavailableError as error:
            self.stdout.write(f"L'index de cette machine ne répond pas ({error}) : PostgreSQL répond à sa place.")
            problems += 1
        else:
            if documents != expected:
                self.stdout.write(f"L'index de cette machine a {documents} documents au lieu de {expected}.")
                problems += 1
        if waiting:
            self.stdout.write(f"{waiting} page(s) attendent d'être relues ; « follow_index » le fait.")
        if problems:
            raise CommandError("La recherche diffère des pages : « manage.py rebuild_index » la refait.")
        self.stdout.write("La recherche dit ce que disent les pages.")
