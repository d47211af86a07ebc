from django.core.management.base import BaseCommand

from dashboards import labels


class Command(BaseCommand):
    help = (
        "Bring the label of each groupement in line with the rules: awards it, begins the delay and tells the "
        "référent, withdraws it once the delay is over. Safe to repeat."
    )

    def handle(self, *args, verbosity=1, **options):
        changes = labels.follow()
        if verbosity:
            self.stdout.write(", ".join(f"{number} {kind}" for kind, number in sorted(changes.items())) or "no change")
