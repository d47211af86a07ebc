"""“Être rappelé” as a visitor meets it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchanges import screening, services
from exchanges.models import CallbackRequest
from tests import html
from tests.exchanges.conftest import PATH, WORDS, aged_token
from tests.factories import pages
from tests.helpers import count_queries


def sent_to() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


def test_form__on_every_site__sets_no_cookie_and_is_kept_by_no_cache(world, visit):
    for host in (world.national_host, world.host(world.a)):
        answer = visit(host, PATH)
        soup = html.parse(answer)
        assert soup.select_one("form.callback__form input[name=token]")["value"]
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies


def test_form__sent__is_kept_for_that_groupement_and_its_referent_is_told(world, ask):
    answer = ask(world.a, email="claire@example.org")
    assert (answer.status_code, answer["Location"]) == (302, "/etre-rappele/merci/")
    kept = CallbackRequest.objects.get()
    assert (kept.groupement, kept.level, kept.state) == (world.a, "groupement", "received")
    assert (kept.phone, kept.consent_version, kept.doubts) == ("+33639980012", "2026-11", [])
    assert sent_to() == ["claire@example.org", "referent_a@example.org"]
    assert kept.told_at
    assert not answer.cookies


def test_mail__to_the_referent__has_no_more_than_what_is_needed_to_call(world, ask):
    ask(world.a)
    [message] = mail.outbox
    assert "06 39 98 00 12" in message.body
    assert WORDS["about"] not in message.body
    assert f"/demandes/inspect/{CallbackRequest.objects.get().pk}/" in message.body


def test_mail__to_the_visitor__repeats_nothing_they_typed(world, ask):
    ask(world.a, email="claire@example.org", name="Achetez ici")
    message = next(one for one in mail.outbox if one.to == ["claire@example.org"])
    assert "Achetez" not in message.body + message.subject
    assert WORDS["about"] not in message.body


def test_form__on_the_national_site__goes_to_the_nation(world, ask):
    ask(None)
    assert CallbackRequest.objects.get().groupement is None
    assert sent_to() == ["admin@example.org"]


def test_form__sent_twice__makes_one_request_and_one_message(world, ask):
    token = aged_token(world.a.site_id)
    assert [ask(world.a, token=token).status_code for _time in range(3)] == [302] * 3
    assert CallbackRequest.objects.count() == 1
    assert sent_to() == ["referent_a@example.org"]


def test_form__filled_in_anew_with_the_same_words__is_the_same_request(world, ask):
    """Whoever got no answer and went back has another form, with another token."""
    for _time in range(2):
        assert ask(world.a).status_code == 302
    assert CallbackRequest.objects.count() == 1
    ask(world.b)
    ask(world.a, name="Une autre")
    assert CallbackRequest.objects.count() == 3
    CallbackRequest.objects.update(received_at=timezone.now() - services.SAME)
    ask(world.a)
    assert CallbackRequest.objects.count() == 4


def test_form__corrected_and_sent_again__is_another_request(world, ask):
    token = aged_token(world.a.site_id)
    ask(world.a, token=token)
    ask(world.a, token=token, phone="06 39 98 00 99")
    assert CallbackRequest.objects.count() == 2


WRONG = {
    "no name": ({"name": " "}, "nom"),
    "no way to be reached": ({"phone": ""}, "téléphone ou un e-mail"),
    "not a number": ({"phone": "bonjour"}, "numéro de téléphone"),
    "not an address": ({"email": "claire@"}, "adresse e-mail"),
    "nothing to say": ({"about": ""}, "quelques mots"),
    "no consent": ({"consent": ""}, "case"),
    "too long": ({"about": "a" * 1501}, "1500"),
    "name too long": ({"name": "a" * 121}, "120"),
    "NUL": ({"name": "a\x00b"}, "nul"),
}


@pytest.mark.parametrize(("words", "sentence"), WRONG.values(), ids=WRONG)
def test_form__wrong__says_so_in_french_and_loses_nothing(world, ask, words, sentence):
    answer = ask(world.a, **words)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert words.get("name", WORDS["name"]).strip("\x00 ")[:3] in page
    assert not CallbackRequest.objects.exists()


def test_hidden_field__filled_in__is_shown_for_a_person_to_empty_it(world, ask):
    soup = html.BeautifulSoup(ask(world.a, company_site="https://example.org").content, "html.parser")
    field = soup.select_one("input[name=company_site]")
    assert not field.find_parent(class_="visually-hidden")
    assert not CallbackRequest.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "1-zz:1:1", "\x00"])
def test_token__not_ours__comes_back_with_a_good_one(world, ask, token):
    answer = ask(world.a, token=token)
    assert answer.status_code == 422
    fresh = html.BeautifulSoup(answer.content, "html.parser").select_one("input[name=token]")["value"]
    assert screening.DOOR.read_token(fresh, world.a.site_id)


def test_token__of_another_site__is_refused(world, ask):
    assert ask(world.a, token=aged_token(world.b.site_id)).status_code == 422
    assert not CallbackRequest.objects.exists()


@pytest.mark.parametrize("seconds", [1, 2 * 24 * 3600])
def test_token__too_quick_or_too_old__asks_to_send_again_and_then_keeps(world, ask, seconds):
    answer = ask(world.a, token=aged_token(world.a.site_id, seconds))
    assert answer.status_code == 422
    assert WORDS["name"] in answer.content.decode()
    assert ask(world.a).status_code == 302


def test_form__sent_by_a_page_of_another_site__is_refused(world, ask):
    assert ask(world.a, headers={"sec-fetch-site": "cross-site"}).status_code == 422
    assert ask(world.a, headers={"sec-fetch-site": "same-origin"}).status_code == 302


def test_network__that_sends_too_many__is_told_so_and_others_are_not(world, ask):
    for number in range(screening.LIMIT):
        assert ask(world.a, about=f"Demande {number}").status_code == 302
    answer = ask(world.a, about="Une de trop")
    assert answer.status_code == 429
    assert "Une de trop" in answer.content.decode()
    assert "tel:" in answer.content.decode()
    assert CallbackRequest.objects.count() == screening.LIMIT
    assert not any("127.0.0.1" in str(value) for value in CallbackRequest.objects.values())


STRANGE = {
    "links": {"about": "https://a.example https://b.example"},
    "name": {"name": "www.casino.example"},
    "markup": {"about": "[url=x]y[/url]"},
    "script": {"about": "Привет, купите наши товары сегодня"},
}


@pytest.mark.parametrize("code", STRANGE)
def test_request__that_looks_like_a_robot_s__is_kept_and_marked(world, ask, code):
    assert ask(world.a, email="visiteur@example.org", **STRANGE[code]).status_code == 302
    assert code in CallbackRequest.objects.get().doubts
    assert sent_to() == ["referent_a@example.org"]
    assert "06 39" not in mail.outbox[0].body


def test_request__same_words_again_and_again__are_marked(world, ask):
    for number in range(4):
        ask(world.a, phone=f"06 39 98 00 1{number}")
    assert [bool(row.doubts) for row in CallbackRequest.objects.order_by("pk")] == [False, False, True, True]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([*WORDS, "token", "company_site"]), st.text(max_size=60)))
def test_form__anything__never_fails(world, words):
    answer = Client(headers={"host": world.host(world.a)}).post(PATH, words)
    assert answer.status_code in (302, 422, 429)


def test_done__whoever_opens_it__names_nobody_but_the_groupement(world, visit):
    text = html.visible_text(html.parse(visit(world.host(world.a), "/etre-rappele/merci/")))
    assert "Finistère" in text
    assert "Lot-et-Garonne" not in text


def test_form__however_many_requests__costs_the_same(world, visit, make):
    before = count_queries(lambda: visit(world.host(world.a), PATH))
    for _time in range(30):
        make(world.a)
    assert count_queries(lambda: visit(world.host(world.a), PATH)) == before


def test_form__from_a_contact_shown_here__begins_with_its_name(world, visit):
    ours = pages.contact(world.home(world.a), "Maison & logement")
    hidden = pages.contact(world.home(world.b), "Contact d'ailleurs")

    def about(number) -> str:
        return (
            html.parse(visit(world.host(world.a), f"{PATH}?contact={number}")).select_one("[name=about]").text.strip()
        )

    assert about(ours.pk) == "À propos de «\u00a0Maison & logement\u00a0»\u00a0:"
    for number in (hidden.pk, 999_999_999, "x", "٣", "1" * 40):
        assert about(number) == ""
    button = html.parse(visit(world.host(world.a), ours.get_url())).select_one("#with-us ~ p a")
    assert button["href"] == f"{PATH}?contact={ours.pk}"
