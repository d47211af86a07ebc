"""Publishing a national change: its cost, whatever the number of groupements, and what it asks of them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import TaskState

from resources.frames import changes
from resources.frames.models import FrameChange
from resources.index import following
from resources.models import IndexEntry, IndexPending
from tests.factories import crowd, frames, pages
from tests.helpers import count_queries, page_html
from tests.resources.frames.test_national_editor import edit, form
from tests.resources.index.helpers import titles


@pytest.fixture
def national(world):
    return frames.frame(world.national)


@pytest.fixture
def answered(world):
    """A national page of text and a groupement's answer to it; the index has followed."""
    national = frames.published(pages.standard(world.national, "Le projet", slug="le-projet", body=frames.STORY))
    local = frames.complement(world.home(world.a), national, frames.given({"s1": "Un gabier."}))
    following.follow()
    return national, local


def reword(national, words: str, **fields) -> None:
    frames.rewrite(national, [frames.text("t1", words), *frames.STORY[2:]], **fields)


# --- What it costs ------------------------------------------------------------------------------


def test_publishing__three_or_thirty_answered__costs_the_same_and_the_page_is_found_at_once(answered):
    national, local = answered

    def publish(words: str) -> int:
        following.follow()
        # What follows the commit is asked for here: a test's transaction does not commit.
        return count_queries(lambda: (reword(national, words), following.follow_some()))

    crowd.answer_alike(local, 2)
    publish("Astrolabe.")
    with_three = publish("Boussole.")
    crowd.answer_alike(local, 27)
    assert publish("Cabestan.") == with_three
    assert "cabestan" in IndexEntry.objects.get(pk=national.pk).body_words
    behind = IndexPending.objects.values_list("page_id", "beyond")
    assert list(behind) == [(national.pk, 0)], "one row, for all of them"


def test_publishing__complements__follow_with_the_clock_and_at_home_before_a_search(
    world, answered, django_capture_on_commit_callbacks
):
    national, local = answered
    crowd.answer_alike(local, 30)
    following.follow()
    with django_capture_on_commit_callbacks(execute=True):
        reword(national, "Le cabestan.")
    completing = IndexEntry.objects.filter(base_id=national.pk)
    assert not completing.filter(body_words__contains="cabestan").exists()
    assert titles(world.host(world.a), "cabestan gabier") == ["Le projet"], "both texts, in the place one asks from"
    assert completing.filter(body_words__contains="cabestan").count() == 1
    following.follow()
    assert completing.filter(body_words__contains="cabestan").count() == 31
    assert not IndexPending.objects.exists()


def test_complements__more_than_one_batch__are_all_read(answered, monkeypatch):
    national, local = answered
    crowd.answer_alike(local, 20)
    following.follow()
    reword(national, "Le cabestan.")
    monkeypatch.setattr(following, "BATCH", 6)
    following.follow()
    assert IndexEntry.objects.filter(base_id=national.pk, body_words__contains="cabestan").count() == 21


def test_complements__national_page_withdrawn_then_back_at_another_address__follow(world, answered):
    national, local = answered
    assert titles(world.host(world.a), "gabier") == ["Le projet"]
    national.unpublish()
    assert titles(world.host(world.a), "gabier") == []
    national.refresh_from_db()
    national.slug = "notre-projet"
    national.save_revision().publish()
    assert titles(world.host(world.a), "gabier") == ["Le projet"]
    assert IndexEntry.objects.get(pk=national.pk).completed_in == [local.path[:12]]


def test_form__three_or_thirty_answered__costs_the_same_and_names_a_dozen(signed_in, answered):
    national, local = answered
    client = signed_in("editor")
    assert "1 groupement a écrit dans cette page : Finistère." in text_of(client.get(edit(national)))
    crowd.answer_alike(local, 14)
    client.get(edit(national))
    few = count_queries(lambda: client.get(edit(national)))
    crowd.answer_alike(local, 27)
    assert count_queries(lambda: client.get(edit(national))) == few
    html = text_of(client.get(edit(national)))
    assert "42 groupements ont écrit dans cette page : Finistère, Groupement 0003" in html
    assert "Groupement 0013 et 30 autres." in html


def text_of(response) -> str:
    return page_html(response).replace("\xa0", " ")


# --- Whom it concerns ---------------------------------------------------------------------------


