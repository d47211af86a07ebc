"""A file that outgrows its limit is two files: 400 lines of Python, 120 of template, 300 of tests; 60 kB of style."""

import gzip
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "mara_site",
    "demo",
    "dashboards",
    "search",
    "exchanges",
    "home",
    "resources",
    "regions",
    "users",
    "core",
    "benchmarks",
)
LIMITS = [
    *((room, "*.py", 400) for room in ROOMS),
    ("templates", "*.html", 120),
    ("tests", "*.py", 300),
]


@pytest.mark.parametrize(("folder", "pattern", "limit"), LIMITS)
def test_files__of_a_folder__stay_within_the_limit(folder, pattern, limit):
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob(pattern)
        if "migrations" not in path.parts
    }
    assert sizes, f"nothing to measure in {folder}"
    assert {name: size for name, size in sizes.items() if size > limit} == {}


def test_stylesheets__what_a_first_visit_loads__stays_light():
    whole = b"".join(path.read_bytes() for path in sorted((ROOT / "mara_site/static/mara/css").glob("*.css")))
    assert whole, "nothing to measure"
    assert len(whole) < 60_000
    assert len(gzip.compress(whole)) < 12_500


def test_rooms__listed_here__are_all_the_packages():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages == set(ROOMS)
