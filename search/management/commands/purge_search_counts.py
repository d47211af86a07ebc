"""Erases the counts of visitors' searches that are older than thirteen months."""

from __future__ import annotations

from dateutil.relativedelta import relativedelta
from django.core.management.base import BaseCommand
from django.utils import timezone

from search.models import QueryCount

KEPT_MONTHS = 13


class Command(BaseCommand):
    help = "Erases the counts of visitors' searches that are older than thirteen months. Run each day."

    def handle(self, *args, **options) -> None:
        limit = timezone.localdate() - relativedelta(months=KEPT_MONTHS)
        erased, _models = QueryCount.objects.filter(day__lt=limit).delete()
        if options["verbosity"]:
            self.stdout.write(f"{erased} comptes de recherches effacés (avant le {limit:%d/%m/%Y}).")
