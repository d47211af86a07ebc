"""What a process remembers of the network makes the same pages, from fewer queries, and never outlives a change."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from core.page_cache import generation, memory
from regions.models import Groupement
from regions.places import place_for, relative_path
from tests.factories import catalogue, crowd, pages
from tests.helpers import count_queries
from tests.visiting import Visitors

# Queries of one page once the process has made another: a chapter on the national host, the same inherited, a home.
REMEMBERED = {"chapter": 3, "inherited": 4, "home": 5}


@pytest.fixture
def remembering(settings):
    """What the site does outside the tests; the page cache stays off."""
    settings.MARA_REMEMBER = True
    memory.forget()
    generation.forget()
    yield Visitors()
    memory.forget()
    generation.forget()


@pytest.fixture
def addresses(world):
    """One page of each type from each place, the homes and the sections."""
    national = [
        catalogue.full_page_of(world, label, catalogue.NATION)
        for label in pages.FACTORIES
        if (label, catalogue.NATION) in catalogue.READ_AT
    ]
    local = [catalogue.full_page_of(world, label, catalogue.LOCAL) for label in pages.FACTORIES]
    here, nation = world.host(world.a), world.national_host
    found = [(nation, "/"), (here, "/"), (world.host(world.b), "/"), (here, "/agenda/"), (nation, "/annuaire/")]
    found += [(host, f"/{relative_path(page)}") for page in national for host in (nation, here)]
    found += [(here, f"/{relative_path(page)}") for page in local]
    return [*found, (here, "/rien/"), (nation, "/guides/rien/"), ("inconnu.example.org", "/")]


def test_pages__made_from_memory__are_the_same(world, addresses, settings):
    visitors = Visitors()
    expected = {address: visitors.get(*address) for address in addresses}  # resizes images too
    expected = {address: visitors.get(*address) for address in addresses}
    settings.MARA_REMEMBER = True
    generation.forget()
    for _turn in ("fills it", "reads it"):
        for address, before in expected.items():
            now = visitors.get(*address)
            assert (now.status_code, now.content) == (before.status_code, before.content), address
    memory.forget()


def test_queries__of_pages_made_from_memory__are_these(world, remembering):
    chapter = catalogue.full_page_of(world, "resources.GuideChapterPage", catalogue.NATION)
    crowd.grow(world, 3, chapter.get_parent())
    address = f"/{relative_path(chapter)}"
    asked = {
        "chapter": (world.national_host, address),
        "inherited": (world.host(world.a), address),
        "home": (world.host(world.a), "/"),
    }
    for host, path in asked.values():
        remembering.get(host, path)
        remembering.get(host, path)
    found = {}
    for name, (host, path) in asked.items():
        cache.clear()
        found[name] = count_queries(lambda host=host, path=path: remembering.get(host, path))
    assert found == REMEMBERED


def test_change__after_something_was_remembered__is_read(world, remembering):
    host = world.host(world.a)
    remembering.get(host)
    Groupement.objects.filter(pk=world.a.pk).update(contact_name="Mme Nouvelle")
    section = pages.section(world.home(world.a), "agenda")
    section.title = "Rendez-vous"
    section.save_revision().publish()
    remembering.commit()
    text = remembering.get(host).content.decode()
    assert "Mme Nouvelle" in text
    assert "Rendez-vous" in text


def test_section__deleted_while_its_menu_is_remembered__is_not_found(world, remembering):
    host = world.host(world.a)
    remembering.get(host)
    pages.section(world.home(world.a), "agenda").delete()
    assert remembering.get(host, "/agenda/").status_code == 404


def test_places__of_two_groupements__are_never_mixed_up(world, remembering):
    for _turn in range(2):
        for groupement, other in ((world.a, world.b), (world.b, world.a)):
            text = remembering.get(world.host(groupement)).content.decode()
            assert groupement.name in text
            assert other.name not in text


def test_person__signed_in__reads_the_database(world, remembering, signed_in):
    client = signed_in("admin")
    client.get("/")
    Groupement.objects.filter(pk=world.a.pk).update(contact_name="Mme Immédiate")
    answer = client.get("/", headers={"host": world.host(world.a)})
    assert "Mme Immédiate" in answer.content.decode()


def test_what_is_remembered__changed_by_a_request__is_not_changed_for_the_next(world, remembering):
    first = place_for(RequestFactory().get("/", headers={"host": world.host(world.a)}))
    first.groupement.name, first.sections[0].title = "Autre", "Autre"
    second = place_for(RequestFactory().get("/", headers={"host": world.host(world.a)}))
    assert second.groupement.name == world.a.name
    assert "Autre" not in {section.title for section in second.sections}


def test_page_of_text__in_the_menu__is_remembered_with_its_blocks(world, remembering):
    pages.standard(world.home(world.a), "Nous", slug="nous", show_in_menus=True)
    remembering.commit()
    first, second = (remembering.get(world.host(world.a), "/nous/") for _turn in range(2))
    assert first.status_code == 200
    assert first.content == second.content


def test_hosts__that_anybody_types__are_not_remembered(world, remembering):
    for number in range(50):
        remembering.get(f"invente-{number}.example.org")
    assert len(memory._remembered[1]) < 10
