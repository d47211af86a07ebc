"""Growing the network: up to the numbers asked for, as pages that work."""

from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from wagtail.models import Page

from demo.builders import reference
from demo.builders.base import Load
from demo.growth import count_pages
from regions.models import Groupement
from resources.models import ContactPage, GuideChapterPage

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("growth")]


@pytest.fixture(scope="module")
def grown(django_db_setup, django_db_blocker):
    """Grown once for these tests, in a transaction that is never committed."""
    with django_db_blocker.unblock():
        cache.clear()
        with transaction.atomic():
            reference.build(Load(say=str))
            grow()
            yield
            transaction.set_rollback(True)
        cache.clear()


def grow() -> str:
    output = io.StringIO()
    call_command("grow_demo", groupements=4, pages=900, stdout=output, stderr=output)
    return output.getvalue()


def test_grow__a_small_network__reaches_the_numbers_with_a_sound_tree(grown):
    assert (Groupement.objects.count(), count_pages()) == (4, 900)
    assert Page.find_problems() == ([], [], [], [], [])
    assert GuideChapterPage.objects.exists()


def test_grow__again__adds_nothing(grown):
    before = set(Page.objects.values_list("pk", flat=True))
    assert "4 groupements, 900 pages" in grow()
    assert set(Page.objects.values_list("pk", flat=True)) == before


def test_grow__a_new_groupement__shows_its_own_contacts_only(grown, visit):
    one, other = Groupement.objects.order_by("-pk")[:2]
    page = visit(one.site.hostname, "/annuaire/").content.decode()
    mine, theirs = (ContactPage.objects.descendant_of(each.roots.first()) for each in (one, other))
    assert mine.order_by("sort_key").first().slug in page
    assert not any(f"//{other.site.hostname}{contact.slug}" in page for contact in theirs)
    contact = mine.first()
    assert visit(one.site.hostname, f"/annuaire/{contact.slug}/").status_code == 200
    assert ContactPage.objects.search(contact.title).count()
