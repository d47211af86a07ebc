"""How complete each groupement is, and what it costs to know."""

from __future__ import annotations

import pytest

from regions.models import Groupement
from resources.frames.completeness import State, matrix
from tests.factories import crowd, frames, pages
from tests.helpers import count_queries

BUDGET = 15


def cell(world, national, groupement=None):
    groupement = groupement or world.a
    return matrix([groupement]).cells[groupement.pk, national.pk]


@pytest.fixture
def national(world):
    body = [frames.slot("s1"), frames.slot("s2"), frames.slot("s3", required=False), frames.optional("o1")]
    return frames.frame(world.national, body=body)


@pytest.mark.parametrize(
    ("given", "state", "done"),
    [
        (frames.given(), State.MISSING, 0),
        (frames.given({"s1": "a"}), State.PARTIAL, 1),
        (frames.given({"s1": "a", "s2": "b"}), State.COMPLETE, 2),
        (frames.given({"s1": "a"}, left_out={"s2": "sans objet"}), State.COMPLETE, 2),
        (frames.given({"s3": "c"}), State.MISSING, 0),
        (frames.given(left_out={"page": "sans objet"}), State.NOT_CONCERNED, 0),
    ],
)
def test_state__by_what_is_published__is_computed(world, national, given, state, done):
    frames.complement(world.home(world.a), national, given)
    found = cell(world, national)
    assert (found.state, found.done, found.required) == (state, done, 2)
    assert cell(world, national, world.b).state == State.MISSING


def test_state__a_draft_only__is_missing_and_says_that_a_draft_waits(world, national):
    frames.complement(world.home(world.a), national, frames.given({"s1": "a", "s2": "b"}), live=False)
    found = cell(world, national)
    assert found.state == State.MISSING
    assert found.has_draft


def test_automatic_slot__too_few_contacts__says_how_many_are_missing(world):
    body = [frames.slot("c1", kind="contacts", categories=["association"], minimum=3)]
    national = frames.frame(world.national, body=body)
    pages.contact(world.home(world.a))
    pages.contact(world.home(world.b))
    [(slot, lacking)] = cell(world, national).missing
    assert (slot.id, lacking) == ("c1", 2)


def test_state__after_a_change_to_read_again__is_to_review_until_it_is_confirmed(world, national):
    given = frames.given({"s1": "a", "s2": "b"}, revision=national.live_revision_id)
    local = frames.complement(world.home(world.a), national, given)
    body = [frames.slot("s1", prompt="Autre question"), *(block for block in national.body.get_prep_value()[1:])]
    frames.rewrite(national, body, change_importance="minor")
    assert cell(world, national).state == State.COMPLETE
    body[0] = frames.slot("s1", prompt="Encore une autre")
    national = frames.rewrite(national, body, change_importance="review", change_note="Tout change.")
    found = cell(world, national)
    assert found.state == State.REVIEW
    assert found.outdated == ["s1"]
    from resources.frames.services import confirm

    local = type(local).objects.get(pk=local.pk)
    local.set_answers(confirm(local.given, ["s1"], national=national))
    frames.published(local)
    assert cell(world, national).state == State.COMPLETE


def test_matrix__more_groupements_and_frames__costs_the_same(world):
    def frames_of_each_kind(count: int) -> None:
        for _number in range(count):
            body = [
                frames.slot("s1"),
                frames.slot("c1", kind="contacts", categories=["association"]),
                frames.slot("e1", kind="events", theme="emploi-prive"),
            ]
            chapter = frames.frame(world.national, body=body)
            partner = frames.published(pages.partner(world.national, body=body))
            page = frames.published(pages.standard(world.national, body=body))
            for national in (chapter, partner, page):
                frames.complement(world.home(world.a), national, frames.given({"s1": "a"}))

    frames_of_each_kind(1)
    few = count_queries(lambda: matrix(Groupement.objects.all()))
    frames_of_each_kind(3)
    crowd.add_groupements(10)
    groupements = list(Groupement.objects.all())
    many = count_queries(lambda: matrix(groupements))
    assert many <= few < BUDGET
    found = matrix(groupements)
    assert len(found.cells) == len(groupements) * 12
