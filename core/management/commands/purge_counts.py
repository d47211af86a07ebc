from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    """Forgets the counts whose time is over: Django waits until they are asked again, or too many."""

    help = "Oublie les essais et les envois comptés dont le délai est passé."

    def handle(self, *args, **options):
        if isinstance(caches["default"], DatabaseCache):  # other caches forget by themselves
            table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table} WHERE expires < now()")  # noqa: S608 - a name of the settings
