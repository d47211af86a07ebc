"""Corrections of blocks that hold several texts: steps, call-outs, questions, quotations, optional parts."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from exchanges.corrections import services
from exchanges.corrections.models import Correction
from exchanges.corrections.passages import passages, revised
from resources.frames.answers import raw_story
from tests.exchanges.correcting import newest_story
from tests.factories import frames
from tests.helpers import page_html

LINK = '<p>Voir <a id="3" linktype="page">ici</a>.</p>'
STEPS = {
    "type": "steps",
    "id": "st",
    "value": {
        "title": "En deux temps",
        "steps": [
            {"type": "item", "id": "i1", "value": {"title": "Écrire", "text": LINK}},
            {"type": "item", "id": "i2", "value": {"title": "Appeler", "text": "<p>Le matin.</p>"}},
        ],
    },
}
CALLOUT = {
    "type": "callout",
    "id": "ca",
    "value": {"tone": "info", "title": "Bon à savoir", "text": "<p>Gratuit.</p>"},
}
QUOTE = {
    "type": "quote",
    "id": "qu",
    "value": {"text": "On n'avance\njamais seul.", "author": "Un ancien", "role": ""},
}
QUESTIONS = {
    "type": "accordion",
    "id": "ac",
    "value": {"title": "", "items": [{"type": "item", "id": "q1", "value": {"question": "Quand ?", "answer": LINK}}]},
}
EMBED = {"type": "embed", "id": "em", "value": {"url": "https://example.org/film", "title": "Film", "transcript": ""}}
BODY = [STEPS, CALLOUT, QUOTE, QUESTIONS, frames.optional("o1"), frames.slot("s1")]


@pytest.fixture
def national(world):
    return frames.frame(world.national, body=BODY)


def labels(block: dict) -> list[tuple[str, str]]:
    return [(row.label, row.text) for row in passages(block)]


def test_passages__of_each_block__are_named_as_in_the_editor_s_form():
    assert labels(STEPS) == [
        ("Titre", "En deux temps"),
        ("Étape 1", "Écrire"),
        ("Étape 1 – Texte", "Voir ici."),
        ("Étape 2", "Appeler"),
        ("Étape 2 – Texte", "Le matin."),
    ]
    assert labels(CALLOUT) == [("Titre", "Bon à savoir"), ("Texte", "Gratuit.")]
    assert [text for _label, text in labels(QUOTE)] == ["On n'avance\njamais seul.", "Un ancien", ""]
    assert labels(QUESTIONS)[1:] == [("Question 1", "Quand ?"), ("Question 1 – Réponse", "Voir ici.")]
    assert [text for _label, text in labels(frames.optional("o1"))] == ["Si vous vivez en base", "Le bureau reçoit."]
    assert [text for _label, text in labels(EMBED)] == ["Film", ""], "an address is no text"
    assert [text for _label, text in labels(frames.heading("h", "Avant"))] == ["Avant"]
    assert passages(frames.slot("s1")) == []
    assert passages({"type": "unknown", "id": "x", "value": {}}) == []


@pytest.mark.parametrize("block", [*BODY[:-1], EMBED], ids=lambda block: block["id"])
def test_revised__typed_as_it_was__gives_the_same_value_back(block):
    assert revised(block, {row.path: row.text for row in passages(block)}) == block["value"]


def test_revised__one_text__leaves_the_others_and_their_links(national):
    found = revised(STEPS, {"steps/i2/text": "Le soir, <b>après</b> 18 h.", "gone/away": "x"})
    assert found["steps"][0]["value"]["text"] == LINK
    assert found["steps"][1]["value"] == {"title": "Appeler", "text": "<p>Le soir, &lt;b&gt;après&lt;/b&gt; 18 h.</p>"}
    assert STEPS["value"]["steps"][1]["value"]["text"] == "<p>Le matin.</p>", "what was read is not touched"


def form_url(world, national, block: str) -> str:
    return reverse("correction_propose", args=[world.a.pk, national.translation_key, block])


def sent(national, key: str, **typed: str) -> dict:
    """What the form of a block sends, some of its texts typed again."""
    block = next(row for row in raw_story(national.body) if row["id"] == key)
    data = {row.field_name: row.text for row in passages(block)}
    return data | {"key": str(uuid.uuid4()), "seen": services.digest_of(block), "remark": ""} | typed


def test_propose__one_step_of_several__becomes_a_draft_in_one_click(world, signed_in, national):
    client, url = signed_in("referent_a"), form_url(world, national, "st")
    html = page_html(client.get(url))
    assert "Étape 2 – Texte" in html
    assert client.post(url, sent(national, "st", passage_steps_i2_text="Le soir.")).status_code == 302
    row = Correction.objects.get()
    assert (row.passages, row.proposed) == ({"steps/i2/text": "Le soir."}, "Étape 2 – Texte\xa0: Le soir.")
    editor, inspect = signed_in("editor"), reverse("correction:inspect", args=[row.pk])
    html = page_html(editor.get(inspect))
    assert "<ins>" in html
    assert "En faire un brouillon" in html
    assert editor.post(reverse("correction:draft", args=[row.pk])).status_code == 302
    steps = next(block for block in newest_story(national) if block["id"] == "st")["value"]["steps"]
    assert [step["value"]["text"] for step in steps] == [LINK, "<p>Le soir.</p>"]
    published = type(national).objects.get(pk=national.pk)
    assert "Le soir" not in str(raw_story(published.body)), "a draft is not public"


def test_propose__a_part_that_may_be_left_out_and_a_quotation__become_drafts(world, signed_in, national):
    typed = {"o1": {"passage_body_o1-t": "Le bureau reçoit le jeudi."}, "qu": {"passage_author": "Une ancienne"}}
    for key, fields in typed.items():
        data = sent(national, key, **fields)
        assert signed_in("contributor_a").post(form_url(world, national, key), data).status_code == 302
        services.make_draft(correction=Correction.objects.get(block=key), by=world.people["editor"])
    story = {block["id"]: block["value"] for block in newest_story(national)}
    assert story["o1"]["body"][0]["value"] == "<p>Le bureau reçoit le jeudi.</p>"
    assert story["qu"] == QUOTE["value"] | {"author": "Une ancienne"}


def test_propose__a_text_that_the_block_needs_taken_out_or_too_long__is_refused_with_what_was_typed(
    world, signed_in, national
):
    client, url = signed_in("referent_a"), form_url(world, national, "st")
    response = client.post(url, sent(national, "st", passage_steps_i1_title="", passage_steps_i2_text="Le soir."))
    assert response.status_code == 422
    assert "ils sont de trop" in response.content.decode()
    assert "Le soir." in response.content.decode()
    response = client.post(url, sent(national, "st", passage_steps_i1_title="x" * 151))
    assert response.status_code == 422
    assert not Correction.objects.exists()
    assert client.post(url, sent(national, "st", passage_title="")).status_code == 302, "a title may go"


def test_propose__nothing_typed__asks_for_something(world, signed_in, national):
    response = signed_in("referent_a").post(form_url(world, national, "st"), sent(national, "st"))
    assert response.status_code == 422


def test_propose__the_step_was_taken_out_meanwhile__what_was_typed_is_in_the_remark(
    world, signed_in, contexts, national
):
    data = sent(national, "st", passage_steps_i2_text="Le soir.", remark="Ils ont changé d’heure.")
    shorter = STEPS | {"value": STEPS["value"] | {"steps": STEPS["value"]["steps"][:1]}}
    frames.rewrite(national, [shorter, frames.slot("s1")])
    response = signed_in("referent_a").post(form_url(world, national, "st"), data)
    assert response.status_code == 409
    remark = response.context["form"]["remark"].value()
    assert "Ils ont changé d’heure." in remark
    assert "Le soir." in remark
    frames.rewrite(national, [frames.slot("s1")])
    response = signed_in("referent_a").post(form_url(world, national, "st"), data)
    assert response.status_code == 409
    assert "Le soir." in response.context["form"]["proposed"].value()


def test_correction__older_or_of_a_block_without_text__says_that_it_is_done_by_hand(world, signed_in, national):
    row = Correction.objects.create(
        key=uuid.uuid4(), groupement=world.a, page_id=national.pk, block="st", before=STEPS, proposed="Autrement."
    )
    html = page_html(signed_in("editor").get(reverse("correction:inspect", args=[row.pk])))
    assert "En faire un brouillon" not in html
    assert "changez-le vous-même" in html
