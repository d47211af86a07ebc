"""The next small action for each gap, and how long it takes."""

from __future__ import annotations

import pytest

from regions.models import Groupement
from resources.frames.completeness import count, is_expected, matrix
from resources.frames.next_steps import MINUTES, NextStep, minutes, next_steps
from tests.factories import frames, pages
from tests.helpers import count_queries, page_html

CONTACTS = {"kind": "contacts", "categories": ["association"], "minimum": 3}


def steps(world, body, given=None, *, live=True) -> list[NextStep]:
    national = frames.frame(world.national, body=body)
    if given is not None:
        frames.complement(world.home(world.a), national, given, live=live)
    return next_steps(matrix([world.a]).cells[world.a.pk, national.pk])


def test_next_steps__each_kind_of_slot__says_what_and_how_long(world):
    pages.contact(world.home(world.a))
    pages.contact(world.home(world.b))
    body = [
        frames.slot("t", kind="text"),
        frames.slot("c", **CONTACTS),
        frames.slot("e", kind="events"),
        frames.slot("p", kind="person"),
        frames.slot("d", kind="document"),
        frames.slot("x", required=False),
    ]
    found = steps(world, body)
    assert [(step.slot, step.minutes) for step in found] == [("t", 15), ("c", 10), ("e", 10), ("p", 5), ("d", 10)]
    assert "2 contacts" in found[1].words
    assert found[1].anchor == "#b-c"
    assert minutes(found) == 50
    assert {slot.kind for slot in matrix([world.a]).frames[0].slots} == set(MINUTES)


@pytest.mark.parametrize(
    "given",
    [
        frames.given({"s1": "a", "s2": "b"}),
        frames.given({"s1": "a"}, left_out={"s2": "sans objet"}),
        frames.given(left_out={"page": "sans objet"}),
    ],
)
def test_next_steps__complete_or_left_out_with_a_reason__are_none(world, given):
    assert steps(world, [frames.slot("s1"), frames.slot("s2")], given) == []


def test_next_steps__a_draft_waits__asks_to_finish_it_and_not_to_write_it_again(world):
    body = [frames.slot("s1"), frames.slot("c", **CONTACTS)]
    found = steps(world, body, frames.given({"s1": "a"}), live=False)
    assert [step.slot for step in found] == ["s1", "c"]
    assert "brouillon" in found[0].words
    assert found[0].minutes < MINUTES["text"]


def test_next_steps__to_read_again__names_the_slot(world):
    national = frames.frame(world.national, body=[frames.slot("s1"), frames.text("t")])
    given = frames.given({"s1": "a"}, revision=national.live_revision_id)
    frames.complement(world.home(world.a), national, given)
    body = [frames.slot("s1", prompt="Tout autre question"), frames.text("t")]
    frames.rewrite(national, body, change_importance="review", change_note="Tout change.")
    [step] = next_steps(matrix([world.a]).cells[world.a.pk, national.pk])
    assert (step.slot, "Titre s1" in step.words) == ("s1", True)


def test_count__every_state__counts_what_is_left_out_as_done(world):
    for given in (frames.given({"s1": "a"}), frames.given(left_out={"page": "sans objet"}), frames.given()):
        national = frames.frame(world.national, body=[frames.slot("s1")])
        frames.complement(world.home(world.a), national, given)
    found = count(matrix([world.a]).row(world.a))
    assert (found["complete"], found["not_concerned"], found["missing"]) == (1, 1, 1)
    assert (found["done"], found["all"]) == (2, 3)


@pytest.mark.parametrize("status", Groupement.Status.values)
def test_is_expected__every_status__is_for_the_active_only(world, status):
    world.a.status = status
    assert is_expected(world.a) == (status == "active")


def test_list__a_gap__leads_to_the_slot_and_not_to_the_neighbour(world, signed_in):
    national = frames.frame(world.national, body=[frames.slot("s1")])
    html = page_html(signed_in("referent_a").get(f"/admin/trame/{world.a.pk}/"))
    assert f'href="/admin/trame/{world.a.pk}/{national.translation_key}/#b-s1"' in html
    assert "15 minutes" in html
    assert signed_in("referent_a").get(f"/admin/trame/{world.b.pk}/").status_code == 404


def test_list__vacant_groupement__is_not_blamed(world, signed_in):
    frames.frame(world.national, body=[frames.slot("s1")])
    world.a.status = Groupement.Status.VACANT
    world.a.save()
    assert "rien ne lui est demandé" in page_html(signed_in("zone_a").get(f"/admin/trame/{world.a.pk}/"))
    assert "Trame commune :" not in page_html(signed_in("referent_a").get("/admin/"))


def test_to_do__gaps__are_one_line_at_the_same_cost(world, signed_in):
    frames.frame(world.national, body=[frames.slot("s1")])
    client = signed_in("referent_a")
    assert "1 petite étape" in page_html(client.get("/admin/"))
    few = count_queries(lambda: client.get("/admin/"))
    for _number in range(4):
        frames.frame(world.national, body=[frames.slot("s1")])
    assert count_queries(lambda: client.get("/admin/")) == few
    assert "5 petites étapes" in page_html(client.get("/admin/"))
