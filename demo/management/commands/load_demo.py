"""Loads the demonstration and says how to get in."""

from __future__ import annotations

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Charge le réseau de démonstration : ajoute ce qui manque, ne change rien de ce qui a été modifié."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, help="port sur lequel répondent tous les sites du réseau")
        parser.add_argument(
            "--reset", action="store_true", help="efface d'abord tout le réseau, modifications comprises"
        )

    def handle(self, *args, port: int | None = None, reset: bool = False, **options):
        if not apps.is_installed("demo"):
            raise CommandError("La démonstration n'est pas installée sur ce site : rien n'a été chargé.")
        from demo import loading, report, resetting
        from demo.builders.network import move_to_port

        if reset:
            self.stdout.write("Effacement du réseau…")
            resetting.erase()
        if loading.is_loaded():
            if port:
                move_to_port(port)
        else:
            run = loading.load(say=self.stdout.write, port=port)
            self.stdout.write(f"{run.added} pages ajoutées.")
        self.stdout.write("")
        for line in report.lines():
            self.stdout.write(line)
