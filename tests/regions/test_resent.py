"""A page whose creation was not answered: the same form sent again leads to the page that was made."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision

from regions.admin import resent
from resources.models import NewsPage
from tests.factories import pages
from tests.regions.forms import news_fields


@pytest.fixture
def form(world):
    """Where news is created, and what somebody typed there: ``form(title, **buttons)``."""
    section = pages.section(world.home(world.a), "actualites")
    address = reverse("wagtailadmin_pages:add", args=["resources", "newspage", section.pk])

    def typed(title: str = "Café du jeudi", **fields) -> tuple[str, dict]:
        return address, news_fields(title=title, **{"slug": "cafe-du-jeudi", **fields})

    return typed


def made() -> int:
    return NewsPage.objects.filter(title__startswith="Café du jeudi").count()


@pytest.mark.parametrize(
    ("name", "button", "words"),
    [
        ("referent_a", {}, "déjà été enregistré"),
        ("referent_a", {"action-publish": "1"}, "déjà été publiée"),
        ("contributor_a", {"action-submit": "1"}, "déjà été transmise"),
    ],
)
def test_creation__sent_again_after_its_answer_was_lost__leads_to_the_page_made(signed_in, form, name, button, words):
    client = signed_in(name)
    for _time in range(2):
        answer = client.post(*form(**button), follow=True)
        assert answer.status_code == 200
        assert made() == 1
    assert words in answer.content.decode()
    assert NewsPage.objects.get(title="Café du jeudi").revisions.count() == 1


def test_creation__asked_to_be_published_the_second_time__leads_to_the_page_and_leaves_it_a_draft(signed_in, form):
    client = signed_in("referent_a")
    client.post(*form())
    answer = client.post(*form(**{"action-publish": "1"}), follow=True)
    page = NewsPage.objects.get(title="Café du jeudi")
    assert answer.redirect_chain[0][0] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "déjà été créée" in answer.content.decode()
    assert (page.live, made()) == (False, 1)


def test_creation__of_another_text__is_another_page(signed_in, form):
    client = signed_in("referent_a")
    client.post(*form())
    client.post(*form(summary="Le jeudi seulement.", slug="cafe-du-jeudi-2"))
    assert made() == 2


def test_creation__of_somebody_else_or_of_yesterday__is_another_page(signed_in, form):
    signed_in("referent_a").post(*form())
    signed_in("zone_a").post(*form(slug="autre"))
    assert made() == 2
    Revision.objects.update(created_at=timezone.now() - 2 * resent.AGAIN)
    signed_in("referent_a").post(*form(slug="encore"))
    assert made() == 3


def test_several_pages__published_again_after_the_answer_was_lost__are_published_once(world, signed_in):
    drafts = [pages.news(world.home(world.a), f"Brouillon {number}", live=False) for number in range(2)]
    for page in drafts:
        page.save_revision(user=world.people["referent_a"])
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    address += "?" + "&".join(f"id={page.pk}" for page in drafts)
    client = signed_in("referent_a")
    for _time in range(2):
        answer = client.post(address, {"next": "/admin/"}, follow=True)
        assert "2 pages ont été publiées" in answer.content.decode()
    for page in drafts:
        page.refresh_from_db()
        assert page.live
        assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish").count() == 1
