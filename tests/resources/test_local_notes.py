"""What a groupement adds to the events of others: seen on its site, in its calendars, and nowhere else."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from regions.places import relative_path
from resources.events import changing
from resources.models import EventPage, LocalNote
from tests.factories import pages
from tests.helpers import assert_flat_queries, page_html
from tests.resources.test_occurrences import meeting

TEXT = "Covoiturage depuis Brest, départ à 7 h."


def calendar_of(home):
    return pages.section(home, "agenda")


def write(world, event, text=TEXT, *, at=None, **words):
    section = calendar_of(world.home(at or world.a))
    user = world.people["admin"]
    changing.write_note(section=section, event=event, text=text, user=user, url="", contact="", **words)
    return section


def described(response) -> str:
    calendar = icalendar.Calendar.from_ical(response.content)
    return " ".join(str(part.get("DESCRIPTION", "")) for part in calendar.walk("VEVENT"))


@pytest.fixture
def forum(world):
    return pages.event(world.national, "Forum national")


def test_note__on_a_national_event__is_seen_at_its_groupement_only(world, visit, forum):
    write(world, forum)
    page = f"/{relative_path(forum)}"
    here, there = world.host(world.a), world.host(world.b)
    for path in ("/agenda/", page):
        assert "Covoiturage depuis Brest" in page_html(visit(here, path)), path
        assert "Covoiturage" not in page_html(visit(there, path)), path
        assert "Covoiturage" not in page_html(visit(world.national_host, path)), path
    for path in ("/agenda/ical/", f"{page}ical/"):
        assert f"Finistère – {TEXT}" in described(visit(here, path)), path
        assert "Covoiturage" not in described(visit(there, path)), path


@pytest.mark.parametrize("view", ["month", "week"])
def test_note__in_the_table_of_a_month_or_week__is_below_its_event(world, visit, forum, view):
    write(world, forum)
    day = forum.local_start.date()
    asked = f"{day:%Y-%m}" if view == "month" else f"{day - dt.timedelta(days=day.weekday())}"
    path = f"/agenda/?view={view}&{view}={asked}"
    table = page_html(visit(world.host(world.a), path)).partition("<table")[2].partition("</table>")[0]
    assert "month__note" in table
    assert "Covoiturage depuis Brest" in table
    assert "month__note" not in page_html(visit(world.host(world.b), path))


def test_note__of_its_groupement__carries_its_name_and_tone(world, visit, forum):
    world.a.accent = "olive"
    world.a.save()
    write(world, forum)
    html = page_html(visit(world.host(world.a), f"/{relative_path(forum)}"))
    assert "local--note tone-olive" in html


def test_note__event_renamed_and_moved__stays(world, visit, forum):
    write(world, forum)
    forum = EventPage.objects.get(pk=forum.pk)
    forum.title, forum.slug = "Forum des métiers", "forum-des-metiers"
    forum.save_revision().publish()
    assert "Covoiturage" in page_html(visit(world.host(world.a), "/agenda/forum-des-metiers/"))


def test_note__on_an_event_that_a_neighbour_shares__is_shown_in_the_list(world, visit):
    shared = pages.event(world.home(world.neighbour), "Visite du port", shared_with="zone")
    write(world, shared)
    assert "Covoiturage" in page_html(visit(world.host(world.a), "/agenda/"))
    assert "Covoiturage" not in page_html(visit(world.host(world.neighbour), "/agenda/"))


def test_note__event_over__is_no_longer_shown_and_is_forgotten_by_the_clock(world, visit):
    past = pages.event(world.national, "Forum passé", in_days=-3)
    write(world, past)
    assert "Covoiturage" not in page_html(visit(world.host(world.a), f"/{relative_path(past)}"))
    call_command("extend_calendars", verbosity=0)
    assert LocalNote.objects.count() == 1
    EventPage.objects.filter(pk=past.pk).update(
        starts_at=timezone.now() - dt.timedelta(days=40), ends_at=timezone.now() - dt.timedelta(days=40)
    )
    EventPage.objects.get(pk=past.pk).save()
    call_command("extend_calendars", verbosity=0)
    assert LocalNote.objects.count() == 0
    assert calendar_of(world.home(world.a)).get_latest_revision_as_object().local_notes.count() == 0


def test_note__on_a_meeting_that_goes_on__is_kept_by_the_clock_and_told_to_calendars(world, visit):
    event = meeting(
        world.national, "Permanence nationale", on=timezone.localdate() - dt.timedelta(days=400), rule="FREQ=DAILY"
    )
    write(world, event)
    call_command("extend_calendars", verbosity=0)
    assert TEXT in described(visit(world.host(world.a), "/agenda/ical/"))


def test_national_event__cancelled__is_seen_cancelled_on_every_site_at_once(world, visit, forum):
    write(world, forum)
    changing.change_date(
        event=forum,
        row=forum.changes.model(date=forum.local_start.date(), kind="cancelled", note="Salle inondée."),
        user=world.people["editor"],
    )
    for host in (world.national_host, world.host(world.a), world.host(world.b)):
        for path in ("/agenda/", f"/{relative_path(forum)}"):
            html = page_html(visit(host, path))
            assert "Salle inondée." in html, (host, path)
            assert "<del>Forum national</del>" in html, (host, path)
        assert "STATUS:CANCELLED" in visit(host, "/agenda/ical/").content.decode()


def test_note__version_of_the_section_under_way__is_not_published_with_it(world, forum):
    section = calendar_of(world.home(world.a))
    section.title = "Agenda en travaux"
    section.save_revision()
    write(world, forum)
    section = calendar_of(world.home(world.a))
    assert section.title != "Agenda en travaux"
    assert section.has_unpublished_changes
    waiting = section.get_latest_revision_as_object()
    assert waiting.title == "Agenda en travaux"
    assert [note.text for note in waiting.local_notes.all()] == [TEXT]
    waiting.save_revision().publish()
    assert [note.text for note in LocalNote.objects.all()] == [TEXT]


def test_screen__for_the_referent__leads_from_the_list_to_the_note_and_back(world, signed_in, forum):
    client, section = signed_in("referent_a"), calendar_of(world.home(world.a))
    assert client.get(reverse("calendars")).url == reverse("calendar_dates", args=[section.pk])
    address = reverse("local_note", args=[section.pk, forum.translation_key])
    assert address in page_html(client.get(reverse("calendar_dates", args=[section.pk])))
    refused = client.post(address, {"text": " ", "url": "javascript:alert(1)", "contact": ""})
    assert refused.status_code == 422
    assert client.post(address, {"text": TEXT, "url": "", "contact": "Mme Morvan"}).status_code == 302
    assert TEXT in page_html(client.get(reverse("calendar_dates", args=[section.pk])))
    assert "Note locale" in page_html(client.get(reverse("wagtailadmin_pages:history", args=[section.pk])))
    assert client.post(address, {"remove": "1"}).status_code == 302
    assert LocalNote.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("referent_a", 200),
        ("zone_a", 200),
        ("admin", 200),
        ("contributor_a", 404),
        ("referent_b", 404),
        ("editor", 404),
    ],
)
def test_note__whoever_edits_the_calendar_section__and_nobody_else(world, signed_in, forum, who, status):
    section = calendar_of(world.home(world.a))
    address = reverse("local_note", args=[section.pk, forum.translation_key])
    assert signed_in(who).get(address).status_code == status


def test_note__on_one_s_own_hidden_or_draft_event__is_absent(world, signed_in):
    section = calendar_of(world.home(world.a))
    client = signed_in("referent_a")
    for event in (
        pages.event(world.home(world.a), "À nous"),
        pages.event(world.home(world.b), "À eux"),
        pages.event(world.national, "Brouillon", live=False),
    ):
        assert client.get(reverse("local_note", args=[section.pk, event.translation_key])).status_code == 404


def test_screen__many_national_events__costs_the_same(world, signed_in):
    client, section = signed_in("referent_a"), calendar_of(world.home(world.a))
    for rank in range(3):
        write(world, pages.event(world.national, f"National {rank}"))
        meeting(world.home(world.a), f"Permanence {rank}")

    def grow():
        for rank in range(12):
            write(world, pages.event(world.national, f"Autre {rank}"))
            meeting(world.home(world.a), f"Autre permanence {rank}")

    page_html(client.get(reverse("calendar_dates", args=[section.pk])))
    assert_flat_queries(lambda: page_html(client.get(reverse("calendar_dates", args=[section.pk]))), grow)
