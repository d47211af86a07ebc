"""The list of components and their licences, and the list of workarounds, are up to date."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from mara_site.run import dependencies
from mara_site.run.console import ROOT

ROOMS = (
    "core",
    "users",
    "regions",
    "resources",
    "home",
    "exchanges",
    "search",
    "dashboards",
    "mara_site",
    "templates",
)
# How the code names the upstream thread that a workaround waits for.
CITED = re.compile(r"(?:wagtail issues? |/wagtail/wagtail/issues/|django ticket )#?(\d{3,6})", re.IGNORECASE)
# How it says that it is one: until when it stays, or in what version upstream was read.
TEMPORARY = re.compile(r"\bto (?:be removed|remove) when\b|\bread in (?:[a-z-]+ )?\d+\.\d+", re.IGNORECASE)
# The lines of a comment or of a docstring, as one.
BETWEEN_WORDS = re.compile(r"[\s#*]+")
PATH = re.compile(r"`([a-z_]+/[a-z_/]+\.(?:py|html|js))`")


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


@pytest.fixture(scope="module")
def upgrading() -> str:
    return (ROOT / "docs" / "upgrading.md").read_text()


def sources() -> Iterator[tuple[str, str]]:
    """Each file of the code, by its path, and what it says."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in {".py", ".html", ".js", ".css"}:
                yield str(path.relative_to(ROOT)), path.read_text()


def rows(upgrading: str, title: str) -> list[list[str]]:
    """The cells of the table under a title."""
    [table] = re.findall(rf"^## {title}$.*?^\| ---[^\n]*\n((?:\|[^\n]*\n)+)", upgrading, re.MULTILINE | re.DOTALL)
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()]


def test_upgrading__every_workaround_cited_in_the_code__is_in_the_list(upgrading):
    cited = {(number, path) for path, text in sources() for number in CITED.findall(text)}
    assert not [(number, path) for number, path in sorted(cited) if f"#{number}" not in upgrading]


def test_upgrading__every_file_that_is_to_change_with_upstream__is_in_the_list(upgrading):
    listed = {path for row in rows(upgrading, "Workarounds") for path in PATH.findall(row[0])}
    temporary = {path for path, text in sources() if TEMPORARY.search(BETWEEN_WORDS.sub(" ", text))}
    assert "core/whole_requests.py" in temporary, "said over two lines"
    assert not temporary - listed, sorted(temporary - listed)


def test_upgrading__every_workaround__names_the_test_that_holds_its_output(upgrading):
    for where, _what, upstream, output, until in rows(upgrading, "Workarounds"):
        assert PATH.findall(where), where
        assert upstream, where
        assert until, where
        assert any(path.startswith("tests/") for path in PATH.findall(output)), where


def test_upgrading__every_private_name__is_used_where_it_says(upgrading):
    for names, _of, where, run in rows(upgrading, "For the next Wagtail"):
        texts = [(ROOT / path).read_text() for path in PATH.findall(where)]
        assert texts, where
        assert all(path.startswith("tests/") for path in PATH.findall(run)), run
        for name in re.findall(r"`(?:Site\.)?([\w:-]+)`", names):
            assert all(name in text for text in texts), (name, where)


def test_upgrading__every_file_in_the_list__exists(upgrading):
    for path in PATH.findall(upgrading):
        assert (ROOT / path).exists(), path
