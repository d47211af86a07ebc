"""The first screen of a référent: their own work, whom to call, and nothing of anybody else's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from core.models import checked_page_types
from home import panels
from resources.frames import services
from resources.frames.completeness import matrix
from resources.models import FrameChange
from tests.controls import fields_of
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


def to_do(panel) -> dict[str, str]:
    """The lines of “to do”: what each says, and where it leads, by title."""
    rows = panel.select_one(".mara-todo__columns > div").select("li")
    return {row.a.text: (row.span.text, row.a["href"]) for row in rows}


def test_first_screen__drafts__are_to_do_until_they_are_published(world, signed_in):
    home = world.home(world.a)
    draft = pages.news(home, "Inachevée", live=False)
    reworked = pages.news(home, "Publiée")
    reworked.title = "Publiée puis reprise"
    reworked.save_revision()
    pages.news(home, "Toute publiée").save_revision().publish()
    pages.news(world.home(world.b), "Inachevée de B", live=False)
    pages.news(world.national, "Inachevée de la nation", live=False)
    client = signed_in("referent_a")
    expected = {
        page.draft_title: ("brouillon non publié", reverse("wagtailadmin_pages:edit", args=[page.pk]))
        for page in Page.objects.filter(pk__in=[draft.pk, reworked.pk])
    }
    assert to_do(first_screen(client)) == expected
    for line in expected.values():
        assert client.get(line[1]).status_code == 200
    for page in (draft, reworked):
        page.save_revision().publish()
    assert to_do(first_screen(client)) == {}


def test_first_screen__drafts_of_colleagues__are_to_do_for_who_may_edit_them(world, signed_in):
    person = world.people["contributor_a"]
    pages.news(world.home(world.a), "De la contributrice", live=False, owner=person)
    pages.news(world.home(world.a), "Du référent", live=False, owner=world.people["referent_a"])
    assert set(to_do(first_screen(signed_in("referent_a")))) == {"De la contributrice", "Du référent"}
    assert set(to_do(first_screen(signed_in("contributor_a")))) == {"De la contributrice"}


# What is typed besides the title: the rest of the form is sent as it was opened.
TYPED = {
    "Ajouter un événement": {"starts_at": "2030-03-05 18:00", "commune": "Brest", "postcode": "29200"},
    "Ajouter un contact": {"service": "Conseils.", "commune": "Brest", "postcode": "29200"},
    "Écrire une actualité": {},
}


@pytest.mark.parametrize("label", TYPED)
@pytest.mark.parametrize(("name", "neighbour"), [("referent_a", "referent_b"), ("referent_b", "referent_a")])
def test_large_button__typed_and_published__makes_a_page_of_one_s_own(world, signed_in, name, neighbour, label):
    category, client = pages.category(), signed_in(name)
    own = world.a if name == "referent_a" else world.b
    others = Page.objects.exclude(path__startswith=world.home(own).path)
    before = set(others.values_list("pk", "title", "numchild"))
    buttons = {link.get_text(strip=True): link["href"] for link in first_screen(client).select(".mara-todo__button")}
    assert set(buttons) == set(TYPED)
    sent = fields_of(parse(client.get(buttons[label])).select_one("form[data-edit-form]"))
    sent |= {"title": "Nouveau de chez nous", "slug": "nouveau", "body-count": "0", "category": category.pk}
    answer = client.post(buttons[label], sent | TYPED[label] | {"action-publish": "1"})
    assert answer.status_code == 302, [row.text for row in parse(answer).select(".error-message")]
    made = Page.objects.get(title="Nouveau de chez nous")
    assert made.live
    assert made.path.startswith(world.home(own).path)
    assert set(others.values_list("pk", "title", "numchild")) == before
    assert client.get(made.get_url_parts()[2], headers={"host": world.host(own)}).status_code == 200
    assert "Nouveau de chez nous" not in first_screen(signed_in(neighbour)).text


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


def test_first_screen__checks_due__are_those_of_every_type_that_is_checked(world, signed_in):
    home, other = world.home(world.a), world.home(world.b)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    due = {
        "ContactPage": lambda at, **more: pages.contact(at, **more),
        "GuidePage": lambda at, **more: pages.guide(at, **more),
        "GuideChapterPage": lambda at, **more: pages.chapter(pages.guide(at), **more),
        "PartnerPage": lambda at, **more: pages.partner(at, **more),
        "PartnerBranchPage": lambda at, **more: pages.branch(at, **more),
        "ResourcePage": lambda at, **more: pages.resource(at, **more),
        "StandardPage": lambda at, **more: pages.standard(at, **more),
    }
    assert set(due) == {model.__name__ for model in checked_page_types()}
    for name, make in due.items():
        page = make(home, title=f"À revoir {name}", next_check_on=yesterday)
        make(other, title=f"Ailleurs {name}", next_check_on=yesterday)
        make(home, title=f"Plus tard {name}", next_check_on=timezone.localdate())
        column = first_screen(signed_in("referent_a")).select_one(".mara-todo__columns > div")
        [line] = [row for row in column.select("li") if "à revérifier" in row.text]
        assert f"À revoir {name}" in line.text
        assert line.a["href"] == reverse("wagtailadmin_pages:edit", args=[page.pk])
        page.unpublish()


def test_first_screen__the_longest_overdue__comes_first_whatever_its_type(world, signed_in):
    home, today = world.home(world.a), timezone.localdate()
    pages.contact(home, "Il y a deux jours", next_check_on=today - dt.timedelta(days=2))
    pages.standard(home, "Il y a neuf jours", next_check_on=today - dt.timedelta(days=9))
    text = first_screen(signed_in("referent_a")).text
    assert text.index("Il y a neuf jours") < text.index("Il y a deux jours")


def test_first_screen__answers_in_draft__lead_to_their_screen_and_an_empty_guide_is_not_named(world, signed_in):
    national = frames.frame(world.national, "Se loger en région", guide=pages.guide(world.national, "Le logement"))
    services.save_answers(
        national=national,
        home=world.home(world.a),
        given=frames.given({"s1": "Notre mot."}),
        user=world.people["referent_a"],
    )
    page = type(national).objects.get(completes=national.translation_key)
    rows = first_screen(signed_in("referent_a")).select_one(".mara-todo__columns > div").select("li")
    drafts = [row for row in rows if "brouillon" in row.text]
    assert [row.a["href"] for row in drafts] == [reverse("frame_of_page", args=[page.pk])]


def test_first_screen__a_page_that_every_groupement_must_have__is_to_write_until_it_is(world, signed_in):
    project = pages.standard(world.national, "Notre projet", body=frames.STORY, must_be_completed=True)
    frames.frame(world.national, "Se loger en région")
    frames.published(project)
    to_write = first_screen(signed_in("referent_a")).select(".mara-todo__columns > div")[-1]
    address = reverse("frame_answers", args=[world.a.pk, project.translation_key])
    assert [link.text for link in to_write.select(f'a[href="{address}"]')] == ["Notre projet"]
    assert "Se loger en région" not in to_write.text
    assert to_write.select('a[href*="/partnerbranchpage/"]')
    frames.complement(world.home(world.a), project, frames.given({"s1": "a"}))
    assert not first_screen(signed_in("referent_a")).select(f'a[href="{address}"]')


def test_first_screen__more_than_it_shows__says_that_others_wait(world, signed_in):
    home, yesterday = world.home(world.a), timezone.localdate() - dt.timedelta(days=1)
    for number in range(panels.MAX_ROWS):
        pages.contact(home, f"Contact {number}", next_check_on=yesterday)
    column = ".mara-todo__columns > div"
    said = first_screen(signed_in("referent_a")).select_one(column)
    assert len(said.select("li")) == panels.MAX_ROWS
    assert "D’autres attendent" not in said.text
    pages.contact(home, "Un de plus", next_check_on=yesterday)
    said = first_screen(signed_in("referent_a")).select_one(column)
    assert len(said.select("li")) == panels.MAX_ROWS
    assert "D’autres attendent" in said.text
