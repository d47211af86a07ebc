"""Two people edit one item: the second sees both texts, and whatever they choose neither is lost."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from tests.factories import pages
from tests.helpers import page_html
from tests.regions.forms import edit_address, loaded, news_fields


@pytest.fixture
def item(world):
    item = pages.news(world.home(world.a), "Titre d’origine", summary="Ce qui change.")
    item.save_revision().publish()
    return item


@pytest.fixture
def conflict(world, signed_in, item):
    """Two open forms; the first is saved, then the second one is: what the second person sees."""
    first, second = signed_in("referent_a"), signed_in("zone_a")
    forms = [loaded(client, item) for client in (first, second)]
    first.post(edit_address(item), news_fields(item, summary="Le texte du référent.", **forms[0]))
    return second, second.post(edit_address(item), news_fields(item, summary="Le texte de la zone.", **forms[1]))


def summaries(item) -> list[str]:
    """The summary of every version, the latest first."""
    return [revision.as_object().summary for revision in item.revisions.order_by("-pk")]


def carried(response) -> dict:
    """What the form of the conflict item posts, without its buttons."""
    form = BeautifulSoup(response.content, "html.parser").select_one(".mara-people form")
    return {field["name"]: field.get("value", "") for field in form.select("input")}


def test_second_save__form_older_than_the_page__shows_both_texts_and_writes_nothing(item, conflict):
    _client, response = conflict
    assert response.status_code == 409
    text = response.content.decode()
    assert "référent" in text
    assert "zone" in text
    assert "referent_a Test" in text
    assert summaries(item)[0] == "Le texte du référent."
    assert len(summaries(item)) == 2


def test_second_save__keeps_mine__the_other_stays_in_the_history(item, conflict):
    client, response = conflict
    client.post(edit_address(item), {**carried(response), "conflict": "mine"})
    assert summaries(item)[:2] == ["Le texte de la zone.", "Le texte du référent."]


def test_second_save__keeps_theirs__mine_is_in_the_history(item, conflict):
    client, response = conflict
    answer = client.post(edit_address(item), {**carried(response), "conflict": "theirs"})
    assert answer.status_code == 302
    assert summaries(item)[:3] == ["Le texte du référent.", "Le texte de la zone.", "Le texte du référent."]
    item.refresh_from_db()
    assert item.get_latest_revision_as_object().summary == "Le texte du référent."


def test_second_save__somebody_saves_again_meanwhile__shows_both_again(item, conflict, signed_in):
    client, response = conflict
    first = signed_in("referent_a")
    first.post(edit_address(item), news_fields(item, summary="Encore le référent.", **loaded(first, item)))
    again = client.post(edit_address(item), {**carried(response), "conflict": "mine"})
    assert again.status_code == 409
    assert "Encore" in again.content.decode()
    assert summaries(item)[0] == "Encore le référent."


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_second_save__by_any_button__is_stopped_and_its_choice_carried(world, signed_in, item, action):
    first, second = signed_in("referent_a"), signed_in("zone_a")
    old = loaded(second, item)
    first.post(edit_address(item), news_fields(item, summary="Le texte du référent.", **loaded(first, item)))
    response = second.post(edit_address(item), news_fields(item, summary="Un autre.", **old, **{action: "1"}))
    assert response.status_code == 409
    assert carried(response)[action] == "1"
    item.refresh_from_db()
    assert item.summary == "Ce qui change."


def test_second_save__incomplete_form__is_stopped_too(world, signed_in, item):
    first, second = signed_in("referent_a"), signed_in("zone_a")
    old = loaded(second, item)
    first.post(edit_address(item), news_fields(item, summary="Le texte du référent.", **loaded(first, item)))
    response = second.post(edit_address(item), news_fields(item, published_on="pas une date", **old))
    assert response.status_code == 409
    assert summaries(item)[0] == "Le texte du référent."


def test_same_person__two_tabs__is_a_conflict_as_well(world, signed_in, item):
    client = signed_in("referent_a")
    old = loaded(client, item)
    client.post(edit_address(item), news_fields(item, summary="Premier onglet.", **old))
    assert client.post(edit_address(item), news_fields(item, summary="Second onglet.", **old)).status_code == 409
    assert summaries(item)[0] == "Premier onglet."


def test_same_form__sent_again_after_its_answer_was_lost__is_kept_once_and_no_conflict(world, signed_in, item):
    client = signed_in("referent_a")
    fields = news_fields(item, summary="Une seule fois.", **loaded(client, item))
    for _time in range(2):
        answer = client.post(edit_address(item), fields, follow=True)
        assert answer.status_code == 200
    assert "déjà été enregistré" in answer.content.decode()
    assert summaries(item).count("Une seule fois.") == 1


def test_same_form__whose_publication_was_cut_short__is_published_when_sent_again(world, signed_in, item):
    client = signed_in("referent_a")
    fields = news_fields(item, summary="À publier.", **loaded(client, item))
    client.post(edit_address(item), fields)  # the version was kept, and no more
    assert client.post(edit_address(item), {**fields, "action-publish": "1"}).status_code == 302
    item.refresh_from_db()
    assert item.summary == "À publier."


def test_same_form__published_then_sent_again_after_its_answer_was_lost__is_published_once(world, signed_in, item):
    client = signed_in("referent_a")
    fields = news_fields(item, summary="Une seule fois.", **loaded(client, item), **{"action-publish": "1"})
    for _time in range(2):
        answer = client.post(edit_address(item), fields, follow=True)
        assert answer.status_code == 200
    assert "déjà été publiée" in answer.content.decode()
    assert summaries(item).count("Une seule fois.") == 1


def test_same_form__sent_to_be_approved_twice_after_its_answer_was_lost__waits_once(world, signed_in):
    item = pages.news(world.home(world.a), "À valider", owner=world.people["contributor_a"], live=False)
    item.save_revision(user=world.people["contributor_a"])
    client = signed_in("contributor_a")
    fields = news_fields(item, summary="Une seule fois.", **loaded(client, item), **{"action-submit": "1"})
    for _time in range(2):
        answer = client.post(edit_address(item), fields, follow=True)
        assert answer.status_code == 200
    assert "déjà été transmise" in answer.content.decode()
    assert summaries(item).count("Une seule fois.") == 1
    assert item.workflow_states.count() == 1


def test_same_words__of_another_person__are_a_conflict_still(world, signed_in, item):
    first, second = signed_in("referent_a"), signed_in("zone_a")
    old = loaded(second, item)
    first.post(edit_address(item), news_fields(item, summary="Les mêmes mots.", **loaded(first, item)))
    assert second.post(edit_address(item), news_fields(item, summary="Les mêmes mots.", **old)).status_code == 409


def test_one_person__saves_again_and_again__meets_no_conflict(world, signed_in, item):
    client = signed_in("referent_a")
    for number in range(3):
        fields = news_fields(item, summary=f"Version {number}.", **loaded(client, item))
        assert client.post(edit_address(item), fields).status_code == 302
    assert summaries(item)[0] == "Version 2."


def test_simultaneous_saves__both_pass_the_check__the_second_is_told(world, signed_in, item, monkeypatch):
    client = signed_in("zone_a")
    old = loaded(client, item)
    # Another save slips in between the check and the write.
    monkeypatch.setattr("regions.admin.conflicts.is_out_of_date", lambda *arguments: False)
    other = item.get_latest_revision_as_object()
    other.summary = "Au même instant."
    other.save_revision()
    client.post(edit_address(item), news_fields(item, summary="Le texte de la zone.", **old))
    assert summaries(item)[:2] == ["Le texte de la zone.", "Au même instant."]
    latest, before = item.revisions.order_by("-pk")[:2]
    compare = reverse("wagtailadmin_pages:revisions_compare", args=[item.pk, before.pk, latest.pk])
    assert compare in page_html(client.get(edit_address(item)))


def test_automatic_save__over_a_newer_version__is_refused_by_wagtail(world, signed_in, item):
    first, second = signed_in("referent_a"), signed_in("zone_a")
    old = loaded(second, item)
    first.post(edit_address(item), news_fields(item, summary="Le texte du référent.", **loaded(first, item)))
    fields = news_fields(item, summary="Tout seul.", **old)
    response = second.post(edit_address(item), fields, headers={"accept": "application/json"})
    assert response.status_code == 400
    assert summaries(item)[0] == "Le texte du référent."
