"""Walls that the matrix's walk does not lean on: each is taken away, and one door shows or does what it must not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from wagtail.admin.views.chooser import BrowseView
from wagtail.admin.views.page_privacy import SetPrivacyView
from wagtail.models import Page, Site

from core.forms import BasePageForm
from exchanges.corrections.models import Correction
from regions.admin.records import ScopedFormMixin
from regions.models import Groupement
from resources.team_calendar.models import digest_of
from search.reports import Readable
from tests.factories import pages
from tests.isolation import guard_checks, leaks, walls
from tests.isolation.test_faults import GUARD, WALLS

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Door:
    """What is seen when a wall is gone.

    Attributes:
        leaks: whether what the wall keeps came through; asked with it, then without it.
        without: what is put in its place; nothing: what it would answer to the national administrator.
        guarded: the guard stands before it, and is taken away first.
    """

    leaks: Callable
    without: object = None
    guarded: bool = False


def _first_form(self, form_class=None):
    return super(ScopedFormMixin, self).get_form(form_class)


SCOPED, VISIBLE = "regions.admin.scoped", "regions.visibility"
DOORS = {
    "dashboards.models.OfGroupementsQuerySet.for_user": Door(leaks.labels),
    "dashboards.suggestions.of": Door(leaks.suggestions, lambda user, groupements: Correction.objects.all()),
    "search.reports.readable_by": Door(
        leaks.reads("referent_a", "search_report"),
        lambda user: Readable(Groupement.objects.all(), nation=True),
    ),
    "exchanges.registrations.overview.events_without_anybody": Door(leaks.open_events),
    "exchanges.checking.links.opened_by": Door(leaks.link_opens_elsewhere, leaks.any_link),
    "resources.team_calendar.models.TeamCalendarKeyQuerySet.opened_by": Door(
        leaks.opens_after_the_mandate, lambda self, token: self.get(digest=digest_of(token))
    ),
    "resources.team_calendar.models.TeamCalendarKeyQuerySet.for_user": Door(
        leaks.sees_a_key, lambda self, user: self.all()
    ),
    "regions.admin.notices.may_open": Door(leaks.is_written_to, lambda person, page: True),
    "regions.admin.page_forms.GuardedPageForm.is_valid": Door(leaks.points_elsewhere, BasePageForm.is_valid),
    "regions.admin.references.is_within": Door(leaks.points_elsewhere, lambda reach, reference: True),
    "regions.admin.records.ScopedFormMixin.get_form": Door(
        leaks.reads("zone_a", "samplerecord:add"),
        lambda self, form_class=None: super(ScopedFormMixin, self).get_form(form_class),
    ),
    "regions.reach.Reach.sites": Door(
        leaks.reads("referent_a", "wagtailadmin_explore", lambda world: world.home(world.a).pk),
        property(lambda self: Site.objects.all()),
    ),
    f"{SCOPED}.chooser.ScopedBrowseView.get": Door(leaks.starts_above, BrowseView.get),
    f"{SCOPED}.pages.starting_page": Door(leaks.starts_above, lambda reach: Page.objects.get(depth=2)),
    f"{SCOPED}.pages.ScopedExplorableIndexView.get": Door(leaks.explores_from_the_root, leaks.explore),
    f"{SCOPED}.pages.ScopedSetPrivacyView.form_valid": Door(leaks.groups_are_lost, SetPrivacyView.form_valid),
    "regions.wagtail_hooks.explore_ones_own": Door(
        leaks.explores_another, lambda parent_page, pages, request: pages, guarded=True
    ),
    "regions.models.records.RecordQuerySet.held_at": Door(leaks.exported, lambda self, groupement: self),
    "regions.delegation.team_zones": Door(leaks.opens_team("zone", lambda world: world.zone_a)),
    "regions.delegation.givable_roles": Door(leaks.gives_more),
    "regions.delegation.can_give": Door(leaks.still_gives, lambda user, role, place: True),
    f"{VISIBLE}.visible": Door(
        leaks.public("/agenda/", lambda world: pages.event(world.home(world.b), "Zqailleurs")), leaks.anything
    ),
    f"{VISIBLE}.own": Door(leaks.counts_others, leaks.anything),
    f"{VISIBLE}.reserved_below": Door(leaks.restricted_chapter, lambda parent, place: ()),
    f"{VISIBLE}.restricted_paths": Door(leaks.restricted_chapter, lambda place: ()),
}
# Named as walls are, and no wall by themselves.
NONE = {
    "regions.admin.records.RecordPolicy._rows": "asks for_user, which is a wall",
    "regions.admin.records.RecordViewSet.guard_rules": "makes checks of the guard",
    "regions.delegation.level_of": "says of what level a place is",
    "regions.scope.only_home": "asks main_homes, which is a wall",
    "regions.delegation.roles_at": "says which roles there are",
    **{
        f"{VISIBLE}.{name}": "among pages that were narrowed already, says whose they are, or in which order"
        for name in ("nearest_first", "present", "present_one", "origin_of", "owners", "owner_of")
    },
    **{
        f"{VISIBLE}.{name}": "asks `visible` or `restricted_paths`, which are walls"
        for name in ("standing", "complement_of", "base_of")
    },
    **{
        f"{VISIBLE}.{name}": "compares addresses with those of the nation, which are public"
        for name in ("national_namesake", "takes_national_address")
    },
    f"{VISIBLE}.complements": "asks for complement_of, which gives nothing of it that is reserved",
}


@pytest.mark.parametrize("name", DOORS)
def test_door__a_wall_is_taken_away__lets_through(world, monkeypatch, name):
    door = DOORS[name]
    if door.guarded:
        walls.take_away(monkeypatch, GUARD, lambda *given: True)
    assert not door.leaks(world), "it keeps"
    without = door.without or walls.as_of(name, world.people["admin"])
    walls.take_away(monkeypatch, name, without)
    assert door.leaks(world), f"nobody notices that {name} is gone"


def test_walls__every_one_of_the_source__is_taken_away_somewhere():
    checks = {name.partition("(")[0] for name in guard_checks.found()}
    checks |= {f"regions.admin.guard.checks.{name.partition('(')[2].rstrip(')')}" for name in guard_checks.found()}
    known = {*WALLS, *DOORS, *NONE} - {GUARD}
    assert sorted(walls.found() - known - checks) == [], "say how it is seen that they are gone"
    assert sorted(known - walls.found()) == [], "they are no more"
    assert len(walls.found()) > 90