def test_concerned__answers_drafts_and_parts_left_out__are_counted_by_what_was_touched(world, national):
    frames.complement(world.home(world.a), national, frames.given({"s1": "a"}, left_out={"o1": "Pas de base."}))
    frames.complement(world.home(world.b), national, frames.given({"s2": "b"}), live=False)
    frames.complement(world.home(world.neighbour), national, frames.given({}))
    assert changes.concerned(national).names == ["Finistère", "Lot-et-Garonne"]
    assert changes.concerned(national, ["s1"]).names == ["Finistère"]
    assert changes.concerned(national, ["o1"]).names == ["Finistère"]
    assert changes.concerned(national, ["s2"]).names == ["Lot-et-Garonne"]
    assert changes.concerned(national, ["s1", "s2"]).count == 2
    assert not changes.concerned(national, ["s"])
    assert not changes.concerned(national, [])


# --- Approval -----------------------------------------------------------------------------------


@pytest.fixture
def submitted(world, national):
    """A change that waits for approval; its author said nothing of what it asks, and then somebody answered."""
    page = type(national).objects.get(pk=national.pk)
    page.body = page.body.stream_block.to_python([frames.text("t1", "Nouveau texte."), *frames.STORY[2:]])
    page.save_revision(user=world.people["editor"])
    page.get_workflow().start(page, world.people["editor"])
    frames.complement(world.home(world.a), national, frames.given({"s1": "a"}))
    return TaskState.objects.get()


def approve(state: TaskState, page) -> str:
    return reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])


def test_approving__in_the_form__asks_minor_or_to_read_again(signed_in, national, submitted):
    client = signed_in("admin")
    fields = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    response = client.post(edit(national), form(national, "Nouveau texte.", **fields))
    assert response.status_code == 200, "neither approved nor published"
    assert "Ce changement touche les textes de : Finistère" in text_of(response)
    fields |= {"change_importance": "review", "change_note": ""}
    assert "Dites en un mot" in text_of(client.post(edit(national), form(national, "Nouveau texte.", **fields)))
    fields |= {"change_note": "Les prix ont changé."}
    assert client.post(edit(national), form(national, "Nouveau texte.", **fields)).status_code == 302
    assert FrameChange.objects.get(page=national.pk).word == "Les prix ont changé."


@pytest.mark.parametrize("headers", [{}, {"x-requested-with": "XMLHttpRequest"}])
def test_approving__from_a_list__leads_to_the_form_that_asks(signed_in, national, submitted, headers):
    client = signed_in("admin")
    response = client.post(approve(submitted, national), {"comment": ""}, headers=headers)
    assert edit(national) in (response.content.decode() or response["Location"])
    submitted.refresh_from_db()
    assert submitted.status == TaskState.STATUS_IN_PROGRESS
    assert not FrameChange.objects.exists()
    assert "Ce changement touche les textes de : Finistère" in text_of(client.get(edit(national)))


def test_approving__what_was_said_when_it_was_sent__is_enough(signed_in, world, national, submitted):
    page = type(national).objects.get(pk=national.pk).get_latest_revision_as_object()
    page.change_importance = "minor"
    submitted.revision = page.save_revision(user=world.people["editor"])
    submitted.save()
    signed_in("admin").post(approve(submitted, national), {"comment": ""})
    assert FrameChange.objects.get(page=national.pk).importance == "minor"


def test_approving__a_groupement_s_answer__is_never_asked(signed_in, world, national):
    local = frames.complement(world.home(world.a), national, frames.given({"s1": "a"}))
    local.set_answers(frames.given({"s1": "b"}))
    local.save_revision(user=world.people["contributor_a"])
    local.get_workflow().start(local, world.people["contributor_a"])
    signed_in("referent_a").post(approve(TaskState.objects.get(), local), {"comment": ""})
    assert type(local).objects.get(pk=local.pk).given.given["s1"].plain == "b"


def test_restarting_an_approval__without_saying__is_asked_too(signed_in, national, submitted):
    submitted.reject(user=None)
    fields = {"action-restart-workflow": "true"}
    response = signed_in("admin").post(edit(national), form(national, "Nouveau texte.", **fields))
    assert "Ce changement touche les textes de : Finistère" in text_of(response)


def test_publishing__several_pages_at_once__leads_to_the_form_that_asks(signed_in, world, national):
    frames.complement(world.home(world.a), national, frames.given({"s1": "a"}))
    draft = type(national).objects.get(pk=national.pk)
    draft.body = draft.body.stream_block.to_python([frames.text("t1", "Nouveau."), *frames.STORY[2:]])
    draft.save_revision(user=world.people["editor"])
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = signed_in("admin").post(f"{address}?id={national.pk}")
    assert response["Location"] == edit(national)
    assert not FrameChange.objects.exists()
    assert type(national).objects.get(pk=national.pk).has_unpublished_changes
