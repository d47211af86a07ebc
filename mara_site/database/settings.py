"""The database for settings modules: the one of DATABASE_URL, else our own PostgreSQL cluster under var/."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from mara_site.database.cluster import Cluster
from mara_site.database.errors import LauncherError
from mara_site.env import read


def connection_settings(url: str, statement_timeout_ms: int = 0) -> dict[str, Any]:
    """Return Django's settings for the PostgreSQL database at `url`.

    `statement_timeout_ms` bounds every query, so that a slow one cannot hold a worker; 0 sets no bound.
    """
    parsed = environ.Env.db_url_config(url)
    if parsed.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL doit désigner une base PostgreSQL : postgresql://…")
    options = {**parsed.get("OPTIONS", {}), "connect_timeout": 2}
    if statement_timeout_ms:
        options["options"] = f"-c statement_timeout={statement_timeout_ms}"
    return {**parsed, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def settings_from_environment(directory: Path, *, disposable: bool = False) -> dict[str, Any]:
    """Return the settings of DATABASE_URL's database if it is set, else of our cluster in `directory`, started.

    For demo, dev and test settings. A `disposable` cluster trades safety against a crash for speed.
    """
    url = read("DATABASE_URL", default="")
    if not url:
        try:
            url = Cluster(directory, disposable=disposable).start()
        except LauncherError as error:
            raise ImproperlyConfigured(str(error)) from error
    return connection_settings(url)
