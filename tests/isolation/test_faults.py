"""The matrix notices: each wall is taken away in turn, and the walk must find a fault.

``walls.found`` names what scopes in the source; each is here, in ``test_faults_doors`` or among the checks of the
guard: a new one fails ``test_faults_doors`` until it is. ``test_matrix`` tells that nothing shows while they stand.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import pytest
from django.test import Client
from wagtail.admin.views.page_privacy import SetPrivacyView
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.models import Page

from regions.admin.guard import registry
from regions.admin.page_forms import GuardedPageForm
from regions.admin.scoped.filters import ScopedFilters
from regions.models import Groupement
from regions.places import Place
from tests.isolation import guard_checks, walls
from tests.isolation.matrix.bodies import Forms
from tests.isolation.matrix.browser import browser_of
from tests.isolation.matrix.routes import all_routes
from tests.isolation.matrix.walk import Walk

# One worker runs them all: the ground is long to lay.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("walls")]

GUARD = "regions.admin.guard.registry.Rule.opens"


@dataclass(frozen=True)
class Wall:
    """How the walk finds that a wall is gone.

    Attributes:
        routes: the addresses that are walked without it.
        without: what is put in its place; nothing: what it would answer to the national administrator.
        before: walls that stand before it: they are taken away first, and nothing shows yet.
    """

    routes: tuple[str, ...]
    role: str = "referent_a"
    without: object = None
    before: dict[str, object] = field(default_factory=dict)


def _always(*args, **kwargs) -> bool:
    return True


def _all(self, *args):
    return self.all()


def _first_filters(self, *args, **kwargs) -> None:
    super(ScopedFilters, self).__init__(*args, **kwargs)


NO_GUARD = {GUARD: _always}
REACH, RECORDS, SCOPED = "regions.reach.Reach", "regions.admin.records", "regions.admin.scoped"
WALLS = {
    GUARD: Wall(
        ("wagtailadmin_pages:move_confirm", "wagtail_bulk_action", "wagtailimages_chooser:chosen"), without=_always
    ),
    "regions.reach.reach_of": Wall(("frames_of",)),
    f"{REACH}.paths": Wall(("frames_of",), without=property(lambda self: _every_home())),
    f"{REACH}.pages": Wall(("wagtailadmin_pages:workflow_preview",)),
    f"{REACH}.to_review": Wall(("wagtailadmin_pages:edit",), without=property(lambda self: Page.objects.all())),
    f"{REACH}.ancestor_paths": Wall(
        ("wagtailadmin_explore",), without=property(lambda self: tuple(Page.objects.values_list("path", flat=True)))
    ),
    f"{REACH}.is_above": Wall(("wagtailadmin_explore",), without=lambda self, path: True),
    f"{REACH}.holds_path": Wall(("wagtailadmin_pages:edit",)),
    f"{REACH}.holds_nation": Wall(("label_rules",)),
    f"{REACH}.restricted_paths": Wall(("wagtailadmin_choose_page_search",), without=()),
    f"{REACH}.linkable": Wall(("wagtailadmin_choose_page_chosen_multiple",)),
    f"{REACH}.browsable": Wall(
        ("wagtailadmin_choose_page_search",), without=property(lambda self: Page.objects.all())
    ),
    f"{REACH}.groupement_ids": Wall(("frames_of",), without=property(lambda self: _every_groupement())),
    f"{REACH}.answered_groupement_ids": Wall(("callbackrequest:index",)),
    f"{REACH}.groups": Wall(("wagtailadmin_pages:set_privacy",)),
    f"{REACH}.people": Wall(("wagtailadmin_pages:type_use",)),
    f"{REACH}.workflows": Wall(("wagtailadmin_pages:workflow_preview",)),
    f"{REACH}.tasks": Wall(("wagtailadmin_pages:workflow_preview",)),
    f"{REACH}.images": Wall(("wagtailimages:edit",)),
    f"{REACH}.documents": Wall(("wagtaildocs:edit",)),
    "regions.scope.held_homes": Wall(("wagtailadmin_home",)),
    "regions.scope.main_homes": Wall(("wagtailadmin_home",)),
    "regions.scope.managed_groupements": Wall(("groupement_coordinates",)),
    "regions.reviews.pages_to_review": Wall(("wagtailadmin_pages:edit",), without=lambda user: Page.objects.all()),
    "regions.delegation.team_groupements": Wall(("team",)),
    "regions.models.people.MandateQuerySet.held_at": Wall(("team", "handover"), without=_all),
    "regions.models.invitations.InvitationQuerySet.held_at": Wall(("team", "handover"), without=_all),
    "regions.wagtail_hooks.narrow_page_chooser": Wall(
        ("wagtailadmin_choose_page_search",), without=lambda pages, request: pages
    ),
    "regions.models.records.RecordQuerySet.for_user": Wall(("registration:index", "samplerecord:edit")),
    "exchanges.models.CallbackQuerySet.for_user": Wall(("callbackrequest:index",)),
    "exchanges.checking.models.CheckRoundQuerySet.for_user": Wall(("checkround:inspect",)),
    "exchanges.corrections.models.CorrectionQuerySet.for_user": Wall(("correction:inspect",)),
    "exchanges.registrations.overview.dates": Wall(("registration:dates",)),
    "exchanges.registrations.screens.rows_of": Wall(("registration:write",)),
    "resources.contacts.importing.models.ContactImportQuerySet.for_user": Wall(("contact_import",)),
    "search.models.QueryCountQuerySet.for_user": Wall(("search_report",)),
    f"{RECORDS}.RecordPolicy.user_has_permission": Wall(
        ("callbackrequest:index",), role="contributor_a", without=lambda self, user, action: True
    ),
    f"{RECORDS}.ScopedRecordMixin.get_base_queryset": Wall(
        ("callbackrequest:index",), without=lambda self: self.model._default_manager.all()
    ),
    f"{SCOPED}.filters.narrowed": Wall(("wagtailadmin_pages:type_use",)),
    f"{SCOPED}.filters.ScopedFilters.__init__": Wall(("wagtailadmin_pages:type_use",), without=_first_filters),
    f"{SCOPED}.media.ScopedImagesAdminAPIViewSet.get_queryset": Wall(
        ("wagtailadmin_api:images:listing",), without=ImagesAdminAPIViewSet.get_queryset
    ),
    f"{SCOPED}.media.ScopedDocumentsAdminAPIViewSet.get_queryset": Wall(
        ("wagtailadmin_api:documents:listing",), without=DocumentsAdminAPIViewSet.get_queryset
    ),
    f"{SCOPED}.pages.ScopedSetPrivacyView.get_form": Wall(
        ("wagtailadmin_pages:set_privacy",), without=SetPrivacyView.get_form
    ),
    "resources.contacts.importing.views.sections_of": Wall(("contact_import_section",)),
    "resources.events.importing.views.sections_of": Wall(("event_import_section",)),
    "resources.events.admin.reading.calendars_of": Wall(("calendar_dates",)),
    "resources.events.admin.reading.events_of": Wall(("event_dates",)),
    "resources.frames.admin.views.groupements_of": Wall(("frames_of",)),
    "dashboards.piloting.piloted_groupements": Wall(("dashboard",)),
    "dashboards.piloting.pilots_the_nation": Wall(("label_rules",), role="zone_a", before=NO_GUARD),
}


def _every_home() -> tuple[str, ...]:
    return tuple(Page.objects.filter(depth=3).values_list("path", flat=True))


def _every_groupement() -> frozenset[int]:
    return frozenset(Groupement.objects.values_list("pk", flat=True))


@pytest.fixture(scope="module")
def faults(ground):
    """What the walk of some addresses finds; it ends with the first of them that has a fault."""
    world, estates = ground
    forms, walks = Forms(browser_of(world, "admin")), {}

    def found(names, role: str = "referent_a") -> list[str]:
        routes = [route for route in all_routes() if route.name in names]
        assert {route.name for route in routes} == set(names)
        if role not in walks:
            walks[role] = Walk(role, browser_of(world, role), forms, estates, full=False)
        report = walks[role].report
        report.faults.clear()
        return next((report.faults for route in routes if walks[role].run((route,)).faults), [])

    return found


@pytest.mark.parametrize("name", WALLS)
def test_matrix__a_wall_is_taken_away__finds_the_leak(ground, faults, monkeypatch, name):
    wall = WALLS[name]
    if wall.before:
        for other, without in wall.before.items():
            walls.take_away(monkeypatch, other, without)
        assert faults(wall.routes, wall.role) == [], "the wall behind holds"
    without = walls.as_of(name, ground[0].people["admin"]) if wall.without is None else wall.without
    walls.take_away(monkeypatch, name, without)
    assert faults(wall.routes, wall.role), f"nobody notices that {name} is gone"


@pytest.mark.parametrize("name", sorted({*guard_checks.found()} - {*guard_checks.BEHIND}))
def test_guard__a_check_is_taken_away__finds_what_opens(faults, monkeypatch, name):
    opened = guard_checks.without(guard_checks.found()[name])
    monkeypatch.setattr(registry, "_RULES", registry._RULES | opened)
    assert faults({route.name for route in all_routes()} & {*opened}), f"nobody notices that {name} is gone"


def test_guard__a_national_list_without_its_condition__opens(faults, monkeypatch):
    rule = dataclasses.replace(registry._RULES["theme:index"], nation=False)
    monkeypatch.setattr(registry, "_RULES", registry._RULES | {"theme:index": rule})
    assert faults({"theme:index"})


def test_guard__checks_that_stand_before_a_wall__exist():
    assert {*guard_checks.BEHIND} <= {*guard_checks.found()}
    assert {wall for wall in guard_checks.BEHIND.values() if " " not in wall} <= {*WALLS}


def test_matrix__forms_take_anything__finds_the_reference(ground, monkeypatch):
    from tests.isolation.test_references import form_data

    world, estates = ground
    own, stolen = estates["a"].pages["moderated"], estates["b"].ids["closed_image"]
    path = f"/admin/pages/{own.pk}/edit/"
    body = form_data(own, image=str(stolen))
    assert browser_of(world, "referent_a").post(path, body).status_code == 200
    monkeypatch.setattr(GuardedPageForm, "_refuse", lambda *args: False)
    assert browser_of(world, "referent_a").post(path, body).status_code == 302


def test_public_side__restrictions_are_forgotten__shows_the_reserved_chapter(ground, monkeypatch):
    world, estates = ground
    guide = estates["a"].pages["reworked"]
    path = guide.get_url_parts()[2]
    client = Client(headers={"host": world.host(world.a)})
    assert b"zqaschapter" not in client.get(path).content
    walls.forget_texts(monkeypatch)
    monkeypatch.setattr(Place, "restricted_paths", property(lambda self: ()))
    assert b"zqaschapter" in client.get(path).content
