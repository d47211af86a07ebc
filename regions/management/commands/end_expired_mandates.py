from django.core.management.base import BaseCommand

from regions import mandates


class Command(BaseCommand):
    """Every night: access begins and ends with mandates. Safe to repeat, and to run late."""

    help = "Met les accès en accord avec les mandats du jour : ceux qui commencent, ceux qui sont finis."

    def handle(self, *args, **options) -> None:
        people, groupements = mandates.apply_calendar()
        if options["verbosity"]:
            self.stdout.write(f"Accès revus : {people}. Groupements dont l'état change : {groupements}.")
