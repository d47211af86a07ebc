"""Pages that every groupement must have: the nation's part is immovable, whatever stood at their address before."""

from __future__ import annotations

import pytest
from django.urls import reverse

from regions.places import relative_path
from resources.frames import services
from resources.models import StandardPage
from tests import html
from tests.factories import frames, pages
from tests.helpers import assert_flat_queries

MUST = {"must_be_completed": True}
NATIONS, OURS = "Le texte national.", "Notre vieille page."


@pytest.fixture
def read(world, visit):
    def ask(page, groupement=None) -> str:
        host = world.host(groupement or world.a)
        return html.visible_text(html.parse(visit(host, f"/{relative_path(page)}")))

    return ask


def whole(home, slug: str = "projet", **fields):
    return frames.published(pages.standard(home, "Projet", slug=slug, body=frames.STORY, **(MUST | fields)))


def old_page(world, groupement=None, **fields):
    """A page that the groupement wrote by itself."""
    body = [frames.text("x", OURS)]
    return pages.standard(world.home(groupement or world.a), "Notre projet", slug="projet", body=body, **fields)


def test_published__a_page_stood_at_its_address__is_read_in_it_and_nothing_is_lost(world, read):
    mine = frames.published(old_page(world))
    other = old_page(world, world.b)
    national = whole(world.national)
    for groupement in (world.a, world.b):
        text = read(national, groupement)
        assert NATIONS in text
        assert OURS in text
    for page in (mine, other):
        page.refresh_from_db()
        assert page.completes == national.translation_key
        assert not page.only_completes, "it has a text of its own"
    national.unpublish()
    assert OURS in read(mine), "without the nation's, it stands again"


def test_published__a_page_that_need_not_be_completed__leaves_what_stands_there(world, read):
    old_page(world)
    national = whole(world.national, must_be_completed=False)
    assert NATIONS not in read(national)
    frames.rewrite(national, frames.STORY, **MUST)
    assert NATIONS in read(national)
    assert OURS in read(national)


def test_written__at_the_address_of_one_that_must_be_completed__is_read_in_it(world, read):
    national = whole(world.national)
    mine = old_page(world)
    assert mine.completes == national.translation_key
    assert NATIONS in read(national)
    assert OURS in read(national)
    elsewhere = pages.standard(world.home(world.a), "Autre", slug="projet-2")
    assert elsewhere.completes is None


def test_draft__older_than_the_national_page__published_later_still_completes_it(world, read):
    mine = frames.published(old_page(world))
    mine.body = mine.body.stream_block.to_python([frames.text("x", "Notre page, revue.")])
    revision = mine.save_revision()
    national = whole(world.national)
    revision.publish()
    text = read(national)
    assert "Notre page, revue." in text
    assert NATIONS in text


def test_answered__a_page_below_another_page__is_merged_and_opens(world, read):
    above = frames.published(pages.standard(world.national, "Le groupement", slug="le-groupement"))
    national = whole(above, "permanences")
    services.save_answers(
        national=national,
        home=world.home(world.a),
        given=frames.given({"s1": "Le mardi."}),
        user=world.people["referent_a"],
        then=services.PUBLISH,
    )
    assert "Le mardi." in read(national)
    assert "Le mardi." not in read(national, world.b)


def test_publishing__one_page_at_its_address_or_a_hundred__costs_the_same(world):
    national = whole(world.national)
    groupements = (world.a, world.b, world.neighbour)
    StandardPage.objects.filter(pk__in=[old_page(world, groupements[0]).pk]).update(completes=None)
    frames.published(national)

    def more() -> None:
        for groupement in groupements[1:]:
            StandardPage.objects.filter(pk=old_page(world, groupement).pk).update(completes=None)

    assert_flat_queries(lambda: frames.published(national), more)
    assert StandardPage.objects.filter(completes=national.translation_key).count() == 3


def test_form__of_a_page_at_that_address__is_not_refused(world, signed_in):
    from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

    national = whole(world.national)
    home = world.home(world.a)
    add = reverse("wagtailadmin_pages:add", args=["resources", "standardpage", home.pk])
    body = streamfield([("rich_text", rich_text(f"<p>{OURS}</p>"))])
    data = {"title": "Notre projet", "slug": "projet", "summary": "", "body": body, "owner_name": "", "owner_role": ""}
    data = nested_form_data(data | {"comments": inline_formset([]), "action-publish": "1"})
    assert signed_in("referent_a").post(add, data).status_code == 302
    assert StandardPage.objects.descendant_of(home).get(slug="projet").completes == national.translation_key
