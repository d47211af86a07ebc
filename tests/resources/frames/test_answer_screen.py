"""The screen on which a groupement answers: drafts, submission, publication, two people at once, locks."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from regions.places import relative_path
from tests.factories import frames, pages
from tests.helpers import page_html


@pytest.fixture
def national(world):
    return frames.frame(world.national)


@pytest.fixture
def url(world, national):
    return reverse("frame_answers", args=[world.a.pk, national.translation_key])


def form_of(client, url: str) -> dict:
    """What a browser would send back of the form, untouched."""
    soup = BeautifulSoup(page_html(client.get(url)), "html.parser")
    form = soup.select_one(".mara-frame form")
    data = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.get("type") in {"checkbox", "radio"} and not field.has_attr("checked"):
            continue
        data[field["name"]] = field.get("value", "") if field.name == "input" else field.get_text()
    return data


def typed(client, url: str, words: str, **others) -> dict:
    return form_of(client, url) | {"b-s1-text": rich_text(f"<p>{words}</p>")} | others


def local_page(world, national, groupement=None):
    home = world.home(groupement or world.a)
    return type(national).objects.descendant_of(home).filter(completes=national.translation_key).first()


def test_screen__a_frame__shows_the_text_its_keeper_the_questions_and_examples(signed_in, url, national):
    frames.rewrite(national, [*frames.STORY[:2], frames.slot("s1", example="Un exemple breton.")])
    html = page_html(signed_in("referent_a").get(url))
    for words in ("Le texte national.", "tenu par Paul Durand", "Question s1", "Un exemple breton."):
        assert words in html


def test_screen__partner__shows_its_other_national_texts_before_the_body(world, signed_in):
    partner = pages.partner(
        world.national,
        mission="<p>Aider au <b>retour</b> à l'emploi.</p>",
        offer="<p>Un bilan.</p>",
        body=frames.STORY,
    )
    frames.published(partner)
    url = reverse("frame_answers", args=[world.a.pk, partner.translation_key])
    soup = BeautifulSoup(page_html(signed_in("referent_a").get(url)), "html.parser")
    grey = soup.select(".mara-frame__national")
    assert [part.h2.get_text() for part in grey[:2]] == ["Leur mission", "Ce qu’ils proposent"]
    assert "retour à l" in grey[0].get_text()
    assert [part["data-block"] for part in grey[:3]] == ["mission", "offer", "h1"]
    assert "Le texte national." in "".join(part.get_text() for part in grey[2:])


def test_first_answer__saved__makes_a_draft_page_of_the_groupement(world, signed_in, visit, url, national):
    client = signed_in("referent_a")
    response = client.post(url, typed(client, url, "Notre mot."))
    assert response.status_code == 302
    page = local_page(world, national)
    assert not page.live
    assert page.only_completes
    newest = page.get_latest_revision_as_object()
    assert newest.given.given["s1"].text.startswith("<p")
    assert newest.given.given["s1"].revision == national.live_revision_id
    assert newest.given.given["s1"].digest == national.slots[0].digest
    assert "Notre mot" not in page_html(visit(world.host(world.a), f"/{relative_path(national)}"))


def test_referent__publishes__visitors_read_it_with_its_date(world, signed_in, visit, url, national):
    client = signed_in("referent_a")
    client.post(url, typed(client, url, "Notre mot.", action="publish"))
    html = page_html(visit(world.host(world.a), f"/{relative_path(national)}"))
    assert "Notre mot." in html
    assert local_page(world, national).get_parent().live, "what holds the answer is published with it"


def test_contributor__may_not_publish__submits_and_the_answer_waits(world, signed_in, url, national):
    client = signed_in("contributor_a")
    assert client.post(url, typed(client, url, "Un mot.", action="publish")).status_code == 403
    response = client.post(url, typed(client, url, "Un mot.", action="submit"))
    assert response.status_code == 302
    page = local_page(world, national)
    assert page.workflow_in_progress
    assert not page.live


def test_zone_referent__groupement_of_the_zone__may_answer(signed_in, url):
    client = signed_in("zone_a")
    assert client.post(url, typed(client, url, "Mot de la zone.")).status_code == 302


@pytest.mark.parametrize("name", ["referent_b", "zone_b", "editor"])
def test_screen__another_s_groupement__is_absent(signed_in, url, name):
    assert signed_in(name).get(url).status_code == 404


def test_optional_part__left_out_without_a_reason__is_refused_and_nothing_is_lost(signed_in, url):
    client = signed_in("referent_a")
    response = client.post(url, typed(client, url, "Texte en cours.", **{"b-o1-leave_out": "on"}))
    assert response.status_code == 422
    html = response.content.decode()
    assert "Texte en cours." in html
    assert "en quelques mots" in html


def test_two_people_at_once__the_second_sees_both_texts_and_chooses(world, signed_in, url, national):
    first, second = signed_in("referent_a"), signed_in("contributor_a")
    mine = typed(second, url, "Texte du second.")
    first.post(url, typed(first, url, "Texte du premier."))
    response = second.post(url, mine)
    assert response.status_code == 409
    html = response.content.decode()
    assert "Texte du premier." in html
    assert "Texte du second." in html
    newest = local_page(world, national).get_latest_revision_as_object()
    assert "premier" in newest.given.given["s1"].text, "nothing is replaced yet"
    soup = BeautifulSoup(html, "html.parser")
    version = {
        name: soup.select_one(f'[name="{name}"]')["value"]
        for name in ("loaded_revision_id", "loaded_revision_created_at")
    }
    assert second.post(url, mine | version | {"keep-s1": "theirs"}).status_code == 302
    newest = local_page(world, national).get_latest_revision_as_object()
    assert "premier" in newest.given.given["s1"].text
    second.post(url, typed(second, url, "Texte du second."))
    texts = [row.content["answers"] for row in local_page(world, national).revisions.order_by("pk")]
    assert any("premier" in text for text in texts)
    assert "second" in texts[-1]


def test_answers__the_ordinary_form_is_saved__are_kept(world, signed_in, url, national):
    client = signed_in("referent_a")
    client.post(url, typed(client, url, "Gardé toujours.", action="publish"))
    page = local_page(world, national)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    html = page_html(client.get(edit))
    assert reverse("frame_of_page", args=[page.pk]) in html
    assert "local_slot" not in html, "slots are offered to the nation only"
    data = {"title": "Un autre titre", "slug": page.slug, "summary": "", "body": streamfield([])}
    data |= {"owner_name": "", "owner_role": "", "comments": inline_formset([]), "action-publish": "1"}
    assert client.post(edit, nested_form_data(data)).status_code == 302
    page.refresh_from_db()
    assert page.title == "Un autre titre"
    assert "Gardé toujours" in page.given.given["s1"].text


def test_locked_page__nothing_can_be_saved(world, signed_in, url, national):
    client = signed_in("referent_a")
    client.post(url, typed(client, url, "Avant."))
    page = local_page(world, national)
    data = typed(client, url, "Après.")
    type(page).objects.filter(pk=page.pk).update(locked=True, locked_by=world.people["zone_a"])
    response = client.post(url, data)
    assert response.status_code == 403
    assert "Avant" in local_page(world, national).get_latest_revision_as_object().given.given["s1"].text


def test_kept_answer__used_again__moves_into_another_slot(world, signed_in, url, national):
    client = signed_in("referent_a")
    client.post(url, typed(client, url, "Réutilisable."))
    frames.rewrite(national, [block for block in frames.STORY if block["id"] != "s1"])
    html = page_html(client.get(url))
    assert "Plus demandé" in html
    assert "Réutilisable." in html
    client.post(url, form_of(client, url))
    newest = local_page(world, national).get_latest_revision_as_object()
    assert "s1" in newest.given.given, "saving the screen loses nothing of what it does not ask"
    client.post(url, form_of(client, url) | {"kept-s1-into": "s2"})
    newest = local_page(world, national).get_latest_revision_as_object()
    assert "Réutilisable" in newest.given.given["s2"].text


CAMARADE = {"b-s1-person_name": "Anne Le Gall", "b-s1-person_phone": "02 98 00 00 01", "b-s1-text": "null"}


def answers_of(world, national):
    return local_page(world, national).get_latest_revision_as_object().given.given


def test_kept_person__used_again_then_saved_untouched__is_still_there(world, signed_in, url, national):
    frames.rewrite(national, [frames.slot("s1", kind="person"), frames.slot("s2"), frames.slot("s3", kind="person")])
    client = signed_in("referent_a")
    client.post(url, form_of(client, url) | CAMARADE)
    frames.rewrite(national, [frames.slot("s2"), frames.slot("s3", kind="person")])
    html = page_html(client.get(url))
    assert "02 98 00 00 01" in html
    client.post(url, form_of(client, url) | {"kept-s1-into": "s2"})
    client.post(url, form_of(client, url))
    kept = answers_of(world, national)
    assert kept.keys() == {"s2"}
    assert (kept["s2"].person_name, kept["s2"].person_phone) == ("Anne Le Gall", "+33298000001")
    client.post(url, form_of(client, url) | {"b-s3-person_name": "Yann Riou"})
    frames.rewrite(national, [frames.slot("s3", kind="person")])
    client.post(url, form_of(client, url) | {"kept-s2-into": "s3"})
    kept = answers_of(world, national)
    assert (kept["s2"].person_name, kept["s3"].person_name) == ("Anne Le Gall", "Yann Riou"), "one person a slot"


def test_slot__asks_for_another_kind__what_was_answered_is_shown_and_stays(world, signed_in, url, national):
    frames.rewrite(national, [frames.slot("s1", kind="person")])
    client = signed_in("referent_a")
    client.post(url, form_of(client, url) | CAMARADE)
    frames.rewrite(national, [frames.slot("s1")])
    assert form_of(client, url)["b-s1-person_name"] == "Anne Le Gall"
    client.post(url, form_of(client, url))
    assert answers_of(world, national)["s1"].person_name == "Anne Le Gall"
    client.post(url, form_of(client, url) | {"b-s1-person_name": "", "b-s1-person_phone": ""})
    assert "s1" not in answers_of(world, national), "taken out by whoever saw it"


def test_contacts__pinned_or_emptied__are_read_so_by_visitors(world, signed_in, visit, url, national):
    home = world.home(world.a)
    first, second = (pages.contact(home, title) for title in ("Abri du marin", "Zone artisanale"))
    frames.rewrite(national, [frames.slot("s1", kind="contacts", categories=[first.category.code], minimum=1)])
    client, path = signed_in("referent_a"), relative_path(national)

    def read() -> str:
        return page_html(visit(world.host(world.a), f"/{path.lstrip('/')}"))

    client.post(url, form_of(client, url) | {"b-s1-pinned": [str(second.pk)], "action": "publish"})
    html = read()
    assert 0 < html.index("Zone artisanale") < html.index("Abri du marin")
    client.post(url, form_of(client, url) | {"b-s1-emptied": "on", "action": "publish"})
    html = read()
    assert "Zone artisanale" not in html
    assert "Abri du marin" not in html


def test_saving__before_the_page_is_read__the_home_is_held(signed_in, url):
    client = signed_in("referent_a")
    data = typed(client, url, "Un mot.")
    with CaptureQueriesContext(connection) as captured:
        client.post(url, data)
    asked = [query["sql"] for query in captured]
    held = next(rank for rank, sql in enumerate(asked) if "FOR UPDATE" in sql)
    looked_for = next(rank for rank, sql in enumerate(asked) if '"completes" =' in sql)
    assert held < looked_for, "two who save at once would both find no page"


def test_answer__pointing_at_another_s_draft__is_refused(world, signed_in, url):
    draft = pages.contact(world.home(world.b), "Brouillon d'Agen", live=False)
    client = signed_in("referent_a")
    text = rich_text(f'<p><a linktype="page" id="{draft.pk}">ici</a></p>')
    response = client.post(url, form_of(client, url) | {"b-s1-text": text})
    assert response.status_code == 422


def test_list__frames__tells_state_and_what_is_missing(world, signed_in, visit, national):
    client = signed_in("referent_a")
    html = page_html(client.get(reverse("frames_of", args=[world.a.pk])))
    assert "Se loger en région" in html
    assert "À compléter" in html
    frames.complement(world.home(world.a), national, frames.given({"s1": "Fait."}))
    html = page_html(client.get(reverse("frames_of", args=[world.a.pk])))
    assert "Complet" in html
    assert client.get(reverse("frames_index")).url == reverse("frames_of", args=[world.a.pk])
    assert client.get(reverse("frames_of", args=[world.b.pk])).status_code == 404


def test_preview__a_draft_answer__is_shown_inside_the_national_page(world, signed_in, url, national):
    client = signed_in("referent_a")
    response = client.post(url, typed(client, url, "Mot prévu.", action="preview"))
    html = page_html(client.get(response.url))
    assert "Mot prévu." in html
    assert "Le texte national." in html
