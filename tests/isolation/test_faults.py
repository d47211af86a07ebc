"""The matrix notices: each wall is taken away in turn, and the walk must find a fault."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.admin.views.page_privacy import SetPrivacyView
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.models import Page

from core.models import Document, Image
from regions.admin import team
from regions.admin.guard.middleware import AdminGuardMiddleware
from regions.admin.page_forms import GuardedPageForm
from regions.admin.scoped import filters, media, pages
from regions.models import Groupement
from regions.models.records import RecordQuerySet
from regions.places import Place
from regions.reach import Reach
from tests.isolation.matrix.bodies import Forms
from tests.isolation.matrix.browser import browser_of
from tests.isolation.matrix.routes import all_routes
from tests.isolation.matrix.walk import Walk
from users.models import User

# One worker runs them all: the ground is long to lay.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("walls")]


def everything(self):
    return Page.objects.all()


# What is taken away, and the addresses that are walked without it.
WALLS = {
    "the guard": (
        (AdminGuardMiddleware, "process_view", lambda *args: None),
        ("wagtailadmin_pages:move_confirm", "wagtail_bulk_action", "wagtailadmin_choose_page_chosen_multiple"),
    ),
    "the guard, for files": (
        (AdminGuardMiddleware, "process_view", lambda *args: None),
        ("wagtaildocs:edit", "wagtailimages_chooser:chosen", "wagtailadmin_api:images:detail"),
    ),
    "the filters": (
        (filters, "narrowed", lambda rows, reach: rows),
        ("wagtailadmin_pages:type_use", "wagtailadmin_explore"),
    ),
    "the page chooser": ((Reach, "browsable", property(everything)), ("wagtailadmin_choose_page_search",)),
    "the images of the API": (
        (media.ScopedImagesAdminAPIViewSet, "get_queryset", ImagesAdminAPIViewSet.get_queryset),
        ("wagtailadmin_api:images:listing",),
    ),
    "the documents of the API": (
        (media.ScopedDocumentsAdminAPIViewSet, "get_queryset", DocumentsAdminAPIViewSet.get_queryset),
        ("wagtailadmin_api:documents:listing",),
    ),
    "the records": (
        (RecordQuerySet, "for_user", lambda self, user: self.all()),
        ("callbackrequest:index", "registration:index", "samplerecord:edit"),
    ),
    "the names of people": (
        (Reach, "people", property(lambda self: User.objects.all())),
        ("wagtailadmin_pages:type_use",),
    ),
    "the teams": ((team, "place_or_404", lambda user, kind, pk: Groupement.objects.get(pk=pk)), ("team",)),
    "the frames": (
        (Reach, "groupement_ids", property(lambda self: frozenset(Groupement.objects.values_list("pk", flat=True)))),
        ("frames_of",),
    ),
    "the images": ((Reach, "images", lambda self, actions=(): Image.objects.all()), ("wagtailimages:edit",)),
    "the documents": ((Reach, "documents", lambda self, actions=(): Document.objects.all()), ("wagtaildocs:edit",)),
    "the groups of the privacy dialog": (
        (pages.ScopedSetPrivacyView, "get_form", SetPrivacyView.get_form),
        ("wagtailadmin_pages:set_privacy",),
    ),
}


def faults(ground, names) -> list[str]:
    world, estates = ground
    walk = Walk("referent_a", browser_of(world, "referent_a"), Forms(browser_of(world, "admin")), estates, full=False)
    routes = tuple(route for route in all_routes() if route.name in names)
    assert routes, names
    return walk.run(routes).faults


@pytest.mark.parametrize("wall", WALLS)
def test_matrix__a_wall_is_taken_away__finds_the_leak(ground, monkeypatch, wall):
    (holder, name, without), names = WALLS[wall]
    assert faults(ground, names) == [], "with its walls the ground is clean"
    monkeypatch.setattr(holder, name, without)
    assert faults(ground, names), f"nobody notices that {wall} is gone"


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
    monkeypatch.setattr(Place, "restricted_paths", property(lambda self: ()))
    assert b"zqaschapter" in client.get(path).content
