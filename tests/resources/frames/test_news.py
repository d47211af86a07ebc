"""“Quoi de neuf au national”: what changed, “mon texte convient”, and its undoing. Nothing local is ever lost."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from resources.frames import completeness, wording
from resources.frames.models import FrameLook
from tests.factories import frames
from tests.helpers import assert_flat_queries, page_html

STORY = [frames.text("t1", "Le préavis est de trois mois."), frames.slot("s1"), frames.slot("s2", required=False)]
CHANGED = [frames.text("t1", "Le préavis est d’un mois."), *STORY[1:]]


@pytest.fixture
def national(world):
    return frames.frame(world.national, body=STORY)


@pytest.fixture
def answered(world, national):
    """The published answer of a groupement, then a change to read again."""
    page = frames.complement(
        world.home(world.a), national, frames.given({"s1": "Notre mot."}, revision=national.live_revision_id)
    )
    frames.rewrite(national, CHANGED, change_importance="review", change_note="Zqpreavis")
    return page


@pytest.fixture
def url(world):
    return reverse("frames_news", args=[world.a.pk])


def confirm_url(groupement, national) -> str:
    return reverse("frame_confirm", args=[groupement.pk, national.translation_key])


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def token_of(response) -> dict:
    return {"annuler": parse_qs(urlsplit(response.headers["Location"]).query)["annuler"][0]}


def late(world, national) -> list[str]:
    return completeness.matrix([world.a]).cells[world.a.pk, national.pk].outdated


def test_news__a_change_to_read_again__shows_the_difference_its_word_and_what_it_asks(world, signed_in, url, answered):
    html = page_html(signed_in("referent_a").get(url))
    assert "Zqpreavis" in html
    for mark in ("<ins>", "<del>", "ajouté", "retiré", "de trois"):
        assert mark in html
    assert "#b-s1" in html
    assert "#b-s2" not in html, "an answer that was never written is not to be read again"
    assert "Mon texte convient" in html
    home = page_html(signed_in("referent_a").get(reverse("wagtailadmin_home")))
    assert url in home


def test_news__of_another_groupement__is_absent_and_asks_nothing_of_those_who_wrote_nothing(
    world, signed_in, url, answered, national
):
    client = signed_in("referent_b")
    assert client.get(url).status_code == 404
    assert client.post(confirm_url(world.a, national)).status_code == 404
    html = page_html(client.get(reverse("frames_news", args=[world.b.pk])))
    assert "Zqpreavis" in html
    assert "Mon texte convient" not in html


def test_news__seen__only_what_still_asks_remains(world, signed_in, url, answered, national):
    client = signed_in("referent_a")
    frames.rewrite(national, [*CHANGED, frames.text("t9", "Zqmineur.")], change_importance="minor", change_note="")
    assert "Zqmineur" in page_html(client.get(url))
    newest = national.frame_changes.first().pk
    client.post(url, {"newest": newest})
    client.post(url, {"newest": newest - 1})
    assert FrameLook.objects.get().change == newest, "never back"
    html = page_html(client.get(url))
    assert "Mon texte convient" in html
    client.post(confirm_url(world.a, national))
    assert "Zqpreavis" not in page_html(client.get(url))


def test_confirm__a_published_answer__keeps_its_words_and_is_undone(world, signed_in, answered, national):
    client, before = signed_in("referent_a"), fresh(answered).given
    response = client.post(confirm_url(world.a, national))
    after = fresh(answered)
    assert after.given.given["s1"].text == before.given["s1"].text
    assert after.live
    assert not after.has_unpublished_changes
    assert late(world, national) == []
    client.post(confirm_url(world.a, national), token_of(response))
    assert fresh(answered).given == before
    assert late(world, national) == ["s1"]


def test_confirm__a_draft_waits__stays_a_draft_and_is_undone(world, signed_in, answered, national):
    client = signed_in("referent_a")
    draft = fresh(answered)
    draft.set_answers(frames.given({"s1": "Zqbrouillon."}))
    draft.save_revision()
    live, drafted = fresh(answered).given, fresh(answered).get_latest_revision_as_object().given
    response = client.post(confirm_url(world.a, national))
    after = fresh(answered)
    assert after.given.given["s1"].text == live.given["s1"].text, "the draft is not published by it"
    assert "Zqbrouillon" in after.get_latest_revision_as_object().given.given["s1"].text
    assert after.has_unpublished_changes
    assert late(world, national) == []
    client.post(confirm_url(world.a, national), token_of(response))
    assert fresh(answered).given == live
    assert fresh(answered).get_latest_revision_as_object().given == drafted


def test_undo__somebody_saved_since_or_another_token__undoes_nothing(world, signed_in, answered, national):
    client = signed_in("referent_a")
    response = client.post(confirm_url(world.a, national))
    page = fresh(answered)
    page.set_answers(frames.given({"s1": "Zqdepuis."}))
    page.save_revision()
    assert "rien n’est perdu" in page_html(
        client.post(confirm_url(world.a, national), token_of(response), follow=True)
    )
    client.post(confirm_url(world.a, national), {"annuler": "faux"})
    assert "Zqdepuis" in fresh(answered).get_latest_revision_as_object().given.given["s1"].text


def test_confirm__by_a_contributor__is_sent_for_approval_and_they_may_undo_it(world, signed_in, answered, national):
    client, live = signed_in("contributor_a"), fresh(answered).given
    response = client.post(confirm_url(world.a, national))
    page = fresh(answered)
    assert page.given == live, "publishing stays the référent's"
    assert page.workflow_in_progress
    client.post(confirm_url(world.a, national), token_of(response))
    assert not fresh(answered).workflow_in_progress
    assert fresh(answered).get_latest_revision_as_object().given == live


def test_confirm__a_version_waits_for_approval__is_looked_at_first(world, signed_in, answered, national):
    signed_in("contributor_a").post(confirm_url(world.a, national))
    count = answered.revisions.count()
    response = signed_in("referent_a").post(confirm_url(world.a, national))
    assert response.headers["Location"] == reverse("frame_answers", args=[world.a.pk, national.translation_key])
    assert answered.revisions.count() == count


def test_news__more_pages_and_changes__costs_the_same(world, signed_in, url, answered, national):
    client = signed_in("referent_a")

    def grow() -> None:
        for number in range(4):
            page = frames.frame(world.national, f"Page {number}", body=STORY, guide=national.get_parent().specific)
            given = frames.given({"s1": "Un mot."}, revision=page.live_revision_id)
            frames.complement(world.home(world.a), page, given)
            frames.rewrite(page, CHANGED, change_importance="review", change_note="Encore.")

    client.get(url)
    assert_flat_queries(lambda: page_html(client.get(url)), grow)


def test_compare__one_word_of_a_line__says_which():
    pieces = wording.compare(["Le préavis est de trois mois."], ["Le préavis est d’un mois."])[0]
    assert [(piece.kind, piece.text.strip()) for piece in pieces] == [
        ("same", "Le préavis est"),
        ("removed", "de trois"),
        ("added", "d’un"),
        ("same", "mois."),
    ]
