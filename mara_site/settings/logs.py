"""The journal of production: JSON lines on the standard output, for whatever runs the process to keep."""

from typing import Any


def journal(level: str) -> dict[str, Any]:
    """Return Django's LOGGING with everything from this level on; an unknown address is not an incident."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "mara_site.hosting.logs.formatter.JsonFormatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": []},
            "django.request": {"level": "ERROR"},
            "mailer": {"level": "WARNING"},  # its INFO lines name the recipients
            "wagtail": {"level": "WARNING"},  # its INFO lines quote titles, drafts' too; its own history keeps them
            "django_tasks": {"level": "WARNING"},  # two lines for each task, that tell nothing
        },
    }
