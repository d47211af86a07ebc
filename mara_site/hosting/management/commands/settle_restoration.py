"""Ends or undoes a restoration of this machine that was cut: the clock's, at each turn."""

from typing import Any

from django.core.management.base import BaseCommand

from mara_site.backup.restoring import settle_one_that_was_cut


class Command(BaseCommand):
    help = "Termine ou défait une restauration qui a été coupée."

    def handle(self, *args: Any, **options: Any) -> None:
        settle_one_that_was_cut()
