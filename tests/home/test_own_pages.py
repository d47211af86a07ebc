"""“Le groupement” on a groupement's home: the pages that every groupement has, once it has written something there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from regions.places import relative_path
from tests import html
from tests.factories import frames, pages
from tests.helpers import assert_flat_queries

PROJECT = "Le projet du groupement"


@pytest.fixture
def project(world):
    """A national page that every groupement has to complete."""
    return must_have(world, PROJECT, [frames.text("t1"), frames.slot("s1"), frames.slot("s2", required=False)])


def must_have(world, title: str, body: list[dict]):
    return frames.published(pages.standard(world.national, title, body=body, must_be_completed=True))


def shown(visit, world, groupement) -> list[tuple[str, str]]:
    """Title and address of each page under “Le groupement”."""
    links = html.parse(visit(world.host(groupement))).select("[aria-labelledby=le-groupement] .card__title a")
    return [(link.get_text(strip=True), link["href"]) for link in links]


def test_home__the_groupement_answered__leads_to_the_page_and_its_neighbour_s_does_not(world, visit, project):
    frames.complement(world.home(world.a), project, frames.given({"s1": "Notre projet breton."}))
    address = f"/{relative_path(project)}"
    assert shown(visit, world, world.a) == [(PROJECT, address)]
    assert shown(visit, world, world.b) == []
    page = html.visible_text(html.parse(visit(world.host(world.a), address)))
    assert "Notre projet breton." in page
    assert "projet breton" not in html.visible_text(html.parse(visit(world.host(world.b))))


@pytest.mark.parametrize(
    ("answers", "live"),
    [
        (frames.given({"s1": "Un brouillon."}), False),
        (frames.given({"s1": "Plus demandé."}, left_out={"s1": "Sans objet."}), True),
        (frames.given({"s1": "Écrit."}, left_out={"page": "Nous fermons."}), True),
        (frames.given({"ancien": "Une réponse dont l’emplacement n’est plus."}), True),
    ],
    ids=["a draft", "left out", "not concerned", "a slot that is gone"],
)
def test_home__nothing_that_visitors_read__is_not_shown(world, visit, project, answers, live):
    frames.complement(world.home(world.a), project, answers, live=live)
    assert shown(visit, world, world.a) == []


def test_home__slots_that_fill_themselves__are_shown_with_what_the_groupement_publishes(world, visit):
    must_have(world, "Nos permanences", [frames.slot("s1", kind="events")])
    assert shown(visit, world, world.a) == []
    pages.event(world.home(world.a), "Permanence de Brest")
    assert [title for title, _address in shown(visit, world, world.a)] == ["Nos permanences"]
    assert shown(visit, world, world.b) == []


def test_home__page_withdrawn_reserved_or_not_for_each__is_not_shown(world, visit, project):
    frames.complement(world.home(world.a), project, frames.given({"s1": "Écrit."}))
    restriction = PageViewRestriction.objects.create(page=project, restriction_type="login")
    assert shown(visit, world, world.a) == []
    restriction.delete()
    assert shown(visit, world, world.a)
    frames.rewrite(project, frames.STORY, must_be_completed=False)
    assert shown(visit, world, world.a) == []
    project.refresh_from_db()
    project.must_be_completed = True
    frames.published(project).unpublish()
    assert shown(visit, world, world.a) == []


def test_home__a_page_of_the_groupement_s_own_at_that_address__is_read_in_the_nation_s_and_led_to(
    world, visit, project
):
    body = [frames.text("x", "Notre projet à nous.")]
    pages.standard(world.home(world.a), "Notre projet", slug=project.slug, body=body)
    assert shown(visit, world, world.a) == [(PROJECT, f"/{project.slug}/")]
    assert "Notre projet à nous." in html.visible_text(html.parse(visit(world.host(world.a), f"/{project.slug}/")))
    assert shown(visit, world, world.b) == []


def test_home__one_page_or_ten__costs_the_same(world, project):
    home, host = world.home(world.a), world.host(world.a)

    def write(number: int) -> None:
        page = must_have(world, f"Page {number}", frames.STORY)
        frames.complement(home, page, frames.given({"s1": "Écrit."}))

    frames.complement(home, project, frames.given({"s1": "Écrit."}))
    assert_flat_queries(lambda: Client().get("/", headers={"host": host}), lambda: [write(n) for n in range(9)])


def test_page__a_frame__says_whose_the_national_text_is_and_when_it_was_checked(world, visit, project):
    frames.rewrite(project, frames.STORY, owner_name="Paul Durand", checked_on=dt.date(2026, 10, 5))
    plain = pages.standard(world.national, "Mentions", owner_name="Paul Durand", checked_on=dt.date(2026, 10, 5))
    for host in (world.host(world.a), world.national_host):
        said = html.parse(visit(host, f"/{relative_path(project)}")).select_one(".page-head .meta")
        words = said.get_text(" ", strip=True)
        for part in ("National", "vérifié le 5 octobre 2026", "Paul Durand"):
            assert part in words
        assert not html.parse(visit(host, f"/{relative_path(plain)}")).select(".page-head .meta")


def test_network_page__leads_to_the_nation_s_text_and_through_it_to_each_groupement_s(world, visit, project):
    frames.complement(world.home(world.a), project, frames.given({"s1": "Notre projet breton."}))
    pages.standard(world.national, "Mentions légales")
    links = html.parse(visit(world.national_host, "/groupements/")).select("[aria-labelledby=de-chacun] a")
    assert [(link.get_text(strip=True), link["href"]) for link in links] == [(PROJECT, f"/{relative_path(project)}")]
    page = html.parse(visit(world.national_host, links[0]["href"]))
    assert "Notre projet breton." in page.select_one("[aria-labelledby=dans-les-groupements]").text
    PageViewRestriction.objects.create(page=project, restriction_type="login")
    assert not html.parse(visit(world.national_host, "/groupements/")).select("[aria-labelledby=de-chacun]")
