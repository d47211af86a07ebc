"""The first screen of a référent: their own work, whom to call, and nothing of anybody else's."""

from __future__ import annotations

from django.urls import reverse

from resources.frames.completeness import matrix
from resources.models import FrameChange
from tests.factories import frames, pages
from tests.helpers import count_queries
from tests.html import parse


def first_screen(client):
    return parse(client.get(reverse("wagtailadmin_home"))).select_one(".mara-todo")


def test_first_screen__referent__names_the_zone_s_person_and_phone(world, signed_in):
    panel = first_screen(signed_in("referent_a"))
    assert "Zone O" in panel.text
    assert "01 99 00 00 10" in panel.text.replace("\xa0", " ").replace("\u202f", " ")
    assert "Zone S" not in panel.text


def test_first_screen__zone_without_phone__names_the_national_cell(world, signed_in):
    world.zone_a.phone = world.zone_a.email = ""
    world.zone_a.save()
    assert "Cellule nationale" in first_screen(signed_in("referent_a")).text


def test_first_screen__events_to_come_without_place_or_contact__are_to_do(world, signed_in):
    home = world.home(world.a)
    pages.event(home, "Café sans lieu", commune="", contact_name="Anne")
    pages.event(home, "Café sans personne", contact_name="")
    pages.event(home, "Café complet", contact_name="Anne")
    pages.event(home, "Café passé", in_days=-3, commune="")
    pages.event(world.home(world.b), "Café de B", commune="")
    text = first_screen(signed_in("referent_a")).select_one(".mara-todo__columns").text
    assert "lieu à préciser" in text
    assert "personne à joindre" in text
    assert text.count("Café complet") == 1, "in the calendar, not in what is to do"
    assert "Café passé" not in text
    assert "Café de B" not in text


def test_first_screen__nothing_written__says_what_and_leads_there(world, signed_in):
    home = world.home(world.a)
    panel = first_screen(signed_in("referent_a"))
    assert "Pas encore écrit" in panel.text
    section = pages.section(home, "annuaire")
    address = reverse("wagtailadmin_pages:add", args=["resources", "contactpage", section.pk])
    assert panel.select(f'a[href="{address}"]')
    pages.contact(home)
    assert "première adresse utile" not in first_screen(signed_in("referent_a")).text


def test_menu__referent__has_what_they_use_and_no_more(world, signed_in):
    from wagtail.admin.menu import admin_menu

    request = signed_in("referent_a").get(reverse("wagtailadmin_home")).wsgi_request
    names = {item.name for item in admin_menu.menu_items_for_request(request)}
    assert {"all-pages", "images", "documents", "coordinates"} <= names
    assert not names & {"reports", "settings", "help", "network", "snippets", "redirects"}, names


def test_first_screen__steps_to_do_and_news_to_read__are_computed_once(world, signed_in):
    national = frames.frame(world.national)
    frames.complement(world.home(world.a), national, frames.given({"s2": "a"}))
    client = signed_in("referent_a")
    first_screen(client)
    body = [frames.text("t2", "Reformulé.") if block["id"] == "t2" else block for block in frames.STORY]
    frames.rewrite(national, body)
    without_news = count_queries(lambda: first_screen(client))
    FrameChange.objects.update(importance="review")
    html = client.get(reverse("wagtailadmin_home")).content.decode().replace("\xa0", " ")
    assert "Trame commune : " in html
    assert "1 page à relire" in html
    assert count_queries(lambda: matrix([world.a])) >= 8, "what a second computation would cost"
    assert count_queries(lambda: first_screen(client)) == without_news + 1, "whose groupements one is told of"
