"""“État du réseau” and the administrator's first screen in a large network: one finds, and does not list all."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from regions.admin import network_state
from regions.models import Groupement, Mandate
from tests.factories import world as world_module
from tests.factories.network import multiply_groupements
from tests.helpers import count_queries, page_html
from tests.html import parse

MANY = 120


def names(client, query: str = "") -> list[str]:
    """The groupements listed."""
    found = parse(client.get(f"{reverse('network_state')}{query}"))
    return [cell.a.text for cell in found.select("tbody th")]


def of(client, state: str) -> set[str]:
    return set(names(client, f"?state={state}"))


def test_network_state__many_groupements__are_fifty_on_a_page_and_all_counted(world, signed_in):
    multiply_groupements(world, MANY)
    client = signed_in("admin")
    pages = [names(client, f"?page={number}") for number in (1, 2, 3)]
    assert [len(rows) for rows in pages] == [50, 50, MANY - 100]
    assert len({name for rows in pages for name in rows}) == MANY
    page = page_html(client.get(reverse("network_state")))
    assert f"{MANY} groupements" in page
    assert "Page 1 sur 3" in page
    assert names(client, "?page=rien&zone=nulle-part&state=faux") == pages[0]


@pytest.mark.parametrize("words", ["Finistère", "finistere", "FINIST"])
def test_network_state__a_name__finds_the_groupement(world, signed_in, words):
    assert names(signed_in("admin"), f"?q={words}") == ["Finistère"]


def test_network_state__a_zone__lists_its_groupements(world, signed_in):
    assert names(signed_in("admin"), f"?zone={world.zone_a.code}") == ["Finistère", "Morbihan"]


def test_network_state__nothing_found__is_said_and_all_is_one_click_away(world, signed_in):
    page = page_html(signed_in("admin").get(f"{reverse('network_state')}?q=introuvable"))
    assert "Aucun groupement ne correspond." in page
    assert "Tout voir" in page


def test_network_state__each_filter__keeps_the_rows_that_the_list_marks(world, signed_in):
    client, today = signed_in("admin"), timezone.localdate()
    Mandate.objects.filter(person=world.people["referent_a"]).update(ends_on=today + dt.timedelta(days=20))
    Mandate.objects.filter(person=world.people["referent_b"]).update(ends_on=today + dt.timedelta(days=200))
    Page.objects.filter(path__startswith=world.home(world.a).path).update(latest_revision_created_at=timezone.now())
    old = timezone.now() - dt.timedelta(days=network_state.QUIET_DAYS + 1)
    Page.objects.filter(path__startswith=world.home(world.b).path).update(latest_revision_created_at=old)
    rows = network_state.state_rows(list(Groupement.objects.prefetch_related("roots")))
    marked = {
        state: {row["groupement"].name for row in rows if row[mark]}
        for state, mark in (("vacant", "is_vacant"), ("ending", "ends_soon"), ("quiet", "is_quiet"))
    }
    assert marked["ending"] == {"Finistère"}
    assert "Finistère" not in marked["quiet"]
    assert world.b.name in marked["quiet"]
    for state, expected in marked.items():
        assert of(client, state) == expected, state


@pytest.mark.parametrize("query", ["", "?state=vacant", "?state=quiet", "?state=ending", "?q=groupement"])
def test_network_state__twice_as_many_groupements__costs_the_same(world, signed_in, query):
    client, address = signed_in("admin"), f"{reverse('network_state')}{query}"
    multiply_groupements(world, 60)
    client.get(address)
    full = count_queries(lambda: page_html(client.get(address)))
    multiply_groupements(world_module.load(), MANY)
    assert count_queries(lambda: page_html(client.get(address))) == full


def test_first_screen__of_many_sites__leads_to_them_and_lists_none(world, signed_in):
    client, network = signed_in("admin"), world.national.get_parent()
    few = page_html(client.get(reverse("wagtailadmin_home")))
    assert "1 autre site" in few
    multiply_groupements(world, 60)
    many = count_queries(lambda: client.get(reverse("wagtailadmin_home")))
    multiply_groupements(world_module.load(), MANY)
    assert count_queries(lambda: client.get(reverse("wagtailadmin_home"))) == many
    panel = parse(client.get(reverse("wagtailadmin_home"))).select_one(".mara-todo")
    assert "autres sites" not in panel.text
    links = [link["href"] for link in panel.select(".mara-todo__others a")]
    assert links == [reverse("wagtailadmin_explore", args=[network.pk]), reverse("network_state")]
    assert panel.text.count("Groupement-") <= 2


def test_teams__of_many_groupements__are_found_by_name_and_read_by_fifty(world, signed_in):
    client, address = signed_in("admin"), reverse("team_index")
    assert "team-name" not in page_html(client.get(address)), "few: nothing to look for"
    multiply_groupements(world, 60)
    client.get(address)
    full = count_queries(lambda: page_html(client.get(address)))
    multiply_groupements(world_module.load(), MANY)
    assert count_queries(lambda: page_html(client.get(address))) == full
    assert len(parse(client.get(address)).select("[aria-labelledby=groupements] li")) == 50
    found = page_html(client.get(f"{address}?q=finistere"))
    assert "Finistère" in found
    assert "Lot-et-Garonne" not in found
    assert "Aucun groupement ne correspond." in page_html(client.get(f"{address}?q=introuvable"))
    assert page_html(client.get(f"{address}?q=%00&page=rien"))


def test_groupements__of_a_full_page__cost_no_query_each(world, signed_in):
    client, address = signed_in("admin"), reverse("groupement:index")
    client.get(address)
    few = count_queries(lambda: page_html(client.get(address)))
    multiply_groupements(world, 15)
    assert count_queries(lambda: page_html(client.get(address))) == few
