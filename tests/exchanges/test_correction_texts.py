"""Corrections of the national texts that are in no body: a partner's mission, what it offers."""

from __future__ import annotations

import uuid

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from exchanges.corrections import services
from exchanges.corrections.models import Correction
from tests.factories import frames, pages
from tests.helpers import page_html

MISSION = "<p>Aider au <b>retour</b> à l’emploi.</p>"
REWORDED = "Aider chacun, sans condition d’âge."
ANCHOR = "#id_mission-label"


@pytest.fixture
def partner(world):
    return frames.published(
        pages.partner(world.national, mission=MISSION, offer="<p>Un bilan.</p>", body=frames.STORY)
    )


def propose_url(world, partner, key: str) -> str:
    return reverse("correction_propose", args=[world.a.pk, partner.translation_key, key])


def proposed(world, client, partner, key: str, words: str) -> Correction:
    seen = services.digest_of(partner.national_block(key))
    data = {"proposed": words, "remark": "", "key": str(uuid.uuid4()), "seen": seen}
    assert client.post(propose_url(world, partner, key), data).status_code == 302
    return Correction.objects.latest("pk")


def newest(partner):
    return type(partner).objects.get(pk=partner.pk).get_latest_revision_as_object()


def test_answer_screen__every_grey_passage__has_its_link(world, signed_in, partner):
    client = signed_in("referent_a")
    row = proposed(world, client, partner, "mission", REWORDED)
    url = reverse("frame_answers", args=[world.a.pk, partner.translation_key])
    soup = BeautifulSoup(page_html(client.get(url)), "html.parser")
    grey = soup.select(".mara-frame__national")
    assert [part["data-block"] for part in grey[:2]] == ["mission", "offer"]
    for part in grey:
        link = part.select_one("a[data-correct-open]")
        assert link["href"] == propose_url(world, partner, part["data-block"])
        assert "Aucune page" not in page_html(client.get(link["href"]))
    assert f"/inspect/{row.pk}/" in str(grey[0])
    assert f"/inspect/{row.pk}/" not in str(grey[1])


def test_propose__a_mission__is_read_answered_and_becomes_a_draft_of_the_field(world, signed_in, visit, partner):
    client, editor = signed_in("contributor_a"), signed_in("editor")
    page = page_html(client.get(propose_url(world, partner, "mission")))
    assert "Leur mission" in page
    assert "Aider au <b>retour</b>" in page
    row = proposed(world, client, partner, "mission", REWORDED)
    assert (row.block, row.before["value"]) == ("mission", MISSION)
    inspect = page_html(editor.get(reverse("correction:inspect", args=[row.pk])))
    assert "<ins>" in inspect
    draft = reverse("correction:draft", args=[row.pk])
    for _twice in range(2):
        response = editor.post(draft)
        assert response.headers["Location"] == reverse("wagtailadmin_pages:edit", args=[partner.pk]) + ANCHOR
    assert newest(partner).mission == f"<p>{REWORDED}</p>"
    assert newest(partner).offer == "<p>Un bilan.</p>"
    assert partner.revisions.count() == 2, "clicked twice, it is written once"
    assert f'id="{ANCHOR[1:]}"' in page_html(editor.get(reverse("wagtailadmin_pages:edit", args=[partner.pk])))
    assert REWORDED not in page_html(visit(world.national_host, f"/partenaires/{partner.slug}/"))


def test_draft__the_mission_was_rewritten_since__shows_both_and_asks(world, signed_in, partner):
    row = proposed(world, signed_in("referent_a"), partner, "mission", REWORDED)
    frames.rewrite(partner, frames.STORY, mission="<p>Réécrite entre-temps.</p>")
    editor, draft = signed_in("editor"), reverse("correction:draft", args=[row.pk])
    response = editor.post(draft)
    assert response.status_code == 409
    assert "Réécrite entre-temps." in response.content.decode()
    assert newest(partner).mission == "<p>Réécrite entre-temps.</p>"
    seen = services.digest_of(newest(partner).national_block("mission"))
    assert editor.post(draft, {"seen": seen}).status_code == 302
    assert newest(partner).mission == f"<p>{REWORDED}</p>"


def test_propose__a_text_that_the_page_does_not_have__is_not_found(world, signed_in, partner):
    client = signed_in("referent_a")
    for key in ("how_to_reach", "owner_name", "title"):
        assert client.get(propose_url(world, partner, key)).status_code == 404
