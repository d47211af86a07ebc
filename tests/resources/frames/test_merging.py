"""What visitors read: one page, one voice; and nothing local is lost, whatever becomes of the national page."""

from __future__ import annotations

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from wagtail.models import PageViewRestriction

from regions.models import Groupement
from regions.places import relative_path
from resources.frames import completeness
from tests.factories import frames, pages
from tests.helpers import page_html


def read(visit, host: str, page) -> str:
    html = page_html(visit(host, f"/{relative_path(page)}"))
    return BeautifulSoup(html, "html.parser").select_one("main").get_text(" ", strip=True)


@pytest.fixture
def national(world):
    return frames.frame(world.national)


def answer(world, national, words="Le mot breton.", **fields):
    return frames.complement(world.home(world.a), national, frames.given({"s1": words}), **fields)


def test_local_page__an_answer_published__is_read_in_its_place(world, visit, national):
    answer(world, national)
    text = read(visit, world.host(world.a), national)
    order = [
        text.index(words) for words in ("Le texte national.", "Titre s1", "Le mot breton.", "La suite nationale.")
    ]
    assert order == sorted(order)
    assert "Titre s2" not in text, "a slot without an answer shows nothing"
    assert "Question" not in text


def test_local_page__a_draft_answer__is_not_read(world, visit, national):
    answer(world, national, live=False)
    assert "Le mot breton" not in read(visit, world.host(world.a), national)


def test_local_page__another_groupement_s_answer__is_not_read(world, visit, national):
    answer(world, national)
    assert "Le mot breton" not in read(visit, world.host(world.b), national)


def test_national_page__answers__are_read_in_short_and_linked_and_slots_are_invisible(world, visit, national):
    given = frames.given({"s1": "Le <b>mot</b> breton.", "gone": "Un vieux mot."}, left_out={"s2": "Sans objet"})
    frames.complement(world.home(world.a), national, given)
    frames.complement(world.home(world.b), national, frames.given({"s1": "Brouillon d'Agen"}), live=False)
    html = page_html(visit(world.national_host, f"/{relative_path(national)}"))
    main = BeautifulSoup(html, "html.parser").select_one("main")
    assert [name.get_text(strip=True) for name in main.select(".voice__places summary")] == ["Finistère"]
    assert main.select_one(".voice__places a")["href"].endswith(f"{world.host(world.a)}/{relative_path(national)}")
    words = main.select_one(".voice__places").get_text(" ", strip=True)
    for part in ("Titre s1", "Le mot breton.", "vérifié le 5 octobre 2026"):
        assert part in words, part
    for part in ("Titre s2", "Un vieux mot.", "Sans objet", "Brouillon"):
        assert part not in main.get_text(), part
    assert "Titre s1" not in main.select_one(".prose").get_text()


def test_national_page__answers_to_slots_no_longer_asked__groupement_is_not_named(world, visit, national):
    frames.complement(world.home(world.a), national, frames.given({"gone": "Un vieux mot."}))
    assert "voice__places" not in page_html(visit(world.national_host, f"/{relative_path(national)}"))


def test_local_parts__words_contacts_complement__each_says_whose_it_is_and_its_date(world, visit):
    national = frames.frame(
        world.national, body=[frames.slot("w"), frames.slot("c", kind="contacts", categories=["association"])]
    )
    contact = pages.contact(world.home(world.a))
    day = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    type(contact).objects.filter(pk=contact.pk).update(last_published_at=day)
    mine = frames.complement(world.home(world.a), national, frames.given({"w": "Un mot."}))
    mine.body = mine.body.stream_block.to_python([frames.text("b", "Un texte à part.")])
    frames.published(mine)
    type(mine).objects.filter(pk=mine.pk).update(last_published_at=day)
    world.a.accent = "olive"
    world.a.save()
    main = BeautifulSoup(page_html(visit(world.host(world.a), f"/{relative_path(national)}")), "html.parser").main
    assert [part.get_text(strip=True) for part in main.select(".voice__foot")] == [
        "Finistère, vérifié le 5 octobre 2026",
        "Finistère, 1 mars 2026",
        "Finistère, 1 mars 2026",
    ]
    assert len(main.select(".voice.tone-olive, .local.tone-olive")) == 3


