"""What templates write: dates, hours, sizes, phones and French spaces."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from wagtail.rich_text import RichText

from core.templatetags import core_tags

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def _in_french():
    with translation.override("fr"):
        yield


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(2027, month, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("number", "text"),
    [("+33261910012", "02 61 91 00 12"), ("+3225551212", "+32 2 555 12 12"), ("", ""), ("accueil", "accueil")],
)
def test_phone__number__is_written_for_french_readers(number: str, text: str) -> None:
    assert core_tags.phone(number) == text


def test_tel_href__number__is_international() -> None:
    assert core_tags.tel_href("02 61 91 00 12") == "tel:+33261910012"


def test_fr_date__first_of_the_month__is_written_1er() -> None:
    assert core_tags.fr_date(dt.date(2027, 3, 1)) == "lundi 1er mars 2027"


@pytest.mark.parametrize(("minute", "text"), [(0, "14\u00a0h"), (5, "14\u00a0h\u00a005"), (30, "14\u00a0h\u00a030")])
def test_clock__time__is_written_the_french_way(minute: int, text: str) -> None:
    assert core_tags.clock(at(3, 2, 14, minute)) == text


def test_clock__moment_kept_in_utc__is_shown_in_paris() -> None:
    assert core_tags.clock(dt.datetime(2027, 7, 1, 12, 0, tzinfo=dt.UTC)) == "14\u00a0h"


@pytest.mark.parametrize(
    ("start", "end", "all_day", "parts"),
    [
        (at(3, 2, 14), at(3, 2, 16, 30), False, ["mardi 2 mars 2027", "14\u00a0h", "16\u00a0h\u00a030"]),
        (at(3, 5, 9), at(3, 7, 17), False, ["vendredi 5", "dimanche 7 mars 2027"]),
        (at(3, 30, 9), at(4, 2, 17), True, ["mardi 30 mars", "vendredi 2 avril 2027"]),
        (at(3, 5), at(3, 6), True, ["vendredi 5 mars 2027"]),
    ],
)
def test_event_dates__period__is_said_in_words(start, end, all_day: bool, parts: list[str]) -> None:
    event = SimpleNamespace(starts_at=start, ends_at=end, all_day=all_day)
    html = core_tags.event_dates(event)
    assert html.startswith('<time datetime="2027-03-')
    assert all(part in html for part in parts)


def test_event_dates__all_day_until_midnight__does_not_name_the_next_day() -> None:
    event = SimpleNamespace(starts_at=at(3, 5), ends_at=at(3, 6), all_day=True)
    assert "samedi" not in core_tags.event_dates(event)


def test_typo__french_title__gets_its_spaces_and_apostrophes() -> None:
    assert core_tags.typo("L'emploi : où ?") == "L\u2019emploi\u00a0: où\u00a0?"


def test_typo__english_title__is_left_alone() -> None:
    with translation.override("en"):
        assert core_tags.typo("It's on: 14 h") == "It's on: 14 h"


def test_typo__plain_text__is_still_escaped_by_templates() -> None:
    assert not hasattr(core_tags.typo("<b>x</b>"), "__html__")


def test_typo__rich_text__stays_html() -> None:
    assert str(core_tags.typo(RichText("<p>Vraiment ?</p>"))) == "<p>Vraiment\u00a0?</p>"


def test_json_ld__text_that_closes_the_script__is_escaped() -> None:
    html = core_tags.json_ld({"name": "</script><script>alert(1)</script> & co"})
    assert html.count("</script>") == 1
    assert "&" not in html


@pytest.mark.parametrize(("size", "text"), [(120_000, "120"), (2_340_000, "2,3"), (10, "1")])
def test_filesize__octets__are_rounded(size: int, text: str) -> None:
    assert core_tags.filesize(size).startswith(f"{text}\u00a0")


@pytest.mark.parametrize(
    ("address", "host"), [("https://www.example.org/a?b", "example.org"), ("http://[", "http://["), ("", "")]
)
def test_domain__address__is_shortened_to_its_host(address: str, host: str) -> None:
    assert core_tags.domain(address) == host
