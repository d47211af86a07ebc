"""A national text that leaves places to the groupements is not published without its keeper and its next check."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import TaskState

from resources.models import GuideChapterPage
from tests.factories import frames, pages
from tests.helpers import page_html
from tests.resources.frames.test_national_editor import edit, form

WHO, WHEN = "Dites qui tient ce texte", "Dites quand ce texte sera vérifié de nouveau"
PUBLISH = {"action-publish": "1"}
NOBODY = {"owner_name": "", "next_check_on": ""}


@pytest.fixture
def draft(world):
    """A chapter with a slot, never published, of which nobody said who keeps it."""
    page = pages.chapter(pages.guide(world.national), body=frames.STORY, live=False)
    page.save_revision(user=world.people["editor"])
    return page


def is_live(page) -> bool:
    return type(page).objects.get(pk=page.pk).live


def test_publishing__without_keeper_nor_next_check__says_both_and_a_draft_may_lack_them(signed_in, draft):
    client = signed_in("editor")
    html = page_html(client.post(edit(draft), form(draft, "Texte.", **NOBODY, **PUBLISH)))
    assert WHO in html
    assert WHEN in html
    assert "Texte." in html, "what was typed is kept"
    assert not is_live(draft)
    assert client.post(edit(draft), form(draft, "Texte.", **NOBODY)).status_code == 302
    draft.refresh_from_db()
    assert "Texte." in str(draft.get_latest_revision_as_object().body)


@pytest.mark.parametrize(
    ("lacking", "said", "unsaid"), [("owner_name", WHO, WHEN), ("next_check_on", WHEN, WHO)], ids=["keeper", "check"]
)
def test_publishing__one_of_them_is_lacking__is_asked_for_alone(signed_in, draft, lacking, said, unsaid):
    html = page_html(signed_in("editor").post(edit(draft), form(draft, "Texte.", **{lacking: ""}, **PUBLISH)))
    assert said in html
    assert unsaid not in html
    assert not is_live(draft)
    assert signed_in("editor").post(edit(draft), form(draft, "Texte.", **PUBLISH)).status_code == 302
    assert is_live(draft)


def test_publishing__the_guide_says_both__the_chapter_need_not(signed_in, draft):
    guide = draft.get_parent().specific
    for name, value in frames.KEPT.items():
        setattr(guide, name, value)
    guide.save()
    assert signed_in("editor").post(edit(draft), form(draft, "Texte.", **NOBODY, **PUBLISH)).status_code == 302
    assert is_live(draft)


def test_new_chapter__published_at_once__is_asked_too(world, signed_in):
    guide = pages.guide(world.national)
    add = reverse("wagtailadmin_pages:add", args=["resources", "guidechapterpage", guide.pk])
    page = GuideChapterPage(title="Tout neuf", slug="tout-neuf")
    html = page_html(signed_in("editor").post(add, form(page, "Texte.", **NOBODY, **PUBLISH)))
    assert WHO in html
    assert not GuideChapterPage.objects.filter(slug="tout-neuf").exists()


def test_publishing__a_page_that_is_no_frame_or_a_groupement_s__is_not_asked(world, signed_in):
    from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

    body = streamfield([("rich_text", rich_text("<p>Texte.</p>"))])
    nations, local = pages.chapter(pages.guide(world.national)), pages.standard(world.home(world.a))
    for role, page in (("editor", nations), ("referent_a", local)):
        data = {"title": page.title, "slug": page.slug, "summary": "", "body": body, "owner_role": "", **NOBODY}
        data = nested_form_data(data | {"comments": inline_formset([])} | PUBLISH)
        assert signed_in(role).post(edit(page), data).status_code == 302


def test_publishing__several_drafts_at_once__leads_to_the_form_of_the_one_that_lacks_it(signed_in, draft):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client = signed_in("admin")
    response = client.post(f"{address}?id={draft.pk}")
    assert response["Location"] == edit(draft)
    assert WHO in page_html(client.get(edit(draft)))
    assert not is_live(draft)


def test_approving__from_a_list__leads_to_the_form_of_what_lacks_it(world, signed_in, draft):
    page = draft.get_latest_revision_as_object()
    page.get_workflow().start(page, world.people["editor"])
    state = TaskState.objects.get()
    approve = reverse("wagtailadmin_pages:workflow_action", args=[draft.pk, "approve", state.pk])
    response = signed_in("admin").post(approve, {"comment": ""})
    assert response["Location"] == edit(draft)
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS
    assert not is_live(draft)
