#!/usr/bin/env python
"""Django's command line for this project; without DJANGO_SETTINGS_MODULE it runs as `make dev` does."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mara_site.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
