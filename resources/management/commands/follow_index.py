"""What the clock runs each minute: reads again the pages that no search nor save has had read yet."""

from __future__ import annotations

import contextlib

from django.core.management.base import BaseCommand

from core.progress import Progress
from resources.index import following, local
from resources.index.models import IndexPending


class Command(BaseCommand):
    help = "Relit pour la recherche les pages qui attendent de l'être ; sans effet quand il n'y en a pas."

    def handle(self, *args, verbosity: int = 1, **options):
        following.look()  # what an older analysis wrote is noted
        waiting = IndexPending.objects.count()
        if waiting and verbosity:
            with Progress("Recherche", waiting, self.stderr) as progress:
                following.follow(advance=progress.advance)
        else:
            following.follow()
        # This machine's index follows; when it cannot, PostgreSQL answers and rebuild_index says why.
        with contextlib.suppress(local.UnavailableError):
            local.ready(following.state())
