"""The list of components and their licences, and the list of workarounds, are up to date."""

from __future__ import annotations

import re

import pytest

from mara_site.run import dependencies
from mara_site.run.console import ROOT

ROOMS = ("core", "users", "regions", "resources", "home", "exchanges", "search", "dashboards", "hosting", "mara_site")
# How the code names the upstream thread that a workaround waits for.
CITED = re.compile(r"(?:wagtail issues? |/wagtail/wagtail/issues/|django ticket )#?(\d{3,6})", re.IGNORECASE)


def test_dependencies__the_page__is_what_the_command_writes():
    assert dependencies.PAGE.read_text() == dependencies.page(), "run: make dependencies"


def test_dependencies__every_licence__fits_or_has_been_read():
    unread = [line for line in dependencies.page().splitlines() if line.startswith("|") and "à examiner" in line]
    assert not unread, unread
    assert "à examiner" in dependencies.judged("unheard-of", "AGPL-3.0")


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("MIT", True),
        ("BSD-3-Clause", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
        ("AGPL-3.0", False),
        ("GNU General Public License v3 or later (GPLv3+)", False),
        ("MIT AND Proprietary", False),
        ("", False),
    ],
)
def test_dependencies__a_licence__fits_or_is_to_be_read(words, fits):
    assert dependencies.fits(words) is fits


def test_upgrading__every_workaround_cited_in_the_code__is_in_the_list():
    listed = (ROOT / "docs" / "upgrading.md").read_text()
    missing = set()
    for room in ROOMS:
        for path in [*(ROOT / room).rglob("*.py"), *(ROOT / room).rglob("*.html")]:
            for number in CITED.findall(path.read_text()):
                if f"#{number}" not in listed:
                    missing.add(f"{path.relative_to(ROOT)}: {number}")
    assert not missing, sorted(missing)


def test_upgrading__every_file_in_the_list__exists():
    for path in re.findall(r"`([a-z_]+/[a-z_/]+\.(?:py|html))`", (ROOT / "docs" / "upgrading.md").read_text()):
        assert (ROOT / path).exists(), path
