"""Answers sent again after their answer was lost are kept once, and nobody is told that they may not."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import frames
from tests.resources.frames.test_answer_screen import local_page, typed

WORDS = "Le bureau reçoit le mardi."


@pytest.fixture
def national(world):
    return frames.frame(world.national)


@pytest.fixture
def url(world, national):
    return reverse("frame_answers", args=[world.a.pk, national.translation_key])


@pytest.mark.parametrize(
    ("name", "action"), [("referent_a", "save"), ("contributor_a", "submit"), ("referent_a", "publish")]
)
def test_answers__sent_again_after_their_answer_was_lost__are_kept_once(signed_in, world, url, national, name, action):
    client = signed_in(name)
    form = typed(client, url, WORDS, action=action)
    for _time in range(2):
        assert client.post(url, form).status_code == 302
    page = local_page(world, national)
    assert page.revisions.count() == 1
    assert page.live == (action == "publish")
    assert page.workflow_states.count() == (action == "submit")


def test_answers__kept_and_then_sent_to_be_published__are_published(signed_in, world, url, national):
    client = signed_in("referent_a")
    form = typed(client, url, WORDS)
    client.post(url, form)
    assert not local_page(world, national).live
    client.post(url, form | {"action": "publish"})
    assert local_page(world, national).live


def test_answers__of_others__waiting_to_be_approved__are_locked_still(signed_in, world, url, national):
    client, other = signed_in("contributor_a"), signed_in("contributor_a")
    form = typed(other, url, "Autre chose.", action="submit")
    client.post(url, typed(client, url, WORDS, action="submit"))
    assert other.post(url, form).status_code == 403
