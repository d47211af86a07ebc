"""Where the sites begin: Wagtail's own list, for one statement; explorers cost the same with any number of sites."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import Site

from regions import root_paths
from regions.admin.scoped.filters import MOST_SITES
from tests.factories import english
from tests.factories import world as world_module
from tests.factories.network import multiply_groupements
from tests.helpers import count_queries

FULL_SCREEN, MANY = 60, 160  # a screen of the explorer shows fifty


def assert_as_wagtail() -> list:
    root_paths.forget()
    found = root_paths.known()
    assert found == root_paths.WAGTAILS[0]()
    return found


def test_root_paths__in_two_languages_with_a_site_inside_another__are_those_of_wagtail(world, settings):
    english.national(world.national)
    english.groupement(world.a)
    guides = world.home(world.a).get_children().first()
    Site.objects.create(hostname="guides.example.org", port=8080, root_page=guides)
    Site.objects.create(hostname="autre.example.org", port=443, root_page=world.home(world.b))
    found = assert_as_wagtail()
    assert len({path.language_code for path in found}) == 2
    settings.WAGTAIL_I18N_ENABLED = False
    assert len(assert_as_wagtail()) < len(found)


def test_root_paths__when_a_site_is_saved__are_read_again(world):
    before = world.home(world.a).url
    world.a.site.hostname = "ailleurs.example.org"
    world.a.site.save()
    assert "ailleurs.example.org" in world.home(world.a).full_url
    assert before != world.home(world.a).full_url


def test_root_paths__of_many_sites__cost_one_query(world):
    multiply_groupements(world, MANY)
    root_paths.forget()
    assert count_queries(lambda: [world.home(world.a).url for _page in range(3)]) == 3 + 1  # a page each, and the list


@pytest.mark.parametrize("name", ["admin", "zone_a", "editor", "referent_a"])
def test_explorer__with_many_groupements__costs_what_it_costs_with_a_full_screen(world, signed_in, name):
    multiply_groupements(world, FULL_SCREEN)
    client = signed_in(name)
    network = world.national.get_parent()
    page = {"referent_a": world.home(world.a), "editor": world.national}.get(name, network)
    address = reverse("wagtailadmin_explore", args=[page.pk])
    assert client.get(address).status_code == 200
    full = count_queries(lambda: client.get(address))
    multiply_groupements(world_module.load(), MANY)
    assert count_queries(lambda: client.get(address)) == full


def test_filter_by_site__is_there_where_the_list_can_be_read(world, signed_in):
    address = reverse("wagtailadmin_explore", args=[world.national.get_parent().pk])
    assert 'name="site"' in signed_in("admin").get(address).content.decode()
    multiply_groupements(world, MOST_SITES + 1)
    assert 'name="site"' not in signed_in("admin").get(address).content.decode()
