"""What a livret says, read on the page that is served where there is no PDF: it is the same document."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from core.qr import qr_image
from regions import rights
from regions.roles import RoleCode
from tests import html
from tests.factories import frames, pages
from tests.helpers import count_queries, page_html

THEIRS = ("pruneau", "Agen")


@pytest.fixture(autouse=True)
def _without_pdf(settings):
    settings.MARA_PDF = False


def reserve(page, groupement) -> None:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    restriction.groups.set([rights.group_for(RoleCode.REFERENT, groupement=groupement)])


def test_livret__groupement__has_both_voices_its_contacts_and_events_and_nothing_of_another(ground):
    text = page_html(ground.get())
    for words in (
        "Le texte national.",
        "La rade plutôt",
        "Trois pièces à réunir.",
        "Maison de la rade",
        "rade@example.org",
        "Café de la rade",
    ):
        assert words in text, words
    for words in THEIRS:
        assert words not in text, words


def test_livret__national_site__has_no_groupements_words(ground):
    text = page_html(ground.get(ground.world.national_host))
    assert "Le texte national." in text
    assert "de la rade" not in text
    assert "La rade plutôt" not in text
    for words in THEIRS:
        assert words not in text, words


def test_livret__contents__lead_to_each_chapter_contacts_events_and_whom_to_call(ground):
    soup = html.parse(ground.get())
    links = [link["href"] for link in soup.select(".contents a")]
    assert len(links) == 5
    assert all(soup.select(link) for link in links)
    assert [link.get_text() for link in soup.select(".contents a")][:2] == ["Choisir où vivre", "Monter son dossier"]
    levels = [int(heading.name[1]) for heading in soup.select("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_livret__codes__lead_to_the_guide_and_each_chapter_at_this_groupement(ground):
    soup = html.parse(ground.get())
    site = f"http://{ground.world.host(ground.world.a)}/"
    other = Page.objects.child_of(ground.guide).get(title="Monter son dossier")
    guide = f"{site}guides/se-loger/"
    addresses = [guide, f"{guide}{ground.chapter.slug}/", f"{guide}{other.slug}/", site]
    assert [image["src"] for image in soup.select("img.code")] == [qr_image(address) for address in addresses]
    assert all(image["alt"] for image in soup.select("img"))


def test_livret__without_pdf__says_so_once_and_asks_nothing_of_another_host(ground):
    soup = html.parse(ground.get())
    assert "imprimez cette page" in soup.select_one(".screen").get_text().lower()
    for element in soup.select("link[rel=stylesheet], script, img"):
        assert (element.get("href") or element.get("src")).startswith(("/static/", "data:image/"))


def test_livret__drafts__are_not_in_it(ground):
    pages.chapter(ground.guide, "Chapitre en cours", live=False)
    ground.mine.body = ground.mine.body.stream_block.to_python([frames.text("d", "Un brouillon local.")])
    ground.mine.save_revision()
    text = page_html(ground.get())
    assert "Chapitre en cours" not in text
    assert "Un brouillon local." not in text


@pytest.mark.parametrize("person", ["", "member", "referent_a", "admin"])
def test_livret__reserved_chapter_and_complement__are_not_in_it_whoever_asks(ground, person):
    world = ground.world
    closed = pages.chapter(ground.guide, "Chapitre fermé", body=[frames.text("f", "Entre nous.")])
    reserve(closed, world.a)
    reserve(ground.mine, world.a)
    for host in (world.host(world.a), world.host(world.b), world.national_host):
        text = page_html(ground.get(host, person=person))
        assert "Chapitre fermé" not in text
        assert "Entre nous." not in text
        assert "La rade plutôt" not in text


@pytest.mark.parametrize("person", ["", "referent_a", "referent_b"])
def test_livret__reserved_guide__has_none_and_no_link_to_one(ground, person):
    world = ground.world
    guide = pages.guide(world.home(world.a), "Guide fermé")
    reserve(guide, world.a)
    assert ground.get(guide=guide, person=person).status_code != 200
    if person == "referent_a":
        assert ground.get(guide=guide, person=person).status_code == 404
        client = Client(headers={"host": world.host(world.a)})
        client.force_login(world.people[person])
        assert "livret" not in page_html(client.get(ground.address(guide).removesuffix("imprimer/livret/")))


def test_livret__guide_of_another_groupement__is_a_404(ground):
    theirs = pages.guide(ground.world.home(ground.world.b), "Guide du pruneau")
    assert ground.get(guide=theirs).status_code == 404


@pytest.mark.parametrize("kind", ["frame", "plain", "complement"])
def test_chapter__contact_card_of_a_contact_since_reserved__is_not_shown(ground, visit, kind):
    world = ground.world
    contact = pages.contact(world.home(world.a), "Contact entre nous")
    card = {"type": "contact_card", "id": "k", "value": {"contact": contact.pk, "note": "Une note."}}
    if kind == "complement":
        page = Page.objects.child_of(ground.guide).get(title="Monter son dossier")
        pages.chapter(ground.mine.get_parent().specific, "Le dossier ici", slug=page.slug, body=[card])
    else:
        body = [*frames.STORY, card] if kind == "frame" else [card]
        page = pages.chapter(ground.guide, "Avec une fiche", body=body)
    address = f"{ground.address().removesuffix('imprimer/livret/')}{page.slug}/"
    assert "Contact entre nous" in page_html(visit(world.host(world.a), address))
    reserve(contact, world.a)
    assert "Contact entre nous" not in page_html(visit(world.host(world.a), address))
    assert "Contact entre nous" not in page_html(ground.get())


def test_livret__more_chapters_contacts_and_events__costs_the_same(ground):
    def grow(count: int) -> None:
        for number in range(count):
            chapter = frames.frame(ground.world.national, f"Chapitre {number}", guide=ground.guide)
            frames.complement(ground.world.home(ground.world.a), chapter, frames.given({"s1": f"Mot {number}."}))
            pages.contact(ground.world.home(ground.world.a), f"Contact {number}")
            pages.event(ground.world.home(ground.world.a), f"Rencontre {number}")

    grow(2)
    before = count_queries(lambda: page_html(ground.get()))
    grow(8)
    assert count_queries(lambda: page_html(ground.get())) == before


def test_guide_page__links__lead_to_the_livret_in_one_more_click(ground, visit):
    soup = html.parse(visit(ground.world.host(ground.world.a), "/guides/se-loger/"))
    targets = [link["href"] for link in soup.select(".take-away a")]
    assert targets == [
        "/guides/se-loger/imprimer/livret/",
        "/guides/se-loger/imprimer/livret/?size=large",
        "/guides/se-loger/imprimer/livret/?format=a5",
        "/guides/se-loger/imprimer/",
    ]
