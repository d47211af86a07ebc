"""Corrections: a groupement proposes, the nation answers, the text goes into a draft, the groupement is thanked."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from exchanges.corrections import services, texts
from exchanges.corrections.models import Correction
from regions.mandates import end_mandate_now
from regions.models import Groupement
from regions.places import relative_path
from resources.frames.answers import raw_story
from tests.exchanges.correcting import NEW
from tests.factories import frames
from tests.helpers import page_html


def form_url(world, national, block: str = "t1") -> str:
    return reverse("correction_propose", args=[world.a.pk, national.translation_key, block])


def to_everybody() -> set[str]:
    return {address for message in mail.outbox for address in message.to}


def deliver() -> None:
    call_command("deliver_mail", verbosity=0)


def test_propose__another_text__is_kept_with_the_block_and_told_to_the_editors(world, signed_in, national):
    client, key = signed_in("contributor_a"), str(uuid.uuid4())
    url = form_url(world, national)
    assert "Le texte national." in page_html(client.get(url))
    seen = services.digest_of(raw_story(national.body)[1])
    for _twice in range(2):
        response = client.post(url, {"proposed": NEW, "remark": "Une faute.", "key": key, "seen": seen})
        assert response.status_code == 302
    row = Correction.objects.get()
    assert (row.groupement, row.page_id, row.block, row.proposed) == (world.a, national.pk, "t1", NEW)
    assert row.before == raw_story(national.body)[1]
    assert row.author == world.people["contributor_a"]
    deliver()
    assert to_everybody() == {world.people["editor"].email}
    assert len(mail.outbox) == 1, "sent twice, it is told once"


def test_receivers__the_keeper_is_an_editor__that_one_alone(world, national):
    admin = world.people["admin"]
    admin.first_name, admin.last_name = "Paul", "Durand"
    admin.save()
    assert services.receivers(national) == [admin]
    national.owner_name = "Quelqu’un d’autre"
    assert services.receivers(national) == [world.people["editor"]]


def test_propose__nothing_different__says_so_and_keeps_what_was_typed(world, signed_in, national):
    seen = services.digest_of(raw_story(national.body)[1])
    data = {"proposed": " Le texte  national. ", "remark": "", "seen": seen}
    response = signed_in("referent_a").post(form_url(world, national), data)
    assert response.status_code == 422
    assert "Le texte  national." in response.content.decode()
    assert not Correction.objects.exists()


def test_propose__the_text_changed_meanwhile__is_shown_and_sent_once_read(world, signed_in, national):
    client, seen = signed_in("referent_a"), services.digest_of(raw_story(national.body)[1])
    frames.rewrite(national, [frames.text("t1", "Un autre texte."), frames.slot("s1")])
    response = client.post(form_url(world, national), {"proposed": NEW, "seen": seen})
    assert response.status_code == 409
    html = response.content.decode()
    assert NEW in html
    assert "Un autre texte." in html
    now = raw_story(type(national).objects.get(pk=national.pk).body)[0]
    again = {"proposed": NEW, "seen": services.digest_of(now)}
    assert client.post(form_url(world, national), again).status_code == 302


def test_propose__the_passage_was_taken_out__what_was_typed_is_not_lost(world, signed_in, national):
    frames.rewrite(national, [frames.slot("s1")])
    client = signed_in("referent_a")
    response = client.post(form_url(world, national), {"proposed": NEW})
    assert response.status_code == 409
    assert NEW in response.content.decode()
    assert client.get(form_url(world, national)).status_code == 404
    assert client.get(form_url(world, national, "s1")).status_code == 404, "a slot is the groupement's own"


def test_answer_screen__beside_each_national_block__the_link_and_the_state(world, signed_in, national, propose):
    propose(world.a, state="declined", answer="Zqmotif")
    propose(world.b, answer="Zqautre", state="declined")
    html = page_html(
        signed_in("referent_a").get(reverse("frame_answers", args=[world.a.pk, national.translation_key]))
    )
    assert html.count("data-correct-open") == len([row for row in frames.STORY if row["type"] != "local_slot"])
    assert "Zqmotif" in html
    assert "Zqautre" not in html


def test_answer__accepted__thanks_the_groupement_on_the_page_and_tells_it(world, signed_in, visit, national, propose):
    row, url = propose(world.a), f"/{relative_path(national)}"
    data = {"state": "accepted", "words": "", "seen": "waiting"}
    for _twice in range(2):
        signed_in("editor").post(reverse("correction:answer", args=[row.pk]), data)
    deliver()
    assert to_everybody() == {world.people["referent_a"].email}
    assert len(mail.outbox) == 1
    for host in (world.national_host, world.host(world.b)):
        assert "Avec l’aide du groupement Finistère." in page_html(visit(host, url))
    frames.rewrite(national, [*frames.STORY, frames.text("n1", "Plus.")])
    assert "Finistère" in page_html(visit(world.host(world.b), url)), "a new version takes no thanks back"
    services.answer(correction=row, state="declined", words="Finalement non.", by=None, seen="accepted")
    assert "Avec l’aide" not in page_html(visit(world.national_host, url))


def test_answer__declined_or_later_without_a_word__is_asked_for_one(world, signed_in, propose):
    row, client = propose(world.a), signed_in("editor")
    for state in ("declined", "later"):
        response = client.post(
            reverse("correction:answer", args=[row.pk]), {"state": state, "words": " ", "seen": "waiting"}
        )
        assert response.status_code == 422
    row.refresh_from_db()
    assert row.state == "waiting"


def test_answer__another_editor_answered_meanwhile__nothing_is_replaced(world, signed_in, propose):
    row = propose(world.a)
    services.answer(correction=row, state="later", words="En janvier.", by=world.people["admin"], seen="waiting")
    data = {"state": "declined", "words": "Zqmotif", "seen": "waiting"}
    response = signed_in("editor").post(reverse("correction:answer", args=[row.pk]), data)
    assert response.status_code == 409
    assert "Zqmotif" in response.content.decode()
    row.refresh_from_db()
    assert (row.state, row.answer) == ("later", "En janvier.")


def test_referent__neither_answers_nor_drafts__and_withdraws_only_theirs(world, signed_in, propose):
    mine, theirs = propose(world.a), propose(world.b)
    client = signed_in("referent_a")
    for name in ("answer", "draft"):
        assert client.post(reverse(f"correction:{name}", args=[mine.pk]), {}).status_code == 404
    assert client.post(reverse("correction:withdraw", args=[theirs.pk])).status_code == 404
    client.post(reverse("correction:withdraw", args=[mine.pk]))
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, theirs.state) == ("withdrawn", "waiting")
    assert not services.answer(correction=mine, state="accepted", words="", by=None, seen="withdrawn")
    assert signed_in("editor").post(reverse("correction:withdraw", args=[theirs.pk])).status_code == 404


def test_answer__vacant_groupement_and_former_author__nobody_is_written_to(world, propose):
    row = propose(world.b, author=world.people["member"])
    world.people["referent_b"].mandates.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert services.answer(correction=row, state="later", words="Plus tard.", by=None, seen="waiting")
    deliver()
    assert mail.outbox == []


def test_answer__groupement_closed_with_nobody_left__the_nation_reads_it_and_nobody_is_written_to(
    world, signed_in, visit, national, propose
):
    row = propose(world.a, remark="Zqremarque")
    Groupement.objects.filter(pk=world.a.pk).update(status=Groupement.Status.DORMANT)
    for root in world.a.roots.all():
        root.unpublish()
    for name in ("referent_a", "contributor_a"):
        for mandate in world.people[name].mandates.all():
            end_mandate_now(mandate=mandate)
    deliver()
    mail.outbox.clear()
    client, url = signed_in("editor"), reverse("correction:inspect", args=[row.pk])
    assert "Finistère" in page_html(client.get(reverse("correction:index")))
    assert "Zqremarque" in page_html(client.get(url))
    data = {"state": "accepted", "words": "Merci.", "seen": "waiting"}
    assert client.post(reverse("correction:answer", args=[row.pk]), data).status_code == 302
    assert client.post(reverse("correction:draft", args=[row.pk])).status_code == 302
    deliver()
    assert mail.outbox == []
    page_html(visit(world.national_host, f"/{relative_path(national)}"))
    row.refresh_from_db()
    assert row.state == "accepted"


def test_purge__settled_two_years_ago__goes_and_the_thanks_stay(world, national, propose):
    old = timezone.now() - dt.timedelta(days=800)
    accepted, waits, fresh = propose(world.a), propose(world.a, sent_at=old), propose(world.a, sent_at=old)
    services.answer(correction=accepted, state="accepted", words="", by=None, seen="waiting")
    Correction.objects.filter(pk=accepted.pk).update(sent_at=old, answered_at=old)
    services.answer(correction=fresh, state="declined", words="Non.", by=None, seen="waiting")
    assert services.purge() == 1
    assert set(Correction.objects.all()) == {waits, fresh}
    assert "Finistère" in type(national).objects.get(pk=national.pk).thanks


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Un <b>mot</b>.</p><p>Deux.</p>", "Un mot.\n\nDeux."),
        ("<p>Avant :</p><ul><li>un</li><li>deux</li></ul><p>Fin.</p>", "Avant :\n\n- un\n- deux\n\nFin."),
        ("<ol><li>un</li></ol>", "1. un"),
        ("<p>Ligne<br/>suivante</p>", "Ligne\nsuivante"),
    ],
)
def test_texts__typed_as_it_was__gives_the_same_block_back(html, text):
    assert texts.of_html(html) == text
    assert texts.to_html(html, text) == html


def test_texts__another_paragraph__keeps_the_links_of_the_others_and_no_markup():
    html = '<p>Voir <a id="3" linktype="page">ici</a>.</p><p>Deux.</p>'
    found = texts.to_html(html, "Voir ici.\n\nDeux <script>.")
    assert found == '<p>Voir <a id="3" linktype="page">ici</a>.</p><p>Deux &lt;script&gt;.</p>'


def test_draft__what_was_said_of_the_last_change__is_not_said_of_this_one(world, national, propose):
    story = [frames.text("n1", "Plus."), *frames.STORY]
    frames.rewrite(national, story, change_importance="review", change_note="Les prix ont changé.")
    services.make_draft(correction=propose(world.a), by=world.people["editor"])
    draft = type(national).objects.get(pk=national.pk).get_latest_revision_as_object()
    assert (draft.change_importance, draft.change_note) == ("", "")
    draft.change_importance = "minor"
    draft.save_revision()
    services.make_draft(correction=propose(world.a, block="t2"), by=world.people["editor"])
    draft = type(national).objects.get(pk=national.pk).get_latest_revision_as_object()
    assert draft.change_importance == "minor", "what was said of the draft that waits stays"