def test_optional_part__left_out_with_a_reason__is_absent_there_only(world, visit, national):
    frames.complement(world.home(world.a), national, frames.given(left_out={"o1": "Pas de base ici"}))
    here = read(visit, world.host(world.a), national)
    assert "Si vous vivez en base" not in here
    assert "Pas de base ici" not in here, "the reason is for the network, not for visitors"
    assert "Si vous vivez en base" in read(visit, world.host(world.b), national)


def test_automatic_slots__nothing_typed__show_the_groupement_s_own(world, visit):
    body = [
        frames.slot("c1", kind="contacts", categories=["association"]),
        frames.slot("e1", kind="events", theme="emploi-prive"),
    ]
    national = frames.frame(world.national, body=body)
    pages.contact(world.home(world.a), "Entraide de Brest")
    pages.contact(world.home(world.b), "Entraide d'Agen")
    pages.contact(world.home(world.a), "Banque", category=pages.category("banque"))
    pages.event(world.home(world.a), "Forum de l'emploi", themes=[pages.theme()])
    pages.event(world.home(world.a), "Bal", themes=[pages.theme("loisirs")])
    text = read(visit, world.host(world.a), national).split("Maintenir")[0]
    assert "Entraide de Brest" in text
    assert "Forum de l’emploi" in text
    for words in ("Entraide d’Agen", "Banque", "Bal"):
        assert words not in text


def test_blocks__reordered_and_split__answers_follow_their_slot(world, visit, national):
    answer(world, national)
    h1, t1, s1, h2, t2, s2, o1 = frames.STORY
    frames.rewrite(national, [h2, s1, t2, frames.text("t9", "Un bloc coupé en deux."), h1, t1, s2, o1])
    text = read(visit, world.host(world.a), national)
    assert text.index("Le mot breton.") < text.index("Un bloc coupé en deux.")


def test_slot__taken_out_then_restored__its_answer_was_kept(world, visit, national):
    local = answer(world, national)
    frames.rewrite(national, [block for block in frames.STORY if block["id"] != "s1"])
    assert "Le mot breton" not in read(visit, world.host(world.a), national)
    assert type(local).objects.get(pk=local.pk).given.given["s1"].text == "<p>Le mot breton.</p>"
    frames.rewrite(national, frames.STORY)
    assert "Le mot breton" in read(visit, world.host(world.a), national)


def test_national_page__renamed__local_answers_follow_and_old_addresses_open(world, visit, national):
    answer(world, national)
    old = relative_path(national)
    national.slug = "se-loger-autrement"
    frames.published(national)
    national.refresh_from_db()
    assert "Le mot breton" in read(visit, world.host(world.a), national)
    assert "Le mot breton" in page_html(visit(world.host(world.a), f"/{old}"))


def test_national_guide__renamed_with_its_chapters__local_answers_follow(world, visit, national):
    answer(world, national)
    guide = national.get_parent().specific
    guide.slug = "un-autre-guide"
    frames.published(guide)
    national.refresh_from_db()
    assert "Le mot breton" in read(visit, world.host(world.a), national)


def test_hand_made_complement__national_page_renamed__still_completes_it(
    world, visit, django_capture_on_commit_callbacks
):
    guide = pages.guide(world.national, slug="se-loger-ici")
    local = pages.guide(world.home(world.a), slug="se-loger-ici", body=[frames.text("x", "Le mot à la main.")])
    type(local).objects.filter(pk=local.pk).update(completes=None)  # as before links were kept
    guide.slug = "se-loger-la"
    with django_capture_on_commit_callbacks(execute=True):
        frames.published(guide)
    guide.refresh_from_db()
    assert "Le mot à la main" in read(visit, world.host(world.a), guide)


def test_national_page__moved_to_another_guide__local_answers_follow(world, visit, national):
    answer(world, national)
    national.move(pages.guide(world.national, "Autre guide"), pos="last-child")
    national.refresh_from_db()
    assert "Le mot breton" in read(visit, world.host(world.a), national)


def test_national_page__unpublished_then_published__the_answer_waits_unseen(world, visit, national):
    local = answer(world, national)
    national.unpublish()
    assert visit(world.host(world.a), f"/{relative_path(national)}").status_code == 404
    assert "Se loger en région" not in page_html(visit(world.host(world.a), "/guides/"))
    assert type(local).objects.get(pk=local.pk).live
    frames.published(type(national).objects.get(pk=national.pk))
    assert "Le mot breton" in read(visit, world.host(world.a), national)


