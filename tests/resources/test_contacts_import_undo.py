"""Thirty days to take an import back: what nobody touched goes, what somebody edited since stays and is listed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from resources.contacts.importing.unattended import continue_all, purge
from resources.models import ContactImport, ContactPage
from tests import html
from tests.factories import pages
from tests.imports import applied, finish, prepared, press, section_of, send, table

ATELIER = "Atelier du port;Employeur;02 98 00 00 01;atelier@example.org;29200;Brest;lundi, 9 h – 12 h"
MAIRIE = "Mairie;Employeur;;mairie@example.org;29000;Quimper;"


@pytest.fixture
def section(world):
    pages.category("employeur", "work")
    return section_of(world)


@pytest.fixture
def client(signed_in):
    return signed_in("referent_a")


def contacts(section):
    return ContactPage.objects.filter(path__startswith=section.path)


def taken_back(client, origin):
    assert press(client, origin, "undo").status_code == 302
    return finish(client, origin)


def test_undo__untouched__deletes_the_new_and_restores_the_changed(client, section, world, visit):
    there = pages.contact(section.get_parent(), "Mairie", commune="Quimper", email="ancienne@example.org")
    origin = applied(client, prepared(client, section, table(ATELIER, MAIRIE)))
    there.refresh_from_db()
    assert there.email == "mairie@example.org"
    origin = taken_back(client, origin)
    assert origin.state == "undone"
    there.refresh_from_db()
    assert (there.email, there.live) == ("ancienne@example.org", True)
    assert [phone.number for phone in there.phones.all()] == ["+33199000001"]
    assert list(contacts(section)) == [there]
    assert "Atelier du port" not in visit(world.host(world.a), "/annuaire/").content.decode()


def test_undo__edited_since__is_kept_and_listed(client, section, world):
    there = pages.contact(section.get_parent(), "Mairie", commune="Quimper")
    origin = applied(client, prepared(client, section, table(ATELIER, MAIRIE)))
    for page in contacts(section):
        page.conditions = "Changé depuis."
        page.save_revision(user=world.people["zone_a"]).publish()
    taken_back(client, origin)
    assert contacts(section).filter(live=True, conditions="Changé depuis.").count() == 2
    there.refresh_from_db()
    assert there.email == "mairie@example.org"
    shown = html.visible_text(html.parse(client.get(reverse("contact_import", args=[origin.pk]) + "?show=kept")))
    assert "Modifié depuis : il reste tel quel." in shown.replace("\xa0", " ")


def test_undo__withdrawn_or_published_by_hand__is_kept(client, section, world):
    origin = applied(client, prepared(client, section, table(ATELIER)))
    contacts(section).get().unpublish(user=world.people["referent_a"])
    taken_back(client, origin)
    assert contacts(section).count() == 1
    drafts = applied(client, prepared(client, section, table(MAIRIE)), publish=False)
    contacts(section).get(title="Mairie").latest_revision.publish()
    taken_back(client, drafts)
    assert contacts(section).filter(title="Mairie", live=True).exists()


def test_undo__a_contact_that_a_page_shows__is_withdrawn_rather_than_deleted(client, section, world):
    origin = applied(client, prepared(client, section, table(ATELIER)))
    page = contacts(section).get()
    body = [{"type": "contact_card", "value": {"contact": page.pk}, "id": "c1"}]
    pages.news(section.get_parent(), "On parle de lui", body=body)
    taken_back(client, origin)
    page.refresh_from_db()
    assert not page.live


def test_undo__the_same_import_again__does_nothing(client, section):
    origin = taken_back(client, applied(client, prepared(client, section, table(ATELIER))))
    assert press(client, origin, "undo").status_code == 302
    origin.refresh_from_db()
    assert origin.state == "undone"


def test_undo__then_the_file_again__makes_the_contacts_again(client, section):
    taken_back(client, applied(client, prepared(client, section, table(ATELIER))))
    applied(client, prepared(client, section, table(ATELIER)))
    assert contacts(section).filter(live=True).count() == 1


def test_undo__a_contributor_s_own_drafts__are_deleted(signed_in, section):
    client = signed_in("contributor_a")
    origin = applied(client, prepared(client, section, table(ATELIER)))
    taken_back(client, origin)
    assert contacts(section).count() == 0


def test_undo__a_right_that_ended__stops_it_and_says_so(client, section, world):
    origin = applied(client, prepared(client, section, table(ATELIER)))
    press(client, origin, "undo")
    person = world.people["referent_a"]
    person.is_active = False
    person.save()
    ContactImport.objects.update(moved_at=timezone.now() - dt.timedelta(minutes=5))
    assert continue_all() == 1
    assert contacts(section).filter(live=True).count() == 1
    assert "a pris fin" in origin.rows.get().problems[-1]


def test_clock__an_import_left_alone__is_finished(client, section):
    origin = prepared(client, section, table(ATELIER))
    press(client, origin, "apply", publish="1")
    assert continue_all() == 0, "somebody is there"
    ContactImport.objects.update(moved_at=timezone.now() - dt.timedelta(minutes=5))
    assert continue_all() == 1
    origin.refresh_from_db()
    assert origin.state == "done"
    assert contacts(section).count() == 1


def test_purge__after_thirty_days__forgets_the_file_and_keeps_the_contacts(client, section):
    origin = applied(client, prepared(client, section, table(ATELIER)))
    assert purge() == 0
    ContactImport.objects.update(started_at=timezone.now() - dt.timedelta(days=31))
    assert purge() == 1
    assert not ContactImport.objects.exists()
    assert contacts(section).count() == 1
    assert client.get(reverse("contact_import", args=[origin.pk])).status_code == 404


def test_delete__before_it_is_confirmed__changes_nothing(client, section):
    origin = prepared(client, section, table(ATELIER))
    press(client, origin, "delete")
    assert not ContactImport.objects.exists()
    assert contacts(section).count() == 0


@pytest.mark.parametrize("name", ["referent_b", "contributor_a", "editor", "zone_b"])
def test_import__another_s__is_not_there(client, section, signed_in, world, name):
    origin = prepared(client, section, table(ATELIER))
    other = signed_in(name)
    unknown = other.get(reverse("contact_import", args=[987654]))
    for response in (other.get(reverse("contact_import", args=[origin.pk])), press(other, origin, "apply")):
        assert response.status_code == 404
        assert response.content == unknown.content
    if name != "contributor_a":
        assert send(other, section, table(ATELIER)).status_code == 404
    origin.refresh_from_db()
    assert origin.state == "ready"


def test_import__a_zone_referent__sees_those_of_the_zone(client, section, signed_in):
    origin = prepared(client, section, table(ATELIER))
    assert signed_in("zone_a").get(reverse("contact_import", args=[origin.pk])).status_code == 200


def test_import__from_the_menu__is_one_click_away(client, section):
    menu = html.parse(client.get(reverse("wagtailadmin_home")))
    assert reverse("contact_imports") in str(menu)
    assert client.get(reverse("contact_imports")).url == reverse("contact_import_section", args=[section.pk])
