"""A référent brings a partner's calendar in: nothing before it is confirmed, drafts only, never twice."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry

from resources.models import EventImport, EventSource, ImportedEvent
from tests import html
from tests.helpers import count_queries
from tests.partner_calendars import (
    applied,
    day,
    events_below,
    finish,
    prepared,
    press,
    section_of,
    send,
    vcalendar,
    vevent,
)

SCRIPT = "<script>alert(1)</script>"
FORUM, CAFE = vevent(), vevent("deux@partenaire.example", title="Café des créateurs")


@pytest.fixture
def client(signed_in):
    return signed_in("referent_a")


@pytest.fixture
def section(world):
    return section_of(world)


def actions(origin) -> list[str]:
    return list(origin.rows.values_list("action", flat=True))


def decide(client, entry, step):
    return client.post(reverse("event_source", args=[entry.source_id]), {"step": step, "event": entry.pk})


def test_import__new_events__are_drafts_marked_with_their_source(client, section, world, visit):
    origin = prepared(client, section, vcalendar(FORUM, CAFE))
    assert events_below(section).count() == 0, "nothing before it is confirmed"
    press(client, origin, "apply")
    origin = finish(client, origin)
    assert (origin.state, origin.source.is_confirmed) == ("done", True)
    cafe, forum = events_below(section)
    assert (cafe.title, forum.title) == ("Café des créateurs", "Forum de l’emploi")
    assert not forum.live
    assert (forum.local_start.hour, forum.organiser) == (14, "CCI de Brest")
    assert forum.owner == world.people["referent_a"]
    assert PageLogEntry.objects.filter(page=forum, action="wagtail.create").exists()
    form = client.get(reverse("wagtailadmin_pages:edit", args=[forum.pk]))
    assert "Importé de CCI de Brest" in html.visible_text(html.parse(form))
    for host in (world.host(world.a), world.host(world.b), world.national_host):
        assert "Forum de l’emploi" not in visit(host, "/agenda/").content.decode()


def test_import__once_published__is_seen_as_any_event(client, section, world, visit):
    applied(client, section, vcalendar(vevent("a@b", "LOCATION:Le Quartz, 29200 Brest", "DESCRIPTION:Venez.")))
    page = events_below(section).get()
    page.get_latest_revision().publish()
    shown = visit(world.host(world.a), f"/agenda/{page.slug}/").content.decode()
    assert "Venez." in shown
    assert "Le Quartz" in shown
    assert "29200 Brest" in html.visible_text(html.parse(visit(world.host(world.a), f"/agenda/{page.slug}/")))


def test_import__the_same_file_twice__changes_nothing(client, section):
    applied(client, section, vcalendar(FORUM, CAFE))
    again = prepared(client, section, vcalendar(FORUM, CAFE))
    assert actions(again) == ["same", "same"]
    press(client, again, "apply")
    finish(client, again)
    assert events_below(section).count() == 2
    assert EventSource.objects.count() == 1, "a file of the same name is the same source"


def test_import__the_same_event_from_another_source__is_told_and_left_out(client, section):
    applied(client, section, vcalendar(FORUM))
    other = prepared(client, section, vcalendar(FORUM), title="Mission locale")
    row = other.rows.get()
    assert row.action == "ignore"
    assert "CCI de Brest" in row.problems[0]


def test_import__of_another_groupement__knows_nothing_of_ours(client, section, world, signed_in):
    applied(client, section, vcalendar(FORUM))
    theirs = prepared(signed_in("referent_b"), section_of(world, world.b), vcalendar(FORUM))
    assert actions(theirs) == ["create"]


def test_import__two_windows__make_each_event_once(client, section):
    first, second = prepared(client, section, vcalendar(FORUM)), prepared(client, section, vcalendar(FORUM))
    for origin in (first, second):
        press(client, origin, "apply")
        finish(client, origin)
    assert events_below(section).count() == 1
    assert second.rows.get().outcome == "nothing"


def test_import__changed_at_the_source__updates_an_untouched_draft(client, section):
    applied(client, section, vcalendar(FORUM))
    later = vevent(title="Forum de l’emploi et des métiers")
    origin = prepared(client, section, vcalendar(later))
    assert actions(origin) == ["update"]
    assert origin.rows.get().changes[0]["after"] == "Forum de l’emploi et des métiers"
    press(client, origin, "apply")
    finish(client, origin)
    page = events_below(section).get()
    assert page.get_latest_revision_as_object().title == "Forum de l’emploi et des métiers"
    assert page.revisions.count() == 2


@pytest.mark.parametrize("by", ["edited", "published"])
def test_import__changed_at_the_source_but_in_hand__is_asked_with_both_versions(client, section, world, by):
    applied(client, section, vcalendar(FORUM))
    page = events_below(section).get()
    draft = page.get_latest_revision_as_object()
    draft.title = "Notre titre"
    revision = draft.save_revision(user=world.people["referent_a"])
    if by == "published":
        revision.publish()
    moved = vevent(start=f"DTSTART;TZID=Europe/Paris:{day(20):%Y%m%d}T160000")
    origin = applied(client, section, vcalendar(moved))
    assert origin.rows.get().outcome == "flagged"
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().local_start.hour == 14, "not overwritten"
    entry = ImportedEvent.objects.get()
    shown = html.visible_text(html.parse(client.get(reverse("event_source", args=[entry.source_id]))))
    assert "a changé à la source" in shown
    assert "14:00" in shown
    assert "16:00" in shown
    assert actions(prepared(client, section, vcalendar(moved))) == ["same"], "not told twice"
    decide(client, entry, "take")
    page.refresh_from_db()
    taken = page.get_latest_revision_as_object()
    assert (taken.title, taken.local_start.hour) == ("Notre titre", 16), "what we wrote stays"
    assert page.live == (by == "published")
    assert page.local_start.hour == 14, "published by a person only"
    entry.refresh_from_db()
    assert entry.notice == ""


def test_import__keep_mine__is_not_asked_again_until_it_changes_again(client, section, world):
    applied(client, section, vcalendar(FORUM))
    page = events_below(section).get()
    page.get_latest_revision_as_object().save_revision(user=world.people["referent_a"])
    applied(client, section, vcalendar(vevent(title="Deux")))
    decide(client, ImportedEvent.objects.get(), "keep")
    assert page.get_latest_revision_as_object().title == "Forum de l’emploi"
    assert actions(prepared(client, section, vcalendar(vevent(title="Deux")))) == ["same"]
    assert actions(prepared(client, section, vcalendar(vevent(title="Trois")))) == ["flag"]


def test_import__cancelled_or_gone__is_told_and_nothing_is_deleted(client, section):
    applied(client, section, vcalendar(FORUM, CAFE))
    applied(client, section, vcalendar(vevent("un@partenaire.example", "STATUS:CANCELLED")))
    notices = dict(ImportedEvent.objects.values_list("values__title", "notice"))
    assert notices == {"Forum de l’emploi": "cancelled", "Café des créateurs": "gone"}
    assert events_below(section).count() == 2
    forum = ImportedEvent.objects.get(notice="cancelled")
    decide(client, forum, "take")
    assert forum.page.get_latest_revision_as_object().status == "cancelled"
    gone = ImportedEvent.objects.get(notice="gone")
    decide(client, gone, "keep")
    again = prepared(client, section, vcalendar(vevent("un@partenaire.example", "STATUS:CANCELLED")))
    assert actions(again) == ["same"], "what was set aside is not told again"


def test_import__draft_deleted_by_the_referent__is_not_made_again(client, section):
    applied(client, section, vcalendar(FORUM))
    events_below(section).get().delete()
    origin = prepared(client, section, vcalendar(FORUM))
    assert actions(origin) == ["ignore"]
    press(client, origin, "apply")
    finish(client, origin)
    assert events_below(section).count() == 0


def test_undo__untouched_drafts_go__edited_and_published_ones_stay_and_are_said(client, section, world):
    raw = vcalendar(FORUM, CAFE, vevent("trois@x", title="Atelier"))
    origin = applied(client, section, raw)
    atelier, cafe, _forum = events_below(section)
    atelier.get_latest_revision().publish()
    cafe.get_latest_revision_as_object().save_revision(user=world.people["referent_a"])
    press(client, origin, "undo")
    origin = finish(client, origin)
    assert dict(origin.rows.values_list("title", "outcome")) == {
        "Forum de l’emploi": "undone",
        "Café des créateurs": "kept",
        "Atelier": "kept",
    }
    assert list(events_below(section)) == [atelier, cafe]
    assert "publié" in origin.rows.get(title="Atelier").problems[-1]
    assert actions(prepared(client, section, raw)) == ["create", "same", "same"], "the same file makes it again"


def test_undo__an_updated_draft__is_as_before(client, section):
    applied(client, section, vcalendar(FORUM))
    origin = applied(client, section, vcalendar(vevent(title="Deux")))
    press(client, origin, "undo")
    finish(client, origin)
    assert events_below(section).get().get_latest_revision_as_object().title == "Forum de l’emploi"
    assert actions(prepared(client, section, vcalendar(FORUM))) == ["same"]


def test_import__a_contributor__makes_drafts_too_and_a_member_sees_nothing(world, signed_in, section):
    origin = applied(signed_in("contributor_a"), section, vcalendar(FORUM))
    assert origin.state == "done"
    assert not events_below(section).get().live
    assert signed_in("member").get(reverse("event_import", args=[origin.pk])).status_code != 200


def test_import__an_ended_right__stops_it(client, section, world):
    origin = prepared(client, section, vcalendar(FORUM))
    press(client, origin, "apply")
    EventImport.objects.filter(pk=origin.pk).update(state="applying", acting=world.people["referent_b"])
    origin.rows.update(outcome="")
    ImportedEvent.objects.all().delete()
    events_below(section).delete()
    from resources.events.importing.applying import advance

    advance(origin.pk, seconds=5)
    assert events_below(section).count() == 0
    assert origin.rows.get().outcome == "skipped"


def test_import__markup_in_the_file__is_text_everywhere(client, section, world, visit):
    raw = vcalendar(vevent("a", f"LOCATION:{SCRIPT}", f"DESCRIPTION:{SCRIPT} <b>gras</b>", title=SCRIPT))
    origin = prepared(client, section, raw, title=SCRIPT)
    screens = [client.get(reverse("event_import", args=[origin.pk]))]
    press(client, origin, "apply")
    finish(client, origin)
    page = events_below(section).get()
    page.get_latest_revision().publish()
    page.refresh_from_db()
    screens.append(client.get(reverse("event_import", args=[origin.pk])))
    screens.append(client.get(reverse("event_source", args=[origin.source_id])))
    screens.append(client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
    screens.append(visit(world.host(world.a), page.get_url_parts()[2]))
    for screen in screens:
        assert screen.status_code == 200
        assert not [tag for tag in html.parse(screen).select("script") if tag.get_text() == "alert(1)"]


@pytest.mark.parametrize(
    "raw", [b" ", b"%PDF-1.4", b"<html><body>Agenda</body></html>", b"BEGIN:VCALENDAR\r\nEND:VEVENT"]
)
def test_import__a_file_that_is_no_calendar__is_refused_in_words(client, section, raw):
    response = send(client, section, raw)
    assert response.status_code == 422
    assert not EventSource.objects.exists()


def test_import__forms_out_of_their_time__do_nothing(client, section):
    origin = applied(client, section, vcalendar(FORUM))
    for step in ("continue", "apply", "retry"):
        assert press(client, origin, step).status_code == 302
    assert press(client, origin, "rubbish").status_code == 404
    assert events_below(section).count() == 1


@pytest.mark.parametrize("screen", ["preview", "result", "source", "section"])
def test_import__four_times_more_events__its_screens_cost_the_same(client, section, world, screen):
    def cost(count):
        named = [vevent(f"{screen}{count}-{number}@x", title=f"Rendez-vous {number}") for number in range(count)]
        names = {"title": f"Partenaire {screen} {count}"}
        if screen == "preview":
            url = reverse("event_import", args=[prepared(client, section, vcalendar(*named), **names).pk])
        else:
            origin = applied(client, section, vcalendar(*named), **names)
            for page in events_below(section).filter(imported__source=origin.source):
                page.get_latest_revision_as_object().save_revision(user=world.people["referent_a"])
            changed = [event.replace("Rendez-vous", "Rencontre") for event in named]
            origin = applied(client, section, vcalendar(*changed), **names)
            where = {"result": origin.pk, "source": origin.source_id, "section": section.pk}[screen]
            name = {"result": "event_import", "source": "event_source", "section": "event_import_section"}[screen]
            url = reverse(name, args=[where])
        return count_queries(lambda: client.get(url))

    cost(3)
    assert cost(3) == cost(12)
