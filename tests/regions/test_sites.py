"""The site of a request is the one that Wagtail would choose, read with the national one."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from wagtail.models import Site

from regions.sites import find_site, national_site
from tests.helpers import count_queries

HOSTS = (
    "mara.localhost",
    "mara.localhost:8000",
    "finistere.mara.localhost",
    "finistere.mara.localhost:8443",
    "deux.example.org",
    "deux.example.org:8000",
    "deux.example.org:9000",
    "inconnu.example.org",
    "FINISTERE.mara.localhost",
    "",
)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("has_default", [True, False], ids=["network", "no-default-site"])
def test_find_site__of_any_host__is_wagtail_s_choice(world, host, secure, has_default):
    for port in (80, 8000):
        Site.objects.create(hostname="deux.example.org", port=port, root_page=world.home(world.b))
    if not has_default:
        Site.objects.update(is_default_site=False)
    request = RequestFactory().get("/", secure=secure, headers={"host": host})
    wagtail_s = Site._find_for_request(request)
    assert find_site(request) == wagtail_s
    assert Site.find_for_request(request) == wagtail_s


def test_national_site__after_the_site_of_a_request__costs_nothing(world):
    request = RequestFactory().get("/", headers={"host": world.host(world.a)})
    assert find_site(request).root_page == world.home(world.a).page_ptr
    assert count_queries(lambda: national_site(request).root_page) == 0
    assert national_site(request).root_page.specific == world.national
