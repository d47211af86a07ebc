"""“Dans les groupements”, on the national site: some answers at a time, and only those that visitors read."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from regions.places import place_for, relative_path
from resources.frames.answers import Answer
from resources.frames.voices import SHOWN, voices, words
from tests.factories import crowd, frames, pages
from tests.helpers import assert_flat_queries, page_html


@pytest.fixture
def national(world):
    return frames.published(pages.standard(world.national, "Le projet", slug="le-projet", body=frames.STORY))


@pytest.fixture
def read(visit, world, national):
    """The part of the national page that shows the groupements: ``read("?groupements=2")``."""

    def ask(query: str = ""):
        soup = BeautifulSoup(
            page_html(visit(world.national_host, f"/{relative_path(national)}{query}")), "html.parser"
        )
        return soup.select_one("[aria-labelledby=dans-les-groupements]")

    return ask


def names(part) -> list[str]:
    return [one.get_text() for one in part.select("summary strong")]


def one(**fields) -> dict[str, Answer]:
    return {"s1": Answer(slot="s1", kind="text", title="Titre s1", written_on=frames.DAY, **fields)}


SAYS_NOTHING = [
    one(text=""),
    one(text="<p></p>"),
    one(text='<p data-block-key="a1"> </p>\n<p><br/></p>'),
    one(pinned=(3,)),
    one(emptied=True),
    {"gone": Answer(slot="gone", kind="text", text="<p>Plus demandé.</p>")},
]
SAYS_SOMETHING = [
    one(text="<p>a</p>"),
    one(text="nu"),
    one(text="<p>&nbsp;</p>"),
    one(text="<ul><li><b>é</b></li></ul>"),
    one(person_name="Anne"),
    one(document=7),
    one(text="<p></p>", person_name="Anne"),
]


@pytest.mark.parametrize("given", [*SAYS_NOTHING, *SAYS_SOMETHING])
def test_voices__by_what_was_answered__the_database_and_python_choose_the_same(rf, world, national, given):
    answers = frames.given()
    answers.given = given
    frames.complement(world.home(world.a), national, answers)
    place = place_for(rf.get("/", headers={"host": world.national_host}))
    shown = [page.words for page in voices(national, place)]
    expected = words(answers, national.slots)
    assert bool(expected) is (given in SAYS_SOMETHING)
    assert [[answer.slot for answer in row] for row in shown] == ([["s1"]] if expected else [])


@pytest.mark.parametrize(("left_out", "slots"), [("s1", ["s2"]), ("page", []), ("o1", ["s1", "s2"])])
def test_voices__something_is_left_out__what_remains_is_shown(rf, world, national, left_out, slots):
    answers = frames.given({"s1": "a", "s2": "b"}, left_out={left_out: "Sans objet."})
    frames.complement(world.home(world.a), national, answers)
    place = place_for(rf.get("/", headers={"host": world.national_host}))
    assert [answer.slot for page in voices(national, place) for answer in page.words] == slots
    assert [answer.slot for answer in words(answers, national.slots)] == slots


def test_page__few_answers__shows_them_all_without_any_pager(world, read, national):
    frames.complement(world.home(world.b), national, frames.given({"s1": "Le mot gascon."}))
    frames.complement(world.home(world.a), national, frames.given({"s1": "Le mot breton."}))
    part = read()
    assert names(part) == ["Finistère", "Lot-et-Garonne"]
    assert not part.select(".pager")
    assert "sur" not in part.p.get_text()


def test_page__many_answers__are_cut_in_pages_that_plain_links_open(world, read, national):
    local = frames.complement(world.home(world.a), national, frames.given({"s1": "Le mot breton."}))
    crowd.answer_alike(local, 29)
    first = read()
    assert len(names(first)) == SHOWN
    assert "groupements 1 à 12 sur 30" in first.p.get_text()
    following = first.select_one("a[rel=next]")["href"]
    assert following == "?groupements=2#dans-les-groupements"
    found = [*names(first), *names(read("?groupements=2")), *names(read("?groupements=3"))]
    assert len(set(found)) == len(found) == 30
    assert found == sorted(found)
    assert names(read("?groupements=99")) == names(read("?groupements=3")), "too far is the last"
    for rubbish in ("0", "-1", "x", "²", "99999999999999999999", ""):
        assert names(read(f"?groupements={rubbish}")) == names(first)


def test_page__a_dozen_or_hundreds__costs_the_same(world, national):
    local = frames.complement(world.home(world.a), national, frames.given({"s1": "a"}))
    crowd.answer_alike(local, 14)
    host, path = world.national_host, f"/{relative_path(national)}"
    assert_flat_queries(lambda: Client().get(path, headers={"host": host}), lambda: crowd.answer_alike(local, 200))
