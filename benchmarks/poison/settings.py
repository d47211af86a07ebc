"""The demonstration's settings, with tasks kept for workers, delays of seconds, and mail sent to a server of the drill."""

import os

from mara_site.settings.demo import *  # noqa: F403
from mara_site.settings.tasks import DATABASE, task_place

TASKS = task_place(DATABASE)
MARA_TASK_RETRY_AFTER = (1, 2, 4, 8)
EMAIL_BACKEND = "mailer.backend.DbBackend"
MAILER_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("DRILL_SMTP_PORT", "25"))
LOGGING = {"version": 1, "disable_existing_loggers": True}
