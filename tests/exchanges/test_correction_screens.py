"""“Corrections proposées”: the list, the first screen, and the draft of the national page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from exchanges.corrections.models import Correction
from regions.places import relative_path
from resources.frames.answers import digest_of, raw_story
from tests.exchanges.correcting import NEW, newest_story
from tests.factories import frames
from tests.helpers import assert_flat_queries, page_html

LIST = "correction:index"


def draft_url(row: Correction) -> str:
    return reverse("correction:draft", args=[row.pk])


def test_list__of_a_referent__their_own_alone_and_what_waits_first(world, signed_in, propose):
    propose(world.a, page_title="Zqclose", state="declined")
    propose(world.a, page_title="Zqattend")
    propose(world.b, page_title="Zqautre")
    page = page_html(signed_in("contributor_a").get(reverse(LIST)))
    assert page.index("Zqattend") < page.index("Zqclose")
    assert "Zqautre" not in page
    assert "Zqautre" in page_html(signed_in("editor").get(reverse(LIST)))


@pytest.mark.parametrize("role", ["editor", "referent_a"])
def test_list__three_or_thirty__costs_the_same(world, signed_in, propose, role):
    client = signed_in(role)

    def grow(count: int) -> None:
        for _number in range(count):
            propose(world.a, answered_by=world.people["editor"])

    grow(3)
    client.get(reverse(LIST))
    assert_flat_queries(lambda: page_html(client.get(reverse(LIST))), lambda: grow(27))


def test_answer_screen__many_corrections__costs_the_same(world, signed_in, national, propose):
    client, url = signed_in("referent_a"), reverse("frame_answers", args=[world.a.pk, national.translation_key])
    propose(world.a)
    client.get(url)
    assert_flat_queries(lambda: page_html(client.get(url)), lambda: [propose(world.a) for _number in range(9)])


def test_menu_and_first_screen__something_waits__for_the_nation_alone(world, signed_in, propose):
    propose(world.a, page_title="Zqattend")
    page = page_html(signed_in("editor").get(reverse("wagtailadmin_home")))
    assert "Corrections (1)" in page
    assert "Zqattend" in page
    assert "Zqattend" not in page_html(signed_in("referent_a").get(reverse("wagtailadmin_home")))


def test_correction__opened__shows_the_difference_in_words(world, signed_in, propose):
    page = page_html(signed_in("editor").get(reverse("correction:inspect", args=[propose(world.a).pk])))
    assert "<ins>" in page
    assert "<del>" in page
    assert "En faire un brouillon" in page


def test_draft__of_a_text__is_a_new_version_and_nothing_is_published(world, signed_in, visit, national, propose):
    row, client = propose(world.a), signed_in("editor")
    response = client.post(draft_url(row))
    assert response.headers["Location"] == (
        reverse("wagtailadmin_pages:edit", args=[national.pk]) + "#block-t1-section"
    )
    assert newest_story(national)[1] == {"type": "rich_text", "id": "t1", "value": f"<p>{NEW}</p>"}
    assert NEW not in page_html(visit(world.national_host, f"/{relative_path(national)}"))
    before = national.revisions.count()
    client.post(draft_url(row))
    assert national.revisions.count() == before, "clicked twice, it is written once"


def test_draft__somebody_s_unpublished_draft__is_built_upon(world, signed_in, national, propose):
    page = national.get_latest_revision_as_object()
    page.body = page.body.stream_block.to_python([*frames.STORY, frames.text("n1", "Le travail d’un autre.")])
    page.save_revision(user=world.people["admin"])
    signed_in("editor").post(draft_url(propose(world.a)))
    story = newest_story(national)
    assert story[1]["value"] == f"<p>{NEW}</p>"
    assert "Le travail d’un autre." in story[-1]["value"]


def test_draft__the_block_changed_since__shows_both_and_asks(world, signed_in, national, propose):
    row, client = propose(world.a), signed_in("editor")
    changed = frames.text("t1", "Réécrit entre-temps.")
    page = national.get_latest_revision_as_object()
    page.body = page.body.stream_block.to_python([changed, frames.slot("s1")])
    page.save_revision(user=world.people["admin"])
    response = client.post(draft_url(row))
    assert response.status_code == 409
    html = response.content.decode()
    assert "Réécrit entre-temps." in html
    assert "mieux dit" in html
    assert newest_story(national)[0]["value"] == changed["value"]
    assert client.post(draft_url(row), {"seen": "0" * 16}).status_code == 409, "another text than the one seen"
    seen = digest_of(newest_story(national)[0])
    assert client.post(draft_url(row), {"seen": seen}).status_code == 302
    assert newest_story(national)[0]["value"] == f"<p>{NEW}</p>"


def test_draft__the_block_is_gone__is_added_at_the_end_when_asked_for(world, signed_in, national, propose):
    row, client = propose(world.a), signed_in("editor")
    frames.rewrite(national, [frames.slot("s1")])
    assert client.post(draft_url(row)).status_code == 409
    assert client.post(draft_url(row), {"seen": "gone"}).status_code == 302
    assert newest_story(national)[-1]["value"] == f"<p>{NEW}</p>"
    count = national.revisions.count()
    client.post(draft_url(row), {"seen": "gone"})
    assert national.revisions.count() == count


def test_draft__the_page_is_locked_or_deleted__says_so_and_writes_nothing(world, signed_in, national, propose):
    row, client = propose(world.a), signed_in("editor")
    type(national).objects.filter(pk=national.pk).update(locked=True, locked_by=world.people["admin"])
    count = national.revisions.count()
    assert "verrouillée" in page_html(client.post(draft_url(row), follow=True))
    assert national.revisions.count() == count
    type(national).objects.get(pk=national.pk).delete()
    page = page_html(client.post(draft_url(row), follow=True))
    assert "mieux dit" in page, "what was proposed outlives the page"
    assert page_html(signed_in("referent_a").get(reverse(LIST)))


def test_remark__about_a_block_that_is_no_text__has_no_draft(world, signed_in, national, propose):
    row = propose(world.a, block="o1", proposed="", remark="Nous n’en avons pas.")
    page = page_html(signed_in("editor").get(reverse("correction:inspect", args=[row.pk])))
    assert "En faire un brouillon" not in page
    assert "Si vous vivez en base" in page
    signed_in("editor").post(draft_url(row))
    assert newest_story(national) == raw_story(national.body)