def test_standard_page__a_frame__is_merged_and_another_page_of_its_address_still_stands(world, visit):
    national = frames.published(pages.standard(world.national, "Projet", slug="projet", body=frames.STORY))
    frames.complement(world.home(world.a), national, frames.given({"s1": "Notre projet."}))
    assert "Notre projet." in read(visit, world.host(world.a), national)
    pages.standard(world.home(world.b), "Projet", slug="projet", body=[frames.text("x", "La page d'Agen.")])
    theirs = read(visit, world.host(world.b), national)
    assert "La page d'Agen." in theirs
    assert "Le texte national." not in theirs


@pytest.mark.parametrize("kind", ["chapter", "standard"])
def test_answer__its_page_is_reserved_to_a_group__is_not_read(world, visit, kind):
    national = frames.frame(world.national)
    if kind == "standard":
        national = frames.published(pages.standard(world.national, body=frames.STORY))
    local = frames.complement(world.home(world.a), national, frames.given({"s1": "Entre nous."}))
    PageViewRestriction.objects.create(page=local, restriction_type="groups").groups.set(
        world.people["referent_a"].groups.all()
    )
    for host in (world.host(world.a), world.national_host):
        assert "Entre nous." not in read(visit, host, national)


def test_partner_page__a_frame__is_merged(world, visit):
    national = frames.published(pages.partner(world.national, body=frames.STORY))
    frames.complement(world.home(world.a), national, frames.given({"s1": "Notre antenne."}))
    text = read(visit, world.host(world.a), national)
    assert "Notre antenne." in text
    assert "Le texte national." in text


def test_printed_guide__frames__are_printed_merged(world, visit, national):
    answer(world, national)
    address = f"/{relative_path(national.get_parent())}imprimer/"
    html = page_html(visit(world.host(world.a), address))
    assert "Le mot breton." in html


def test_answer__links_to_files_there_and_gone__lead_to_the_file_or_nowhere(world, visit, national):
    document = pages.document()
    given = frames.given(
        {
            "s1": f'<a id="{document.pk}" linktype="document">La fiche</a>, '
            '<a linktype="document" id="987654">disparue</a>, <a linktype="document" id="9e9">absurde</a>, '
            '<a href="https://example.org/?a=1&amp;b=2">ailleurs</a>'
        }
    )
    frames.complement(world.home(world.a), national, given)
    html = page_html(visit(world.host(world.a), f"/{relative_path(national)}"))
    links = {link.get_text(): link.get("href") for link in BeautifulSoup(html, "html.parser").select(".voice a")}
    assert links == {
        "La fiche": document.url,
        "disparue": None,
        "absurde": None,
        "ailleurs": "https://example.org/?a=1&b=2",
    }


def test_groupement_s_own_chapter__not_checked__is_signed_and_dated_by_its_publication(world, visit, national):
    guide = frames.pages.guide(world.home(world.a), "Notre guide")
    own = frames.published(pages.chapter(guide, "Chez nous"))
    day = own.last_published_at
    type(own).objects.filter(pk=own.pk).update(last_published_at=dt.datetime(2026, 10, 5, 12, tzinfo=day.tzinfo))
    text = read(visit, world.host(world.a), own).replace("1 minute de lecture ", "")
    assert "Finistère écrit le 5 octobre 2026" in text
    type(own).objects.filter(pk=own.pk).update(checked_on=dt.date(2026, 10, 12))
    text = read(visit, world.host(world.a), own)
    assert "vérifié le 12 octobre 2026" in text
    assert "écrit le" not in text
    assert "écrit le" not in read(visit, world.national_host, national), "the nation checks its own"


def test_groupement__dormant__its_answers_are_read_and_kept_and_nothing_is_expected_of_it(world, visit, national):
    answer(world, national)
    Groupement.objects.filter(pk=world.a.pk).update(status=Groupement.Status.DORMANT)
    world.a.refresh_from_db()
    assert "Le mot breton." in read(visit, world.host(world.a), national)
    assert "Le mot breton." in read(visit, world.national_host, national)
    assert not completeness.is_expected(world.a)
    cell = completeness.matrix([world.a], page=national).cells[world.a.pk, national.pk]
    assert cell.state == completeness.State.COMPLETE, "it would be found as it was left"
