"""The demonstration: production's behaviour on one's own machine, with an embedded database."""

from mara_site.database.settings import settings_from_environment
from mara_site.settings.local import *  # noqa: F403 - the one place where a star import is the convention
from mara_site.settings.local import VAR_DIR

DATABASES = {"default": settings_from_environment(VAR_DIR / "db")}
