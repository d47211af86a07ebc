from django.core.management.base import BaseCommand
from wagtail.models import Site


class Command(BaseCommand):
    """Writes the name of each site that visitors ask for: for the certificates of the front server."""

    help = "Écrit le nom de chaque site, un par ligne, le national d'abord."

    def handle(self, *args, **options):
        for name in Site.objects.order_by("-is_default_site", "hostname").values_list("hostname", flat=True):
            self.stdout.write(name)
