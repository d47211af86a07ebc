"""Files lead to the pages that give them; extracts read well."""

from __future__ import annotations

import pytest
from wagtail.models import Collection, CollectionViewRestriction

from resources.index import asking, extracts
from resources.index.files import titles_of_files
from resources.index.reading import passages
from tests.factories import pages
from tests.helpers import assert_flat_queries
from tests.resources.index.helpers import ask, titles

pytestmark = pytest.mark.django_db


def block(document, title: str = "") -> list[dict]:
    return [{"type": "document_block", "value": {"title": title, "document": document.pk}, "id": "d1"}]


def link(document) -> list[dict]:
    html = f'<p>Voir <a linktype="document" id="{document.pk}">la fiche</a>.</p>'
    return [{"type": "rich_text", "value": html, "id": "l1"}]


@pytest.mark.parametrize("body", [block, link])
def test_search__title_of_a_file_that_a_page_gives__leads_to_that_page(world, body):
    document = pages.document("Barème ombilic")
    pages.news(world.home(world.a), "Une nouvelle", body=body(document))
    assert titles(world.host(world.a), "bareme ombilic") == ["Une nouvelle"]
    assert titles(world.host(world.b), "bareme ombilic") == []
    document.title = "Barème omoplate"
    document.save()
    assert titles(world.host(world.a), "ombilic") == []
    assert titles(world.host(world.a), "omoplate") == ["Une nouvelle"]
    document.delete()
    assert titles(world.host(world.a), "omoplate") == []


def test_search__file_of_a_draft_or_of_a_closed_collection__leads_nowhere(world):
    closed = Collection.get_first_root_node().add_child(name="Réservé")
    document = pages.document("Organigramme zirconium")
    page = pages.news(world.home(world.a), "Une nouvelle", body=link(document))
    draft = pages.news(world.home(world.a), "Une autre")
    draft.body = link(document)
    draft.save_revision()
    assert titles(world.host(world.a), "zirconium") == ["Une nouvelle"]
    document.collection = closed
    document.save()
    restriction = CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    assert titles(world.host(world.a), "zirconium") == []
    restriction.delete()
    assert titles(world.host(world.a), "zirconium") == ["Une nouvelle"]
    page.unpublish()
    assert titles(world.host(world.a), "zirconium") == []


def test_titles_of_files__more_pages__costs_the_same_queries(world):
    shown = [pages.news(world.home(world.a), body=link(pages.document())) for _one in range(2)]

    def grow():
        shown.extend(pages.news(world.home(world.a), body=link(pages.document())) for _one in range(10))

    assert_flat_queries(lambda: titles_of_files(shown), grow)


def test_passages__texts_that_repeat_each_other_or_the_title__are_quoted_once():
    texts = [
        "Prêt d'honneur sans intérêt.",
        "Brest",
        "Prêt d’honneur sans intérêt. Un comité écoute.",
        "brest",
        "Initiative",
    ]
    assert passages(texts, "Initiative") == ["Prêt d’honneur sans intérêt. Un comité écoute.", "Brest"]


def test_extract__word_deep_in_a_text__begins_with_its_sentence():
    text = (
        "Accueil.\nBrest\n"
        + "Une phrase sans rapport avec la question. " * 8
        + "Le bail se lit avant de le signer. Fin."
    )
    found = extracts.extract(text, asking.read("bail"))
    assert found == "Le <mark>bail</mark> se lit avant de le signer. Fin."
    assert extracts.extract("Association\nBrest\nOn y répare tout.", asking.read("brest")) == (
        "Association · <mark>Brest</mark> · On y répare tout."
    )


def test_ask__kind_of_block__is_not_a_word_of_the_page(world):
    body = [{"type": "callout", "value": {"title": "", "tone": "tip", "text": "<p>Le cabillot.</p>"}, "id": "c1"}]
    pages.news(world.home(world.a), "Une nouvelle", body=body)
    (hit,) = ask(world.host(world.a), "cabillot").hits
    assert hit.extract == "Le <mark>cabillot</mark>."
