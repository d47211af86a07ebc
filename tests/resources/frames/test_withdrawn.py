"""A national page taken off the site or deleted: what groupements wrote in it is kept, shown and used again."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from regions.places import relative_path
from resources.frames.answers import Answer
from resources.models import GuideChapterPage
from tests.factories import crowd, frames, pages
from tests.helpers import assert_flat_queries, page_html

MOT = "Le mot breton."
KEPT = "mara-frame__kept"


@pytest.fixture
def national(world):
    return frames.frame(world.national)


@pytest.fixture
def local(world, national):
    return frames.complement(world.home(world.a), national, frames.given({"s1": MOT}))


def of_page(page) -> str:
    return reverse("frame_of_page", args=[page.pk])


def text_of(response) -> str:
    return page_html(response).replace("\xa0", " ")


def delete(client, page):
    return client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))


# --- What the editor is told --------------------------------------------------------------------


def test_deleting__answered_by_some__says_how_many_and_who_before(world, signed_in, national, local):
    frames.complement(world.home(world.b), national, frames.given({"s1": "Le mot gascon."}), live=False)
    question = text_of(signed_in("editor").get(reverse("wagtailadmin_pages:delete", args=[national.pk])))
    assert "2 groupements y ont écrit (Finistère, Lot-et-Garonne)" in question
    assert "dépubliez-la plutôt" in question
    guide = national.get_parent()
    above = text_of(signed_in("editor").get(reverse("wagtailadmin_pages:delete", args=[guide.pk])))
    assert "2 groupements y ont écrit" in above, "with the guide, its chapters go"
    withdrawing = text_of(signed_in("editor").get(reverse("wagtailadmin_pages:unpublish", args=[national.pk])))
    assert "reviendront avec elle" in withdrawing


def test_deleting__several_at_once__leads_to_the_question_of_the_one_that_was_answered(
    world, signed_in, national, local
):
    other = frames.frame(world.national, "Sans réponse")
    address, client = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]), signed_in("admin")
    question = client.post(f"{address}?id={other.pk}&id={national.pk}", follow=True)
    assert "1 groupement y a écrit (Finistère)" in text_of(question)
    assert GuideChapterPage.objects.filter(pk__in=[other.pk, national.pk]).count() == 2
    client.post(f"{address}?id={other.pk}")
    assert not GuideChapterPage.objects.filter(pk=other.pk).exists()


def test_unpublishing__several_at_once__leads_to_the_question_of_the_one_that_was_answered(
    world, signed_in, national, local
):
    other = frames.frame(world.national, "Sans réponse")
    address, client = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"]), signed_in("admin")
    question = client.post(f"{address}?id={other.pk}&id={national.pk}", follow=True)
    assert question.request["PATH_INFO"] == reverse("wagtailadmin_pages:unpublish", args=[national.pk])
    assert "1 groupement y a écrit (Finistère)" in text_of(question)
    assert GuideChapterPage.objects.filter(pk__in=[other.pk, national.pk], live=True).count() == 2
    client.post(f"{address}?id={other.pk}")
    assert not GuideChapterPage.objects.get(pk=other.pk).live


def test_deleting__nobody_answered_or_a_groupement_s_own__says_nothing_more(world, signed_in, national, local):
    other = frames.frame(world.national, "Sans réponse")
    mine = pages.chapter(pages.guide(world.home(world.a)))
    for role, page in (("editor", other), ("referent_a", mine)):
        question = text_of(signed_in(role).get(reverse("wagtailadmin_pages:delete", args=[page.pk])))
        assert "écrit (" not in question


# --- What is kept -------------------------------------------------------------------------------


def test_deleted__answers__are_kept_unseen_and_shown_to_their_referent_alone(world, signed_in, visit, national, local):
    address = f"/{relative_path(national)}"
    assert delete(signed_in("editor"), national).status_code == 302
    assert not GuideChapterPage.objects.filter(pk=national.pk).exists()
    assert GuideChapterPage.objects.get(pk=local.pk).given.given["s1"].plain == MOT
    assert visit(world.host(world.a), address).status_code == 404
    client = signed_in("referent_a")
    page = BeautifulSoup(page_html(client.get(reverse("frames_of", args=[world.a.pk]))), "html.parser")
    [link] = page.select(f".{KEPT} a")
    assert link["href"] == of_page(local)
    assert "supprimée par la nation" in page.select_one(f".{KEPT}").text
    html = text_of(client.get(link["href"]))
    assert MOT in html
    assert "La nation a supprimé cette page" in html
    assert KEPT not in page_html(signed_in("referent_b").get(reverse("frames_of", args=[world.b.pk])))
    assert signed_in("referent_b").get(of_page(local)).status_code == 404
    assert signed_in("referent_b").post(of_page(local)).status_code == 404


def test_unpublished__answers__are_listed_and_come_back_with_it(world, signed_in, visit, national, local):
    national.unpublish()
    client = signed_in("referent_a")
    assert "pas publiée en ce moment" in text_of(client.get(reverse("frames_of", args=[world.a.pk])))
    assert MOT in text_of(client.get(of_page(local)))
    national.refresh_from_db()
    frames.published(national)
    assert KEPT not in page_html(client.get(reverse("frames_of", args=[world.a.pk])))
    assert client.get(of_page(local)).status_code == 302
    assert MOT in page_html(visit(world.host(world.a), f"/{relative_path(national)}"))


def test_deleted__an_answer_in_draft_only__is_kept_and_shown(world, signed_in, national):
    local = frames.complement(world.home(world.a), national, frames.given({"s1": MOT}), live=False)
    local.set_answers(frames.given({"s1": "Le mot d’après."}))
    local.save_revision()
    national.delete()
    assert "Le mot d’après." in text_of(signed_in("referent_a").get(of_page(local)))


# --- What is used again -------------------------------------------------------------------------


def choose(client, local, national, slot: str, kept: str = "s1"):
    return client.post(of_page(local), {f"k-{kept}-into": f"{national.pk}/{slot}"}, follow=True)


def draft_of(world, national):
    home = world.home(world.a)
    found = type(national).objects.descendant_of(home).get(completes=national.translation_key)
    return found.get_latest_revision_as_object().given.given


def test_deleted__used_again_in_another_page__is_a_draft_there_and_stays_kept(world, signed_in, national, local):
    other = frames.frame(world.national, "Choisir sa ville")
    frames.complement(world.home(world.a), other, frames.given({"s2": "Déjà là."}))
    national.delete()
    client = signed_in("referent_a")
    assert "Choisir sa ville – Titre s2" in text_of(client.get(of_page(local)))
    assert "dans votre brouillon" in text_of(choose(client, local, other, "s2"))
    assert draft_of(world, other)["s2"].plain == f"Déjà là. {MOT}"
    assert "le dit déjà" in text_of(choose(client, local, other, "s2")), "clicked twice, it is written once"
    assert draft_of(world, other)["s2"].plain == f"Déjà là. {MOT}"
    assert GuideChapterPage.objects.get(pk=local.pk).given.given["s1"].plain == MOT


def test_deleted__used_again_in_a_page_never_answered__makes_its_draft(world, signed_in, national, local):
    other = frames.published(pages.standard(world.national, "Notre projet", body=[frames.slot("s1")]))
    national.delete()
    choose(signed_in("contributor_a"), local, other, "s1")
    assert draft_of(world, other)["s1"].plain == MOT, "a slot of the same identifier"
    assert list(draft_of(world, other)) == ["s1"]


def test_deleted__a_person_where_there_is_one__keeps_both(world, signed_in, national):
    given = frames.given()
    given.given["s1"] = Answer(slot="s1", kind="person", title="Titre s1", person_name="Anne", written_on=frames.DAY)
    local = frames.complement(world.home(world.a), national, given)
    other = frames.published(pages.standard(world.national, "Qui appeler", body=[frames.slot("s7", kind="person")]))
    there = frames.given()
    there.given["s7"] = Answer(slot="s7", kind="person", person_name="Paul", written_on=frames.DAY)
    frames.complement(world.home(world.a), other, there)
    national.delete()
    choose(signed_in("referent_a"), local, other, "s7")
    names = {answer.person_name for answer in draft_of(world, other).values()}
    assert names == {"Paul", "Anne"}


@pytest.mark.parametrize("into", ["", "0/s1", "x", "999999/s2"])
def test_deleted__nothing_or_rubbish_chosen__writes_nothing(world, signed_in, national, local, into):
    other = frames.frame(world.national, "Choisir sa ville")
    national.delete()
    response = signed_in("referent_a").post(of_page(local), {"k-s1-into": into}, follow=True)
    assert response.status_code == (422 if into else 200)
    assert not type(other).objects.filter(completes=other.translation_key).exists()


def test_list__one_deleted_page_or_ten__costs_the_same(world, signed_in, national, local):
    client, url = signed_in("referent_a"), reverse("frames_of", args=[world.a.pk])

    def lose(number: int) -> None:
        page = frames.frame(world.national, f"Perdue {number}", guide=national.get_parent().specific)
        frames.complement(world.home(world.a), page, frames.given({"s1": "a"}))
        page.delete()

    lose(0)
    client.get(url)
    assert_flat_queries(lambda: page_html(client.get(url)), lambda: [lose(number) for number in range(1, 10)])


def test_deleting__three_or_thirty_answered__costs_the_same(world, signed_in):
    national = frames.published(pages.standard(world.national, "Le projet", slug="le-projet", body=frames.STORY))
    local = frames.complement(world.home(world.a), national, frames.given({"s1": MOT}))
    client, question = signed_in("editor"), reverse("wagtailadmin_pages:delete", args=[national.pk])
    crowd.answer_alike(local, 14)
    client.get(question)
    assert_flat_queries(lambda: client.get(question), lambda: crowd.answer_alike(local, 27))
