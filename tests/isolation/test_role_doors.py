"""Who gets through which door: each role, before its own subsite, the nation's and another groupement's.

Somebody who does not get through is sent to sign in, refused or told that there is nothing; which of them, the leak
matrix holds, address by address.
"""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import english
from tests.isolation.doors import DRAFT, Visitor, news_with_draft

COLUMNS = ("explore", "edit", "add", "history", "preview", "publish", "unpublish", "delete")
ALL = (True,) * len(COLUMNS)
NOTHING = (False,) * len(COLUMNS)
# A contributor writes pages and submits them; somebody else's page is read in the tree only.
WRITES = (True, False, True, False, False, False, False, False)

# Person, and what they get through in: Finistère, the nation, Lot-et-Garonne (another zone).
TRUTH = {
    "referent_a": (ALL, NOTHING, NOTHING),
    "contributor_a": (WRITES, NOTHING, NOTHING),
    "zone_a": (ALL, NOTHING, NOTHING),
    "editor": (NOTHING, ALL, NOTHING),
    "admin": (ALL, ALL, ALL),
    "member": (NOTHING, NOTHING, NOTHING),
    "anonymous": (NOTHING, NOTHING, NOTHING),
    "referent_b": (NOTHING, NOTHING, ALL),
}
PLACES = ("own", "nation", "other")


def client_of(world, name: str) -> Client:
    client = Client(headers={"host": world.national_host})
    if name != "anonymous":
        client.force_login(world.people[name])
    return client


@pytest.mark.parametrize("name", TRUTH)
def test_doors_of_a_page__each_role__open_as_the_table_says(world, name):
    homes = dict(zip(PLACES, (world.home(world.a), world.national, world.home(world.b)), strict=True))
    wrong = []
    for place, expected in zip(PLACES, TRUTH[name], strict=True):
        visitor = Visitor(client_of(world, name), news_with_draft(homes[place]))
        got = tuple(getattr(visitor, column)() for column in COLUMNS)
        wrong += [
            f"{name} × {column} × {place}: {'let through' if opened else 'kept out'}"
            for column, opened, wanted in zip(COLUMNS, got, expected, strict=True)
            if opened != wanted
        ]
        if expected == NOTHING and any(f"{DRAFT} {homes[place].slug}" in body for body in visitor.seen):
            wrong.append(f"{name} × {place}: was shown the title of a draft")
    assert wrong == []


FOREIGN_SCREENS = (
    "wagtailadmin_explore",
    "wagtailadmin_pages:edit",
    "wagtailadmin_pages:add_subpage",
    "wagtailadmin_pages:view_draft",
    "wagtailadmin_pages:unpublish",
    "wagtailadmin_pages:delete",
    "wagtailadmin_pages:copy",
    "wagtailadmin_pages:move",
    "wagtailadmin_pages:set_privacy",
    "wagtailadmin_pages:history",
    "wagtailadmin_pages:usage",
    "wagtailadmin_pages:workflow_history",
    "wagtailadmin_pages:convert_alias",
    "wagtailadmin_pages:preview_on_edit",
)


@pytest.mark.parametrize("name", ["referent_a", "contributor_a", "zone_a", "editor", "member", "anonymous"])
def test_screens_of_another_page__opened_by_address__show_nothing_of_it(world, name):
    page = news_with_draft(world.home(world.b))
    visitor = Visitor(client_of(world, name), page)
    shown = [screen for screen in FOREIGN_SCREENS if visitor.shows(screen, page.pk)]
    revision = page.latest_revision
    for screen, arguments in (
        ("wagtailadmin_pages:revisions_view", (page.pk, revision.pk)),
        ("wagtailadmin_pages:revisions_revert", (page.pk, revision.pk)),
        ("wagtailadmin_pages:revisions_compare", (page.pk, "earliest", "latest")),
        ("wagtailadmin_pages:move_confirm", (page.pk, world.home(world.a).pk)),
        ("wagtailadmin_pages:workflow_preview", (page.pk, 1)),
    ):
        if visitor.shows(screen, *arguments):
            shown.append(screen)
    leaks = [body[:80] for body in visitor.seen if DRAFT in body]
    assert (shown, leaks) == ([], [])


@pytest.mark.parametrize("name", ["referent_a", "editor"])
def test_explorer__of_who_holds_two_languages__stays_in_their_own_trees(world, name):
    english.national(world.national)
    english.groupement(world.a)
    pages_of_b = [news_with_draft(world.home(world.b)), world.home(world.b)]
    visitor = Visitor(client_of(world, name), pages_of_b[0])
    for page in pages_of_b:
        assert not visitor.shows("wagtailadmin_explore", page.get_parent().pk if page == pages_of_b[0] else page.pk)
    visitor.ask("wagtailadmin_explore_root")
    visitor.ask("wagtailadmin_pages:search", query={"q": "Zqbrouillon"})
    own = english.locale().pk
    home = (world.national if name == "editor" else world.home(world.a)).get_translation(own)
    assert visitor.shows("wagtailadmin_explore", home.pk)
    assert not [body for body in visitor.seen if f"{DRAFT} {world.b.code}" in body]


@pytest.mark.parametrize("name", ["referent_a", "contributor_a", "zone_a", "editor", "member", "anonymous"])
def test_page_of_another__moved_copied_or_restored__stays_as_it_was(world, name):
    page = news_with_draft(world.home(world.b))
    section = page.get_parent()
    own_section = world.home(world.a).get_children().get(slug=section.slug)
    visitor = Visitor(client_of(world, name), page)
    visitor.ask("wagtailadmin_pages:move_confirm", page.pk, own_section.pk, data={})
    visitor.ask(
        "wagtailadmin_pages:copy",
        page.pk,
        data={"new_title": "Copie", "new_slug": "copie", "new_parent_page": own_section.pk},
    )
    visitor.ask("wagtailadmin_pages:lock", page.pk, data={})
    visitor.ask("wagtailadmin_pages:set_privacy", page.pk, data={"restriction_type": "groups"})
    page.refresh_from_db()
    assert page.get_parent().pk == section.pk
    assert not page.locked
    assert not page.get_view_restrictions().exists()
    assert not type(page).objects.filter(slug="copie").exists()
    assert page.latest_revision_id == page.revisions.order_by("pk").last().pk
    assert page.revisions.count() == 2
