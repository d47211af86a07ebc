"""What is installed, against what its makers still support; known here, asked of nobody (nor what came out since)."""

from __future__ import annotations

import datetime as dt
import platform
import re
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import django
import wagtail
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
# Last day of security fixes, as announced by each project in November 2026 (endoflife.date). To read again with
# each new version of the site.
SUPPORTED_UNTIL = {
    "Django 5.2": dt.date(2028, 4, 30),
    "Django 6.2": dt.date(2030, 4, 30),
    "Wagtail 8.0": dt.date(2027, 2, 2),
    "Python 3.11": dt.date(2027, 10, 31),
    "Python 3.12": dt.date(2028, 10, 31),
    "Python 3.13": dt.date(2029, 10, 31),
    "Python 3.14": dt.date(2030, 10, 31),
    "PostgreSQL 14": dt.date(2026, 11, 12),
    "PostgreSQL 15": dt.date(2027, 11, 11),
    "PostgreSQL 16": dt.date(2028, 11, 9),
    "PostgreSQL 17": dt.date(2029, 11, 8),
    "PostgreSQL 18": dt.date(2030, 11, 14),
}


@dataclass(frozen=True)
class Version:
    """A component as it is installed; ``until`` is ``None`` when this series is not one that we know supported."""

    name: str
    installed: str
    series: str

    @property
    def until(self) -> dt.date | None:
        """The last day of its security fixes."""
        return SUPPORTED_UNTIL.get(f"{self.name} {self.series}")


def release() -> str:
    """The version of the site itself."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def postgresql_major() -> int:
    """The major version of the database's server."""
    connection.ensure_connection()
    return connection.pg_version // 10_000


def components() -> list[Version]:
    """What the site stands on, and whose age matters."""
    major = postgresql_major()
    return [
        Version("Wagtail", wagtail.__version__, ".".join(wagtail.__version__.split(".")[:2])),
        Version("Django", django.get_version(), ".".join(django.get_version().split(".")[:2])),
        Version("Python", platform.python_version(), f"{sys.version_info.major}.{sys.version_info.minor}"),
        Version("PostgreSQL", str(major), str(major)),
    ]


def not_as_pinned() -> list[str]:
    """The components whose installed version is not the one of requirements.txt: an update left half-way."""
    pins: dict[str, list[str]] = defaultdict(list)  # several where they depend on the version of Python
    for name, pinned in re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;]+)", _requirements(), re.MULTILINE):
        pins[_normal(name)].append(pinned)
    installed = {_normal(item.metadata["Name"]): item.version for item in metadata.distributions()}
    return sorted(
        f"{name} {installed[name]} ({' / '.join(wanted)})"
        for name, wanted in pins.items()
        if name in installed and installed[name] not in wanted
    )


def _requirements() -> str:
    return (ROOT / "requirements.txt").read_text(encoding="utf-8")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
