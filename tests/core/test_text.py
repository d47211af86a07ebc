"""French text: folded for searches and sorting, counted for reading times."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.blocks import StoryBlock
from core.text import fold, story_minutes, word_count
from tests.factories import pages

FOLDED = {
    "Finistère": "finistere",
    "ÉVÉNEMENT À L'ÉCOLE": "evenement a l'ecole",
    "cœur et Œuvre": "coeur et oeuvre",
    "æquo": "aequo",
    "l’apostrophe": "l'apostrophe",
    "Ç ç Ñ ü ï": "c c n u i",
    "e\u0301te\u0301": "ete",
    "Straße": "strasse",
    "nul\x00ici": "nul ici",
    "": "",
}


@pytest.mark.parametrize("text", FOLDED, ids=lambda text: text.replace("\x00", "0") or "nothing")
def test_fold__french_text__loses_its_accents_and_case(text):
    assert fold(text) == FOLDED[text]


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=120))
def test_fold__folded_again__is_the_same(text):
    folded = fold(text)
    assert "\x00" not in folded
    assert fold(folded) == folded


def story(words: int):
    return StoryBlock().to_python([{"type": "rich_text", "value": f"<p>{'mot ' * words}</p>", "id": "a"}])


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (200, 1), (201, 2), (1000, 5)])
def test_story_minutes__by_its_words__is_rounded_up(words, minutes):
    assert story_minutes(story(words)) == minutes


def test_word_count__of_a_block__counts_words_and_not_machinery():
    callout = {"tone": "attention", "title": "Deux mots", "text": "<p>Et <b>trois</b> ici.</p>"}
    assert word_count(callout) == 5
    assert word_count([{"type": "quote", "id": "b7f0", "value": {"text": "Quatre mots en tout"}}]) == 4
    assert word_count(None) == 0


def test_word_count__of_rich_text__leaves_out_tags_and_parts_what_they_part():
    assert word_count('<p>Un <b>mot</b></p><p>puis <a linktype="page" id="4">trois autres mots</a><br/>ici</p>') == 7


def test_page_saved__its_folded_text__follows(world):
    page = pages.contact(world.home(world.a), "Maison de l'Été", service="Conseil à Crozon")
    assert (page.sort_key, "conseil a crozon" in page.folded) == ("maison de l'ete", True)
    page.title = "Œuvre"
    page.save()
    page.refresh_from_db()
    assert page.sort_key == "oeuvre"
    assert "maison" not in page.folded
