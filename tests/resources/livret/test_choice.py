"""A livret of several guides: the form, what may be chosen, rubbish in the address."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale

from regions import services
from regions.models import NetworkPage
from resources.guides.livret import composing
from resources.guides.livret.forms import LivretForm
from tests import html
from tests.factories import pages
from tests.helpers import count_queries, page_html

PATH = "/guides/imprimer/livret/"


@pytest.fixture(autouse=True)
def _without_pdf(settings):
    settings.MARA_PDF = False


def ask(ground, query="", host: str = ""):
    client = Client(headers={"host": host or ground.world.host(ground.world.a)})
    return client.get(f"{PATH}?{query if isinstance(query, str) else urlencode(query, doseq=True)}")


def test_choice__guides_section__offers_what_is_read_there(ground, visit):
    world = ground.world
    pages.guide(world.home(world.a), "Vivre sur la rade")
    pages.guide(world.home(world.b), "Vivre du pruneau")
    soup = html.parse(visit(world.host(world.a), "/guides/"))
    assert soup.select_one(f'a[href="{PATH}"]')
    labels = [label.get_text(" ", strip=True) for label in html.parse(ask(ground)).select("input[name=guide] + span")]
    assert any("Vivre sur la rade" in label for label in labels)
    assert any("Se loger et déménager" in label for label in labels)
    assert not any("pruneau" in label for label in labels)


def test_choice__two_guides__are_one_livret_with_both(ground):
    mine = pages.guide(ground.world.home(ground.world.a), "Vivre sur la rade", body=pages.PARAGRAPH)
    response = ask(ground, {"make": 1, "guide": [ground.guide.pk, mine.pk]})
    soup = html.parse(response)
    assert [item.get_text() for item in soup.select(".cover__list li")] == [
        "Vivre sur la rade",
        "Se loger et déménager",
    ]
    assert len(soup.select(".guide")) == 2
    levels = [int(heading.name[1]) for heading in soup.select("h1, h2, h3, h4, h5, h6")]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_choice__another_groupements_guide__is_as_one_that_does_not_exist(ground):
    theirs = pages.guide(ground.world.home(ground.world.b), "Vivre du pruneau")
    for number in (theirs.pk, 987654321):
        text = page_html(ask(ground, {"make": 1, "guide": number}))
        assert "Cochez au moins un guide." in text
        assert "pruneau" not in text
    text = page_html(ask(ground, {"make": 1, "guide": [theirs.pk, ground.guide.pk]}))
    assert "Le texte national." in text
    assert "pruneau" not in text


def test_choice__too_many_or_too_long__says_so_and_keeps_the_ticks(ground, monkeypatch):
    home = ground.world.home(ground.world.a)
    numbers = [pages.guide(home, f"Guide {number}").pk for number in range(composing.MAX_GUIDES + 1)]
    soup = html.parse(ask(ground, {"make": 1, "guide": numbers}))
    assert "12 guides au plus" in soup.select_one("[role=alert]").get_text()
    assert len(soup.select("input[name=guide][checked]")) == composing.MAX_GUIDES + 1
    monkeypatch.setattr(composing, "MAX_LENGTH", 100)
    assert "trop longs" in page_html(ask(ground, {"make": 1, "guide": numbers[:2]}))


def test_choice__more_guides__costs_the_same(ground):
    home = ground.world.home(ground.world.a)
    for number in range(3):
        pages.guide(home, f"Guide {number}")
    before = count_queries(lambda: page_html(ask(ground)))
    for number in range(3, 30):
        pages.guide(home, f"Guide {number}")
    assert count_queries(lambda: page_html(ask(ground))) == before


def test_livret__other_language__is_in_that_language_and_says_that_an_answer_is_missing(ground):
    world = ground.world
    language = Locale.objects.create(language_code="en")
    NetworkPage.objects.get().copy_for_translation(language).save_revision().publish()
    world.national.copy_for_translation(language).save_revision().publish()
    services.ensure_translated_home(world.a, language)
    for page in (pages.section(world.national, "guides"), ground.guide, ground.chapter):
        page.specific.copy_for_translation(language).save_revision().publish()
    response = Client(headers={"host": world.host(world.a)}).get("/en/guides/se-loger/imprimer/livret/")
    soup = html.parse(response)
    assert soup.html["lang"] == "en"
    text = soup.get_text()
    assert "Contents" in text
    assert "has not written its own part in this language yet" in text
    assert "La rade plutôt" not in text


WORDS = st.text(max_size=12) | st.sampled_from(["a4", "a5", "large", "normal", "1", "\x00", "é", "-1", "9" * 30])
QUERIES = st.lists(st.tuples(st.sampled_from(["guide", "format", "size", "make", "page", "q"]), WORDS), max_size=8)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=QUERIES)
def test_choice__rubbish_in_the_address__is_the_form(ground, pairs):
    assert "Faire le livret" in page_html(ask(ground, urlencode(pairs)))


@given(value=WORDS | st.none(), other=WORDS | st.none())
def test_livret_form__any_value__is_one_of_the_forms(value, other):
    form = LivretForm({name: given_ for name, given_ in (("format", value), ("size", other)) if given_ is not None})
    assert form.is_booklet == (value == "a5")
    assert form.is_large == (other == "large")


@pytest.mark.parametrize("query", ["?format=a6&size=", "?size=%00&format[]=a5", "?guide=1&make=1&x=" + "9" * 3000])
def test_livret__rubbish_in_its_address__is_the_ordinary_livret(ground, query):
    assert page_html(ground.get(query=query)) == page_html(ground.get())
