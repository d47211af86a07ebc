"""A référent brings a spreadsheet in: nothing before it is confirmed, everything shown, everything taken back."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import PageLogEntry

from resources.contacts.importing import steps, unattended
from resources.models import ContactImport, ContactPage
from tests import html
from tests.factories import pages
from tests.helpers import count_queries
from tests.imports import applied, finish, prepared, press, section_of, send, table

ATELIER = "Atelier du port;Employeur;02 98 00 00 01;atelier@example.org;29200;Brest;lundi, 9 h – 12 h"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def client(world, signed_in):
    pages.category("employeur", "work")
    return signed_in("referent_a")


@pytest.fixture
def section(world):
    return section_of(world)


def contacts(section):
    return ContactPage.objects.filter(path__startswith=section.path)


def outcomes(origin) -> dict[int, str]:
    return dict(origin.rows.values_list("line", "outcome"))


def test_import__new_lines__are_published_contacts_with_their_journal(client, section, world, visit):
    origin = prepared(client, section, table(ATELIER, "Mairie;Employeur;;;29000;Quimper;"))
    assert contacts(section).count() == 0, "nothing before it is confirmed"
    origin = applied(client, origin)
    assert (origin.state, outcomes(origin)) == ("done", {2: "created", 3: "created"})
    page = contacts(section).get(title="Atelier du port")
    assert page.live
    assert [phone.number for phone in page.phones.all()] == ["+33298000001"]
    assert page.osm_opening_hours == "Mo 09:00-12:00"
    assert page.category.code == "employeur"
    assert page.owner == world.people["referent_a"]
    actions = set(PageLogEntry.objects.filter(page=page).values_list("action", flat=True))
    assert {"wagtail.create", "wagtail.publish"} <= actions
    assert "Atelier du port" in visit(world.host(world.a), "/annuaire/").content.decode()
    assert "Atelier du port" not in visit(world.host(world.b), "/annuaire/").content.decode()


def test_import__as_drafts__waits_to_be_read(client, section):
    applied(client, prepared(client, section, table(ATELIER)), publish=False)
    page = contacts(section).get()
    assert not page.live
    assert page.latest_revision


def test_import__a_contributor__sends_to_review_with_one_message(world, signed_in, section, mailoutbox):
    pages.category("employeur", "work")
    client = signed_in("contributor_a")
    origin = applied(client, prepared(client, section, table(ATELIER, "Mairie;Employeur;;;29000;Quimper;")))
    assert origin.state == "done"
    for page in contacts(section):
        assert not page.live
        assert page.workflow_in_progress
    from django.core.management import call_command

    call_command("deliver_mail", verbosity=0)
    told = [mail for mail in mailoutbox if reverse("contact_import", args=[origin.pk]) in mail.body]
    assert [mail.to for mail in told] == [["referent_a@example.org"]]
    # Whom it is sent to sees it, and publishes from the ordinary screens.
    assert signed_in("referent_a").get(reverse("contact_import", args=[origin.pk])).status_code == 200


def test_import__the_same_place__completes_it_by_default_and_shows_each_field(client, section):
    there = pages.contact(section.get_parent(), "ATELIER du Port", category=pages.category("employeur", "work"))
    origin = prepared(client, section, table(ATELIER))
    row = origin.rows.get()
    assert (row.action, row.match_id) == ("merge", there.pk)
    fields = {change["field"] for change in row.changes}
    assert {"Adresse électronique", "Téléphones", "Horaires d’ouverture"} <= fields | {"E-mail"}
    shown = html.visible_text(html.parse(client.get(reverse("contact_import", args=[origin.pk]))))
    assert "même nom et même commune" in shown
    assert "atelier@example.org" in shown
    applied(client, origin)
    there.refresh_from_db()
    assert there.email == "atelier@example.org"
    assert [phone.number for phone in there.phones.all()] == ["+33199000001", "+33298000001"], "none is lost"
    assert there.service == "Conseil et ateliers.", "an empty cell erases nothing"
    assert contacts(section).count() == 1


@pytest.mark.parametrize(("choice", "count", "email"), [("create", 2, ""), ("ignore", 1, ""), ("merge", 1, "x")])
def test_import__the_same_place__is_what_one_decides(client, section, choice, count, email):
    there = pages.contact(section.get_parent(), "Atelier du port")
    origin = prepared(client, section, table(ATELIER))
    press(client, origin, "decide", **{f"row-{origin.rows.get().pk}": choice})
    applied(client, origin)
    there.refresh_from_db()
    assert contacts(section).count() == count
    assert bool(there.email) == bool(email)


def test_import__only_the_telephone_is_the_same__is_asked_and_makes_another_by_default(client, section):
    pages.contact(section.get_parent(), "Standard", phones=["+33298000001"])
    origin = prepared(client, section, table(ATELIER))
    row = origin.rows.get()
    assert row.action == "create"
    assert "même numéro" in row.same_as[0]
    press(client, origin, "decide", all="ignore")
    row.refresh_from_db()
    assert row.action == "ignore"


def test_import__the_same_file_twice__changes_nothing(client, section):
    applied(client, prepared(client, section, table(ATELIER)))
    again = prepared(client, section, table(ATELIER, ATELIER))
    assert list(again.rows.values_list("action", flat=True)) == ["same", "ignore"]
    assert "ligne 2 du fichier" in again.rows.last().problems[0]
    applied(client, again)
    assert contacts(section).count() == 1


def test_import__a_national_contact_of_that_name__is_left_out_and_said(client, section, world):
    pages.contact(world.national, "Atelier du port")
    row = prepared(client, section, table(ATELIER)).rows.get()
    assert row.action == "ignore"
    assert "national" in row.same_as[0]


def test_import__faulty_lines__are_named_with_their_number(client, section):
    lines = (";Employeur;;;;;", "Bon;Employeur;;pas une adresse;;;", "Autre;Inconnue;;;;;")
    origin = prepared(client, section, table(*lines))
    assert dict(origin.rows.values_list("line", "action")) == {2: "error", 3: "create", 4: "error"}
    page = html.parse(client.get(reverse("contact_import", args=[origin.pk]) + "?show=error"))
    assert "La catégorie «\xa0Inconnue\xa0»" in html.visible_text(page)
    applied(client, origin)
    assert list(contacts(section).values_list("title", "email")) == [("Bon", "")]


def test_import__columns_named_once__are_remembered_for_that_directory(client, section, world, signed_in):
    raw = table("Atelier;x", head="Truc;Machin")
    send(client, section, raw)
    origin = finish(client, ContactImport.objects.get())
    assert origin.mapping == {}
    refused = press(client, origin, "columns")
    assert refused.status_code == 422
    assert "le nom de chaque organisme" in refused.content.decode()
    category = pages.category("employeur", "work")
    press(client, origin, "columns", **{"column-0": "title", "default_category": category.pk})
    send(client, section, raw)
    again = finish(client, ContactImport.objects.order_by("-pk")[0])
    assert (again.mapping, again.default_category) == ({"0": "title"}, category)
    other = signed_in("referent_b")
    send(other, section_of(world, world.b), raw)
    theirs = finish(other, ContactImport.objects.order_by("-pk")[0])
    assert theirs.mapping == {}


def test_import__markup_in_cells__is_text_everywhere(client, section, world, visit):
    raw = table(f"{SCRIPT};Employeur;;;29200;Brest;{SCRIPT}", head=HEAD_WITH_MARKUP)
    send(client, section, raw, name=f"{SCRIPT}.csv")
    origin = finish(client, ContactImport.objects.get())
    screens = [client.get(reverse("contact_import", args=[origin.pk]))]
    press(client, origin, "columns", **{"column-0": "title", "column-1": "category", "column-6": "hours"})
    finish(client, origin)
    screens.append(client.get(reverse("contact_import", args=[origin.pk])))
    applied(client, origin)
    screens.append(client.get(reverse("contact_import", args=[origin.pk])))
    screens.append(visit(world.host(world.a), "/annuaire/"))
    for screen in screens:
        soup = html.parse(screen)
        assert not [tag for tag in soup.select("script") if tag.get_text() == "alert(1)"]
        assert "alert(1)" in soup.get_text()


HEAD_WITH_MARKUP = f"{SCRIPT};Catégorie;Tél;E-mail;CP;Commune;Notes"


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.4 \x00", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_import__a_file_that_is_no_table__is_refused_on_the_spot(client, section, raw):
    response = send(client, section, raw or b" ")
    assert response.status_code == 422
    assert not ContactImport.objects.exists()


def test_import__a_file_broken_further_down__is_refused_whole_with_its_line(client, section):
    send(client, section, table(ATELIER, '"' + "x" * 140_000))
    origin = finish(client, ContactImport.objects.get())
    assert origin.state == "refused"
    assert "ligne 3" in origin.refusal
    assert origin.rows.count() == 0
    assert "ligne 3" in client.get(reverse("contact_import", args=[origin.pk])).content.decode()


def test_import__headings_only__is_refused_in_words(client, section):
    send(client, section, table())
    assert "aucune ligne" in finish(client, ContactImport.objects.get()).refusal


def test_model__downloaded__is_read_back_with_its_headings(client, section):
    response = client.get(reverse("contact_import_model"))
    assert load_workbook(io.BytesIO(response.content)).active["A1"].value == "Nom de l’organisme"
    origin = prepared(client, section, response.content)
    assert origin.rows.get().action == "create"


def test_import__without_javascript_or_with__answers_to_each(client, section):
    send(client, section, table(ATELIER))
    origin = ContactImport.objects.get()
    url = reverse("contact_import", args=[origin.pk])
    page = html.parse(client.get(url))
    assert page.select_one("form button").get_text(strip=True) == "Continuer"
    answer = client.post(url, {"step": "continue"}, headers={"accept": "application/json"}).json()
    assert answer["running"] is False


def test_import__forms_out_of_their_time__do_nothing(client, section):
    origin = applied(client, prepared(client, section, table(ATELIER)))
    for step in ("continue", "columns", "back", "decide", "apply"):
        assert press(client, origin, step).status_code == 302
    origin.refresh_from_db()
    assert origin.state == "done"
    assert contacts(section).count() == 1
    assert press(client, origin, "rubbish").status_code == 404


def test_import__the_same_file_in_two_windows__makes_each_contact_once(client, section):
    first, second = prepared(client, section, table(ATELIER)), prepared(client, section, table(ATELIER))
    applied(client, first)
    applied(client, second)
    assert contacts(section).count() == 1
    assert outcomes(second) == {2: "skipped"}


@pytest.mark.parametrize("stage", ["preview", "result"])
def test_import__ten_times_more_lines__its_screens_cost_the_same(client, section, stage):
    def screen(count):
        lines = [f"Organisme {stage} {count} {number};Employeur;;o{number}@example.org;;;" for number in range(count)]
        pages.contact(section.get_parent(), f"Organisme {stage} {count} 0", commune="")
        origin = prepared(client, section, table(*lines))
        if stage == "result":
            applied(client, origin)
        url = reverse("contact_import", args=[origin.pk]) + "?show=create"
        return count_queries(lambda: client.get(url))

    screen(3)
    assert screen(3) == screen(30)


def test_import__a_large_workbook__is_read_by_the_clock_and_nobody_waits_for_it(client, section, monkeypatch):
    monkeypatch.setattr(steps, "WORKBOOK_AT_ONCE", 100)
    monkeypatch.setattr(unattended, "WORKBOOK_AT_ONCE", 100)
    send(client, section, client.get(reverse("contact_import_model")).content, name="grand.xlsx")
    origin = ContactImport.objects.get()
    for _turn in range(2):
        press(client, origin, "continue")
    origin.refresh_from_db()
    assert (origin.state, origin.position) == ("reading", 0)
    page = client.get(reverse("contact_import", args=[origin.pk]))
    assert page["Refresh"]
    assert "grand classeur" in html.visible_text(html.parse(page))
    call_command("continue_contact_imports", verbosity=0)
    origin.refresh_from_db()
    assert origin.state == "columns"
