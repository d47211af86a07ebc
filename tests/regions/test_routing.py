"""The page of an address is the one that Wagtail would find, from fewer queries."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import translation
from wagtail.models import Page, Site

from regions import routing
from regions.models import NationalOffice
from regions.places import relative_path
from regions.restrictions import reserved_paths
from regions.structure import structure_of
from tests.factories import catalogue
from tests.helpers import count_queries

PATHS = ("", "guides/", "guides/rien/", "rien/", "annuaire/rien/encore/")


def asked(host: str, path: str, code: str = "fr"):
    return RequestFactory().get(f"/{path}" if code == "fr" else f"/{code}/{path}", headers={"host": host})


def found(request, path: str, way):
    try:
        result = way(request, path)
    except Http404:
        return None
    return result and (result[0].specific_class, result[0].pk, result[1], result[2])


@pytest.mark.parametrize("code", ["fr", "en"])
def test_route__of_any_address__is_wagtail_s(world, code):
    chapter = catalogue.full_page_of(world, "resources.GuideChapterPage", catalogue.NATION)
    hosts = (world.national_host, world.host(world.a), world.host(world.b), "inconnu.example.org")
    with translation.override(code):
        for host in hosts:
            for path in (*PATHS, relative_path(chapter)):
                wagtail_s = asked(host, path, code)
                Site.find_for_request(wagtail_s)
                expected = found(wagtail_s, path, Page.route_for_request)
                assert found(asked(host, path, code), path, routing._route) == expected, (host, path)


def test_home__in_a_language_that_is_not_published__is_the_root_page(world):
    with translation.override("en"):
        before = routing.home_asked(asked(world.national_host, ""))
        Page.objects.filter(pk=before.pk, locale__language_code="en").update(live=False)
        now = routing.home_asked(asked(world.national_host, ""))
    assert now == world.national.page_ptr


def test_structure__of_a_host__is_one_query_and_puts_each_thing_where_it_is_asked_for(world):
    request = asked(world.host(world.a), "")
    assert count_queries(lambda: structure_of(request)) == 1
    structure = structure_of(request)
    site = next(site for site in structure.sites if site.hostname == world.host(world.a))
    locale = structure.locales[site.root_page.locale_id]
    assert structure.homes_of(site.root_page) == [site.root_page]
    read = []
    queries = count_queries(
        lambda: read.extend(
            [
                structure.home(site, locale).specific,
                structure.groupement(site),
                structure.groupement(site).zone,
                NationalOffice.load(request),
                reserved_paths(request),
            ]
        )
    )
    assert queries == 0
    assert read == [world.home(world.a), world.a, world.a.zone, NationalOffice.load(), ()]


def test_structure__of_one_groupement__has_nothing_of_another(world):
    structure = structure_of(asked(world.host(world.a), ""))
    other = world.b.site
    assert other not in structure.sites
    assert not any(home.path == world.home(world.b).path for home in structure.homes)
