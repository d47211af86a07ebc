"""The calendar of a team: what it holds, whom it opens to, and when it ends."""

from __future__ import annotations

import datetime as dt
import re

import icalendar
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from regions import mandates, services
from regions.roles import RoleCode
from resources.models import EventPage, TeamCalendarKey
from tests.factories import pages
from tests.helpers import assert_flat_queries
from tests.resources.test_occurrences import first_tuesday, meeting

ADDRESS = re.compile(r'value="http://mara\.localhost(/agenda-equipe/[\w-]{43}/)"')


def ask(client, mandate, act="make"):
    return client.post(reverse("team_calendar"), {"mandate": mandate.pk, "act": act})


def path_for(world, signed_in, who: str) -> str:
    answer = ask(signed_in(who), world.people[who].mandates.get())
    return ADDRESS.search(answer.content.decode()).group(1)


def read(world, path: str) -> dict[str, icalendar.Event]:
    response = Client(headers={"host": world.national_host}).get(path)
    assert response.status_code == 200
    return {str(part["SUMMARY"]): part for part in icalendar.Calendar.from_ical(response.content).walk("VEVENT")}


def test_feed__of_a_groupement__holds_its_drafts_and_nobody_else_s(world, signed_in):
    for home, name in ((world.home(world.a), "A"), (world.home(world.b), "B"), (world.national, "N")):
        pages.event(home, f"Public {name}")
        pages.event(home, f"Brouillon {name}", live=False)
        closed = pages.event(home, f"Pour l'équipe {name}")
        PageViewRestriction.objects.create(page=closed, restriction_type="groups")
        pages.contact(home, f"Fiche {name}", next_check_on=timezone.localdate() + dt.timedelta(days=5))
    found = read(world, path_for(world, signed_in, "referent_a"))
    assert set(found) == {
        "Public A",
        "Public N",
        "[brouillon] Brouillon A",
        "[réservé] Pour l'équipe A",
        "À vérifier\u00a0: Fiche A",
    }
    assert found["[brouillon] Brouillon A"]["STATUS"] == "TENTATIVE"
    draft = EventPage.objects.get(title="Brouillon A")
    assert str(found["[brouillon] Brouillon A"]["URL"]).endswith(f"/admin/pages/{draft.pk}/edit/")


def test_feed__of_a_zone__holds_the_drafts_of_its_groupements(world, signed_in):
    for home, name in ((world.home(world.a), "A"), (world.home(world.neighbour), "M"), (world.home(world.b), "B")):
        pages.event(home, f"Brouillon {name}", live=False)
    found = read(world, path_for(world, signed_in, "zone_a"))
    assert set(found) == {"[brouillon] Brouillon A", "[brouillon] Brouillon M"}


def test_feed__draft_rewritten_and_scheduled__is_as_last_written(world, signed_in):
    event = meeting(world.home(world.a), "Avant", live=False)
    event.title, event.go_live_at = "Après", timezone.now() + dt.timedelta(days=1)
    event.changes = [event.changes.model(date=first_tuesday(), kind="cancelled", note="Salle prise.")]
    event.save_revision().publish()
    response = Client(headers={"host": world.national_host}).get(path_for(world, signed_in, "referent_a"))
    text = response.content.decode()
    assert "[programmé] Après" in text
    assert "Avant" not in text
    assert "RECURRENCE-ID" in text
    assert "RRULE" in text


def test_feed__its_headers__keep_it_out_of_caches_and_search_engines(world, signed_in):
    response = Client(headers={"host": world.national_host}).get(path_for(world, signed_in, "referent_a"))
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_token__in_the_database__cannot_be_read_back(world, signed_in):
    path = path_for(world, signed_in, "referent_a")
    key = TeamCalendarKey.objects.get()
    assert path.split("/")[2] not in str(vars(key))
    assert key.last_read_on is None
    read(world, path)
    assert TeamCalendarKey.objects.get().last_read_on == timezone.localdate()


def test_screen__after_the_address_was_shown__shows_it_no_more(world, signed_in):
    path = path_for(world, signed_in, "referent_a")
    html = signed_in("referent_a").get(reverse("team_calendar")).content.decode()
    assert path not in html
    assert "agenda-equipe/" not in html


@pytest.mark.parametrize("how", ["stopped", "replaced", "mandate ended", "mandate over", "account closed"])
def test_address__ended__is_the_page_that_does_not_exist(world, signed_in, how):
    path = path_for(world, signed_in, "referent_a")
    person = world.people["referent_a"]
    mandate = person.mandates.get()
    if how == "stopped":
        ask(signed_in("referent_a"), mandate, "stop")
    elif how == "replaced":
        ask(signed_in("referent_a"), mandate)
    elif how == "mandate ended":
        mandates.end_mandate_now(mandate=mandate, by=world.people["admin"])
    elif how == "mandate over":
        type(mandate).objects.filter(pk=mandate.pk).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    else:
        person.is_active = False
        person.save()
    # The number of a request is its own, unless who asks gives one.
    client = Client(headers={"host": world.national_host, "x-request-id": "asked-twice"})
    gone, never = client.get(path), client.get(f"/agenda-equipe/{'x' * 43}/")
    assert gone.status_code == never.status_code == 404
    assert gone.content == never.content
    assert gone.headers == never.headers


@pytest.mark.parametrize("token", ["x", "é", "x" * 5000, "%00", "..", "a b"])
def test_address__that_is_none__is_absent(world, visit, token):
    assert visit(world.national_host, f"/agenda-equipe/{token}/").status_code == 404


def test_key__of_another_person__is_neither_made_nor_stopped(world, signed_in):
    path = path_for(world, signed_in, "referent_b")
    other = world.people["referent_b"].mandates.get()
    for act in ("make", "stop"):
        assert ask(signed_in("referent_a"), other, act).status_code == 404
    assert read(world, path) == {}
    assert ask(signed_in("referent_a"), type("M", (), {"pk": "rien"})).status_code == 404


def test_keys__of_mandates_that_are_over__are_deleted_by_the_clock(world, signed_in):
    path_for(world, signed_in, "referent_a")
    path_for(world, signed_in, "referent_b")
    mandates.end_mandate_now(mandate=world.people["referent_a"].mandates.get())
    call_command("extend_calendars", verbosity=0)
    assert [key.mandate.person for key in TeamCalendarKey.objects.all()] == [world.people["referent_b"]]


def test_screen__two_mandates__gives_an_address_for_each(world, signed_in):
    services.grant_mandate(person=world.people["referent_a"], role=RoleCode.REFERENT, groupement=world.b)
    html = signed_in("referent_a").get(reverse("team_calendar")).content.decode()
    assert html.count('name="mandate"') == 2


def test_feed__ten_times_more_drafts__costs_the_same(world, signed_in):
    home = world.home(world.a)

    def grow(count=3):
        for rank in range(count):
            pages.event(home, f"Public {rank}")
            meeting(home, f"Brouillon {rank}", live=False).save_revision()
            pages.contact(home, f"Fiche {rank}", next_check_on=timezone.localdate())

    path = path_for(world, signed_in, "referent_a")
    grow()
    read(world, path)
    assert_flat_queries(lambda: read(world, path), lambda: grow(12))
