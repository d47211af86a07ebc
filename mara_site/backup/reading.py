"""Whether this code can serve the database in force: for the drill, in a process of its own."""

import sys

import django


def main() -> int:
    """Render the home page of each site as a visitor would get it; say what fails."""
    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from wagtail.models import Site

    call_command("migrate", verbosity=0, interactive=False)
    for hostname in Site.objects.order_by("pk").values_list("hostname", flat=True):
        response = Client(headers={"host": hostname, "x-forwarded-proto": "https"}).get("/", secure=True)
        if response.status_code != 200:
            sys.stderr.write(f"{hostname} : {response.status_code}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
