"""The demonstration's texts and tables are complete, and lead where they say."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from core.models.base import SUMMARY_MAX_LENGTH
from core.phones import to_e164
from demo import sources
from demo.builders.pages import SINGLE, split_home
from demo.errors import ContentError
from demo.markdown import StoryParser
from demo.sources import FILES, Text, read_table, read_text
from demo.typography import french
from regions.blueprint import NATIONAL_SECTIONS
from resources.models import ContactCategory, EventPage, ResourcePage

GUIDES = list(sources.guides())
ENGLISH = list(sources.guides(sources.CONTENT / "guides-en"))
COMPLEMENTS = [guide for folder in sorted(sources.COMPLEMENTS.iterdir()) for guide in sources.complements(folder.name)]
CHAPTERS = [chapter for guide in GUIDES for _slug, chapter in guide.chapters]
PAGES = [read_text(path, key=path.stem) for path in sorted(sources.CONTENT.glob("pages*/*.md"))]
HOMES = [read_text(path, key=path.stem) for path in sorted(sources.HOMES.glob("*.md"))]
TEXTS = [
    *(text for guide in (*GUIDES, *ENGLISH, *COMPLEMENTS) for text in (guide.index, *(c for _s, c in guide.chapters))),
    *PAGES,
    *HOMES,
]
TARGETS = (
    {f"guide:{guide.slug}" for guide in GUIDES}
    | {f"guide:{guide.slug}/{slug}" for guide in GUIDES for slug, _chapter in guide.chapters}
    | {f"section:{section.slug}" for section in NATIONAL_SECTIONS}
)
CODES = {name: {row["code"] for row in rows} for name, rows in read_table("reference").items()}


def resolve(target: str) -> int:
    if target not in TARGETS:
        raise LookupError(target)
    return 1


def parser(key: str, source: str = "") -> StoryParser:
    return StoryParser(key=key, resolve=resolve, source=source or key, typography=french)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.path.relative_to(sources.CONTENT).as_posix())
def test_text__of_the_demonstration__is_well_formed(text: Text):
    assert parser(text.key, text.source).story(text.body, first_line=text.first_line)
    assert text.need("title")
    assert len(text.meta.get("summary", "")) <= SUMMARY_MAX_LENGTH
    for name in ("themes", "audiences"):
        assert set(text.meta.get(name, [])) <= CODES[name]


def test_guides__of_the_nation__are_twelve_with_three_chapters_or_more():
    assert len(GUIDES) == 12
    assert {guide.slug: len(guide.chapters) for guide in GUIDES if len(guide.chapters) < 3} == {}


@pytest.mark.parametrize("text", CHAPTERS, ids=lambda text: text.key)
def test_chapter__of_the_nation__has_250_to_600_words(text: Text):
    assert 250 <= len(re.findall(r"\w+(?:['’-]\w+)*", text.body)) <= 600


def test_guides__in_english__translate_chapters_that_exist():
    addresses = {guide.slug: {slug for slug, _chapter in guide.chapters} for guide in GUIDES}
    assert len(ENGLISH) >= 2
    for guide in ENGLISH:
        assert {slug for slug, _chapter in guide.chapters} == addresses[guide.slug]


def test_complements__of_groupements__complete_a_national_chapter_and_add_one():
    addresses = {guide.slug: {slug for slug, _chapter in guide.chapters} for guide in GUIDES}
    assert len(COMPLEMENTS) >= 3
    for guide in COMPLEMENTS:
        local = {slug for slug, _chapter in guide.chapters}
        assert local & addresses[guide.slug]
        assert local - addresses[guide.slug]


def test_pages__that_the_law_asks_for__are_written():
    assert {text.path.stem for text in PAGES} >= set(SINGLE)
    welcome, _story = split_home(read_text(sources.HOMES / "accueil.md", key="accueil"))
    assert 80 <= len(welcome.split()) <= 130


@pytest.mark.parametrize(
    ("name", "rows", "least"),
    [
        ("contacts", "contacts", 120),
        ("events", "events", 60),
        ("resources", "resources", 25),
        ("partners", "partners", 10),
        ("network", "groupements", 8),
        ("network", "zones", 3),
    ],
)
def test_table__of_the_demonstration__has_enough_rows(name, rows, least):
    assert len(read_table(name)[rows]) >= least


@pytest.mark.parametrize("name", ["events", "resources", "news"])
def test_table__with_bodies__is_well_formed(name):
    for row in read_table(name)[name]:
        assert parser(row["title"]).story(row["body"].strip())
        assert len(row["summary"]) <= SUMMARY_MAX_LENGTH


def test_contacts__of_the_demonstration__have_both_sides_and_invented_coordinates():
    sides = {row["code"]: row["side"] for row in read_table("reference")["contact_categories"]}
    rows = read_table("contacts")["contacts"]
    assert {sides[row["category"]] for row in rows} == set(ContactCategory.Side.values)
    for row in rows:
        assert not row["email"] or row["email"].endswith("example.org")
        assert all(to_e164(phone["number"]).startswith("+33") for phone in row["phones"])


def test_events__of_the_demonstration__have_every_status_around_today():
    rows = read_table("events")["events"]
    assert {row["status"] for row in rows} == set(EventPage.Status.values)
    assert min(row["in_days"] for row in rows) < 0 < max(row["in_days"] for row in rows)
    assert any("online_url" in row for row in rows)
    assert Counter(row["shared_with"] for row in rows).keys() == {"groupement", "zone", "nation"}


def test_files__that_the_texts_name__are_there():
    resources = read_table("resources")["resources"]
    presented = {row["file"] for row in resources if row.get("file")}
    assert presented == {path.name for path in FILES.iterdir() if path.is_file()}
    assert {entry["file"] for row in read_table("events")["events"] for entry in row.get("documents", [])} <= presented
    for row in read_table("news")["news"]:
        assert "image" not in row or ((FILES / "images" / row["image"]).is_file() and row["image_alt"])
    recorded = [row for row in resources if row["kind"] in ResourcePage.RECORDINGS]
    assert recorded
    assert all(row["transcript"] for row in recorded)


def test_front_matter__that_is_missing__is_said_with_the_file(tmp_path):
    path = tmp_path / "x.md"
    path.write_text("Sans en-tête.", encoding="utf-8")
    with pytest.raises(ContentError, match=r"x\.md:1: "):
        read_text(path, key="x")
