"""Writing a frame: slots are the nation's, a change says what it asks, previews show any groupement."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from regions import services
from regions.models import NetworkPage
from regions.places import relative_path
from resources.frames.models import FrameChange
from tests.factories import crowd, frames, pages
from tests.helpers import page_html
from tests.html import parse


@pytest.fixture
def national(world):
    return frames.frame(world.national)


def form(page, text: str, **fields) -> dict:
    """The form of a national chapter with one paragraph and one slot."""
    slot = {
        "title": "Titre s1",
        "kind": "text",
        "required": "on",
        "prompt": "Question",
        "example": "",
        "theme": "",
        "minimum": "1",
    }
    from wagtail.test.utils.form_data import rich_text

    body = streamfield([("rich_text", rich_text(f"<p>{text}</p>")), ("local_slot", slot)])
    body["0"]["id"], body["1"]["id"] = "t1", "s1"
    data = {"title": page.title, "slug": page.slug, "summary": "", "body": body, "owner_name": "Paul Durand"}
    data |= {"next_check_on": "2027-06-01"}
    return nested_form_data(data | {"owner_role": "", "comments": inline_formset([])} | fields)


def edit(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_publishing_a_change__answers_are_touched__asks_minor_or_to_read_again(world, signed_in, national):
    frames.complement(world.home(world.a), national, frames.given({"s1": "a"}))
    client = signed_in("editor")
    assert "Finistère" in page_html(client.get(edit(national)))
    response = client.post(edit(national), form(national, "Nouveau texte.", **{"action-publish": "1"}))
    assert response.status_code == 200, "not published yet"
    assert "Ce changement touche les textes de : Finistère" in response.content.decode().replace("\xa0", " ")
    fields = {"action-publish": "1", "change_importance": "review", "change_note": "Les prix ont changé."}
    assert client.post(edit(national), form(national, "Nouveau texte.", **fields)).status_code == 302
    change = FrameChange.objects.get(page=national.pk)
    assert (change.importance, change.word) == ("review", "Les prix ont changé.")
    assert change.revision_before_id == national.live_revision_id
    assert "s1" in change.touched


def test_to_read_again__without_a_word__is_refused(world, signed_in, national):
    fields = {"action-publish": "1", "change_importance": "review", "change_note": ""}
    response = signed_in("editor").post(edit(national), form(national, "Nouveau.", **fields))
    assert response.status_code == 200
    assert "Dites en un mot" in response.content.decode()


def test_importance__said_in_a_draft__is_kept_until_it_is_published(world, national):
    national.body = national.body.stream_block.to_python([frames.text("t1", "Autre"), frames.slot("s1")])
    national.change_importance, national.change_note = "review", "Lisez."
    revision = national.save_revision()
    assert not FrameChange.objects.filter(page=national.pk).exists()
    revision.publish()
    assert FrameChange.objects.get(page=national.pk).word == "Lisez."


def test_change__blocks_only_changed_places__is_none(national):
    frames.rewrite(national, list(reversed(frames.STORY)))
    assert not FrameChange.objects.filter(page=national.pk).exists()


def test_change__a_text_of_one_part__touches_the_slots_of_that_part(national):
    body = [frames.text("t2", "Reformulé.") if block["id"] == "t2" else block for block in frames.STORY]
    frames.rewrite(national, body)
    assert FrameChange.objects.get(page=national.pk).touched == ["s2", "o1"]


def test_slots__on_a_groupement_s_page__are_refused(world):
    page = frames.pages.chapter(pages.guide(world.home(world.a)), body=[frames.text("x")])
    page.body = page.body.stream_block.to_python([frames.slot("s1")])
    with pytest.raises(ValidationError):
        page.full_clean()


def test_slots__form_of_a_groupement_s_page__does_not_offer_them(world, signed_in):
    page = pages.chapter(pages.guide(world.home(world.a)))
    html = page_html(signed_in("referent_a").get(edit(page)))
    assert "local_slot" not in html
    assert "change_importance" not in html


def test_page_to_complete__without_a_slot__is_refused(world):
    page = pages.standard(world.national)
    page.must_be_completed = True
    with pytest.raises(ValidationError):
        page.full_clean()


def test_preview__as_a_groupement__shows_its_answers_alone_and_beside(world, signed_in, national):
    frames.complement(world.home(world.a), national, frames.given({"s1": "Le mot breton."}))
    client = signed_in("editor")
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[national.pk])
    assert json.loads(client.post(preview, form(national, "Texte en cours.")).content)["is_valid"]
    alone = page_html(client.get(f"{preview}?mode=groupement-{world.a.code}"))
    assert "Texte en cours." in alone
    assert "Le mot breton." in alone
    other = page_html(client.get(f"{preview}?mode=groupement-{world.b.code}"))
    assert "Le mot breton." not in other
    beside = page_html(client.get(f"{preview}?mode=cote-a-cote-{world.a.code}"))
    assert beside.count("Texte en cours.") == 2
    assert beside.count("Le mot breton.") == 1
    assert client.get(f"{preview}?mode=groupement-nulle-part").status_code == 404


def choice_of(response):
    """The bar above a preview."""
    return parse(response).select_one("form.preview-choice")


@pytest.fixture
def previewed(signed_in, national):
    """Ask for a preview of the national page as the editor does: ``previewed("groupement", groupement="Gers")``."""
    client = signed_in("editor")
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[national.pk])
    client.post(preview, form(national, "Texte en cours."))
    return lambda mode, **typed: client.get(preview, {"mode": mode} | typed)


def test_preview_menu__three_or_a_hundred_groupements__has_the_same_entries(world, national):
    names = [name for name, _label in national.preview_modes]
    assert names == ["", "groupement", "cote-a-cote"]
    crowd.add_groupements(100)
    assert [name for name, _label in national.preview_modes] == names
    assert [name for name, _label in pages.chapter(pages.guide(world.national)).preview_modes] == [""]


def test_preview__first_time__is_as_one_that_answered_and_the_choice_is_kept(world, national, previewed):
    frames.complement(world.home(world.b), national, frames.given({"s1": "Le mot gascon."}))
    frames.complement(world.home(world.a), national, frames.given({"s1": "Le mot breton."}))
    assert "Le mot breton." in page_html(previewed("groupement"))
    bar = choice_of(previewed("groupement", groupement="lot-et"))
    assert bar.select_one("#apercu-groupement")["value"] == world.b.name, "a part of the name is enough"
    assert world.neighbour.name in [option["value"] for option in bar.select("datalist option")]
    assert "Le mot gascon." in page_html(previewed("groupement")), "as last time"
    beside = page_html(previewed("cote-a-cote"))
    assert beside.count("Texte en cours.") == 2
    assert "Le mot gascon." in beside
    assert "Le mot breton." not in beside


def test_preview__a_name_that_is_none__says_so_and_stays_where_it_was(world, previewed):
    previewed("groupement", groupement="Finistère")
    for typed in ("Atlantide", "e"):
        bar = choice_of(previewed("groupement", groupement=typed))
        assert f"« {typed} »" in bar.select_one("[role=alert]").text.replace("\xa0", " ")
        assert "Finistère" in bar.select_one("[role=alert]").text
    assert choice_of(previewed("groupement")).select_one("input[list]")["value"] == "Finistère"


def test_preview__in_the_panel__leaves_the_two_ways_to_its_menu(previewed):
    apart = choice_of(previewed("cote-a-cote"))
    assert [radio["value"] for radio in apart.select("[type=radio][checked]")] == ["cote-a-cote"]
    panel = choice_of(previewed("cote-a-cote", in_preview_panel="true"))
    assert not panel.select("[type=radio]")
    assert {field["name"]: field["value"] for field in panel.select("[type=hidden]")} == {
        "in_preview_panel": "true",
        "mode": "cote-a-cote",
    }
    assert choice_of(previewed("")) is None


@pytest.fixture
def english(world):
    locale = Locale.objects.get_or_create(language_code="en")[0]
    NetworkPage.objects.get().copy_for_translation(locale).save_revision().publish()
    world.national.copy_for_translation(locale).save_revision().publish()
    for section in world.national.get_children().specific():
        section.copy_for_translation(locale).save_revision().publish()
    services.ensure_translated_home(world.a, locale)
    return locale


def test_translated_frame__answers_in_french_only__says_so_and_shows_none(world, visit, national, english):
    local = frames.complement(world.home(world.a), national, frames.given({"s1": "Le mot breton."}))
    national.get_parent().specific.copy_for_translation(english).save_revision().publish()
    translated = national.copy_for_translation(english)
    frames.published(translated)
    html = page_html(visit(world.host(world.a), f"/en/{relative_path(translated)}"))
    assert "Le mot breton." not in html
    assert "voice__note" in html
    local.get_parent().specific.copy_for_translation(english).save_revision().publish()
    copy = local.copy_for_translation(english)
    copy.refresh_from_db()
    assert not copy.given, "an answer belongs to its language"
    copy.set_answers(frames.given({"s1": "Our word."}))
    frames.published(copy)
    html = page_html(visit(world.host(world.a), f"/en/{relative_path(translated)}"))
    assert "Our word." in html
    assert "voice__note" not in html


def test_groupement__its_site_is_closed__answers_are_kept_and_no_longer_linked(world, visit, national):
    local = frames.complement(world.home(world.a), national, frames.given({"s1": "Le mot breton."}))
    world.home(world.a).unpublish(set_expired=False)
    html = page_html(visit(world.national_host, f"/{relative_path(national)}"))
    assert "voice__places" not in html
    assert type(local).objects.get(pk=local.pk).given.given["s1"].text


def test_publishing__the_editor_only_marked_its_paragraphs__touches_nobody_and_asks_nothing(world, signed_in):
    body = [frames.text("t1", "Texte."), frames.slot("s1", title="Titre s1", prompt="Question")]
    partner = pages.partner(world.national, mission="<p>Aider.</p>", body=body, **frames.KEPT)
    partner = frames.published(partner)
    frames.complement(world.home(world.a), partner, frames.given({"s1": "a"}))
    marked = frames.text("t1")
    marked["value"] = '<p data-block-key="x1y2z">Texte.</p>'
    frames.rewrite(partner, [marked, body[1]], mission='<p data-block-key="abcde">Aider.</p>')
    assert not FrameChange.objects.filter(page=partner.pk).exists()
    frames.rewrite(partner, [marked, body[1]], mission='<p data-block-key="abcde">Aider mieux.</p>')
    assert FrameChange.objects.get(page=partner.pk).touched == ["s1"]
