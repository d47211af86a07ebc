"""Grows the demonstration for tests of scale."""

from __future__ import annotations

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Agrandit le réseau de démonstration, pour l'éprouver à grande échelle, jusqu'aux nombres demandés."

    def add_arguments(self, parser):
        parser.add_argument("--groupements", type=int, default=100, help="nombre de groupements à atteindre")
        parser.add_argument("--pages", type=int, default=20_000, help="nombre de pages à atteindre")
        parser.add_argument(
            "--no-index", action="store_true", help="sans index de recherche : « manage.py update_index » le fera"
        )

    def handle(self, *args, groupements: int, pages: int, no_index: bool = False, **options):
        if not apps.is_installed("demo"):
            raise CommandError("La démonstration n'est pas installée sur ce site : rien n'a été ajouté.")
        from demo import growth
        from regions.models import Groupement, NetworkPage

        if not NetworkPage.objects.exists():
            raise CommandError("Chargez d'abord la démonstration : manage.py load_demo.")
        growth.grow_groupements(groupements, self.stderr)
        added = growth.grow_pages(pages, self.stderr)
        if added and not no_index:
            growth.index_pages(added, self.stderr)
        counts = f"{Groupement.objects.count()} groupements, {growth.count_pages()} pages"
        self.stdout.write(f"Le réseau compte {counts}.")
        if added and no_index:
            self.stdout.write("La recherche ne connaît pas encore ces pages : « manage.py update_index ».")
