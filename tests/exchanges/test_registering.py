"""Registering for an event as a visitor meets it."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchanges.registrations import links
from exchanges.registrations.models import Registration
from tests import html
from tests.exchanges.registering import WORDS, aged_token, open_event, registration, send
from tests.helpers import count_queries


@pytest.fixture
def event(world):
    return open_event(world.home(world.a), capacity=3)


@pytest.fixture
def register(world, event):
    """Send the form of the event as a visitor of A: ``register(count="2")``."""

    def post(page=None, **words):
        return send(world.host(world.a), world.a.site_id, page or event, **words)

    return post


def form_path(event) -> str:
    return f"/inscription/{event.pk}/"


def states() -> list[tuple[str, str]]:
    return list(Registration.objects.order_by("pk").values_list("name", "state"))


def test_event_page__registration_on__links_to_the_form_and_off_does_not(world, visit, event):
    closed = open_event(world.home(world.a), "Sans inscription", registers_here=False)
    host = world.host(world.a)
    assert form_path(event) in visit(host, f"/agenda/{event.slug}/").content.decode()
    assert "/inscription/" not in visit(host, f"/agenda/{closed.slug}/").content.decode()
    assert visit(host, form_path(closed)).status_code == 404


def test_form__shown__sets_no_cookie_and_is_kept_by_no_cache(world, visit, event):
    answer = visit(world.host(world.a), form_path(event))
    assert answer.status_code == 200
    assert "3 places" in html.visible_text(html.parse(answer))
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_form__sent__registers_and_sends_the_date_to_put_in_a_calendar(world, register, event, visit):
    answer = register(count="2")
    assert (answer.status_code, answer["Location"]) == (302, f"/inscription/{event.pk}/merci/")
    assert not answer.cookies
    kept = Registration.objects.get()
    assert (kept.groupement, kept.state, kept.count, kept.consent_version) == (world.a, "seated", 2, "2026-11")
    [message] = mail.outbox
    assert message.to == ["claire@example.org"]
    assert links.token_of(kept) in message.body
    assert "Claire" not in message.body + message.subject
    [(name, content, kind)] = message.attachments
    assert (name, kind) == ("rendez-vous.ics", "text/calendar; method=PUBLISH")
    [entry] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert entry.decoded("dtstart") == event.starts_at.replace(microsecond=0)
    assert str(entry["summary"]) == event.title
    public = icalendar.Calendar.from_ical(visit(world.host(world.a), f"/agenda/{event.slug}/ical/").content)
    [told] = public.walk("VEVENT")
    assert (entry["uid"], entry["sequence"]) == (told["uid"], told["sequence"])


def test_form__no_place_left__is_on_the_waiting_list_with_no_date_to_keep(register):
    register(count="3")
    answer = register(name="Paul Kerleau", email="paul@example.org")
    assert answer["Location"].endswith("/attente/")
    assert states() == [("Claire Morvan", "seated"), ("Paul Kerleau", "waiting")]
    assert not mail.outbox[-1].attachments


def test_form__declared_full__is_on_the_waiting_list(world, register):
    full = open_event(world.home(world.a), "Complet", status="full")
    register(full)
    assert states() == [("Claire Morvan", "waiting")]


def test_form__sent_twice__makes_one_registration_and_one_message(world, register, event):
    token = aged_token(f"{world.a.site_id}.{event.pk}.")
    assert [register(token=token).status_code for _time in range(3)] == [302] * 3
    assert Registration.objects.count() == 1
    assert len(mail.outbox) == 1


def test_form__address_registered_already__says_the_same_on_the_page_and_the_rest_by_mail(register):
    first = register()
    again = register(name="Une curieuse", email="Claire@example.org")
    assert again["Location"] == first["Location"]
    assert states() == [("Claire Morvan", "seated")]
    assert "déjà" in mail.outbox[-1].subject
    assert mail.outbox[-1].to == ["claire@example.org"]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "cancelled"},
        {"status": "postponed"},
        {"in_days": -2},
        {"registration_deadline": dt.date(2020, 1, 1)},
    ],
    ids=["cancelled", "postponed", "over", "deadline"],
)
def test_form__closed__says_so_and_registers_nobody(world, visit, register, fields):
    closed = open_event(world.home(world.a), "Fermé", **fields)
    page = visit(world.host(world.a), form_path(closed))
    assert "fermées" in html.visible_text(html.parse(page)) or "closes" in html.visible_text(html.parse(page))
    assert register(closed).status_code == 422
    assert not Registration.objects.exists()


def test_form__event_not_seen_from_there__is_absent(world, visit, event):
    draft = open_event(world.home(world.a), "Brouillon", live=False)
    ghost = visit(world.host(world.b), "/inscription/987654/")
    assert visit(world.host(world.b), form_path(event)).status_code == ghost.status_code == 404
    assert visit(world.host(world.a), form_path(draft)).status_code == 404
    assert visit(world.host(world.a), "/inscription/99999999999999999999/").status_code == 404


def test_form__national_event__is_taken_from_a_local_site_for_the_nation(world, register):
    national = open_event(world.national, "Journée nationale")
    assert register(national).status_code == 302
    assert Registration.objects.get().groupement is None


WRONG = {
    "no name": ({"name": " "}, "nom"),
    "link": ({"name": "www.casino.example"}, "seulement votre nom"),
    "no address": ({"email": ""}, "confirmation"),
    "not an address": ({"email": "claire@"}, "adresse e-mail"),
    "nobody": ({"count": "0"}, "Écrivez 1"),
    "too many": ({"count": "400"}, "Dix personnes"),
    "no number": ({"count": "deux"}, "chiffre"),
    "no consent": ({"consent": ""}, "case"),
    "trap": ({"company_site": "x"}, "vide"),
    "NUL": ({"name": "a\x00b"}, "nul"),
}


@pytest.mark.parametrize(("words", "sentence"), WRONG.values(), ids=WRONG)
def test_form__wrong__says_so_in_french_and_loses_nothing(register, words, sentence):
    answer = register(**words)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert (words.get("email") or WORDS["email"]) in page or "email" in words
    assert not Registration.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "1-zz:1:1", "\x00"])
def test_token__not_ours__is_refused(register, token):
    assert register(token=token).status_code == 422
    assert not Registration.objects.exists()


def test_token__of_another_event_or_too_quick__is_refused(world, register, event):
    other = open_event(world.home(world.a), "Autre")
    assert register(token=aged_token(f"{world.a.site_id}.{other.pk}.")).status_code == 422
    assert register(token=aged_token(f"{world.a.site_id}.{event.pk}.", 1)).status_code == 422
    assert register(headers={"sec-fetch-site": "cross-site"}).status_code == 422
    assert not Registration.objects.exists()


def test_link__read__changes_nothing_and_cancels_on_asking(world, visit, register):
    register(count="3")
    register(name="Paul Kerleau", email="paul@example.org", count="2")
    mine = Registration.objects.get(name="Claire Morvan")
    path = f"/inscription/suivi/{links.token_of(mine)}/"
    answer = visit(world.host(world.a), path)
    assert (answer.status_code, answer["Referrer-Policy"]) == (200, "no-referrer")
    assert "Claire" not in answer.content.decode()
    assert states()[0][1] == "seated"
    mail.outbox.clear()
    for _time in range(2):
        Client(headers={"host": world.host(world.a)}).post(path)
    assert states() == [("Claire Morvan", "cancelled"), ("Paul Kerleau", "seated")]
    assert sorted(message.to[0] for message in mail.outbox) == ["claire@example.org", "paul@example.org"]


@pytest.mark.parametrize("token", ["1", "1:x", "é", "x" * 300])
def test_link__not_ours__is_a_kind_404(world, visit, token):
    assert visit(world.host(world.a), f"/inscription/suivi/{token}/").status_code == 404


def test_repeating_event__each_date__has_its_own_places(world, register):
    monthly = open_event(world.home(world.a), "Permanence", capacity=1, recurrence="FREQ=WEEKLY", in_days=7, hours=2)
    first = timezone.localdate() + dt.timedelta(days=7)
    second = first + dt.timedelta(days=7)
    for day in (first, second, second):
        register(monthly, date=f"{day:%Y-%m-%d}", email=f"{day:%d}-{Registration.objects.count()}@example.org")
    rows = Registration.objects.order_by("pk").values_list("occurrence_on", "state")
    assert list(rows) == [(first, "seated"), (second, "seated"), (second, "waiting")]
    wrong = first + dt.timedelta(days=1)
    assert register(monthly, date=f"{wrong:%Y-%m-%d}").status_code == 422


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from([*WORDS, "token", "company_site"]), st.text(max_size=60)),
    st.text(max_size=12),
)
def test_form__anything__never_fails(world, event, words, date):
    client = Client(headers={"host": world.host(world.a)})
    assert client.post(form_path(event), words).status_code in (302, 422, 429)
    assert client.get(form_path(event), {"date": date}).status_code == 200


def test_form__however_many_registrations__costs_the_same(world, visit, event):
    before = count_queries(lambda: visit(world.host(world.a), form_path(event)))
    for _time in range(30):
        registration(event, world.a)
    assert count_queries(lambda: visit(world.host(world.a), form_path(event))) == before
