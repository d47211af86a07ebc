"""Ways to gain a right that one does not hold: each is tried, and nothing has moved afterwards."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import (
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    PageViewRestriction,
    Site,
    Workflow,
)

from regions import rights, services
from regions.models import Groupement, Mandate, RoleGroup
from regions.roles import RoleCode
from tests.factories import pages
from tests.isolation.test_references import form_data
from users.models import User

PEOPLE = ("member", "contributor_a", "referent_a", "zone_a", "editor")


def rights_of_all() -> dict:
    """Who may do what, in full: what no attempt below may change."""
    return {
        "people": list(
            User.objects.order_by("pk").values_list("pk", "email", "is_superuser", "is_staff", "is_active")
        ),
        "passwords": list(User.objects.order_by("pk").values_list("pk", "password")),
        "membership": sorted(User.groups.through.objects.values_list("user_id", "group_id")),
        "groups": sorted(Group.permissions.through.objects.values_list("group_id", "permission_id")),
        "pages": sorted(GroupPagePermission.objects.values_list("group_id", "page_id", "permission_id")),
        "collections": sorted(
            GroupCollectionPermission.objects.values_list("group_id", "collection_id", "permission_id")
        ),
        "roles": sorted(RoleGroup.objects.values_list("pk", "group_id", "role")),
        "mandates": sorted(Mandate.objects.values_list("pk", "person_id", "role")),
        "sites": sorted(Site.objects.values_list("pk", "hostname", "root_page_id")),
        "groupements": sorted(Groupement.objects.values_list("pk", "code", "status", "name")),
        "workflows": sorted(Workflow.objects.values_list("pk", "name", "active")),
    }


def attempts(world) -> list[tuple[str, dict]]:
    """Forms of the installation's screens, filled in to one's own advantage."""
    me = world.people["referent_a"]
    group = rights.group_for(RoleCode.NATIONAL_ADMIN)
    mandate = Mandate.objects.first()
    person = {
        "email": "moi@example.org",
        "first_name": "Moi",
        "last_name": "Même",
        "password1": "un très long mot de passe",
        "password2": "un très long mot de passe",
        "is_superuser": "on",
        "groups": [group.pk],
    }
    role = {"person": me.pk, "role": "national_admin", "starts_on": "01/01/2026"}
    return [
        ("/admin/users/new/", person),
        (f"/admin/users/edit/{me.pk}/", person),
        (f"/admin/users/edit/{world.people['admin'].pk}/", person | {"is_active": ""}),
        (f"/admin/users/delete/{world.people['referent_b'].pk}/", {}),
        ("/admin/groups/new/", {"name": "Moi", "permissions": [1, 2, 3]}),
        (f"/admin/groups/edit/{me.groups.get().pk}/", {"name": "Moi", "permissions": [1, 2, 3]}),
        ("/admin/mandate/new/", role),
        (f"/admin/mandate/edit/{mandate.pk}/", role),
        (f"/admin/mandate/delete/{mandate.pk}/", {}),
        ("/admin/groupement/new/", {"name": "Moi", "code": "moi", "status": "active"}),
        (f"/admin/groupement/edit/{world.b.pk}/", {"name": "Moi", "code": "moi", "status": "vacant"}),
        (f"/admin/coordonnees/{world.b.pk}/", {"contact_name": "Moi", "accent": "olive"}),
        (f"/admin/zone/edit/{world.zone_a.pk}/", {"name": "Moi", "code": "moi"}),
        ("/admin/sites/new/", {"hostname": "moi.example.org", "port": 80, "root_page": world.home(world.b).pk}),
        (f"/admin/workflows/disable/{world.b.workflow_id}/", {}),
        ("/admin/collections/add/", {"name": "Moi", "parent": 1}),
        (f"/admin/collections/{world.b.collection_id}/", {"name": "Moi"}),
        (f"/admin/collections/{world.b.collection_id}/privacy/", {"restriction_type": "none"}),
        ("/admin/settings/regions/nationaloffice/", {"phone": "0199000099"}),
        ("/admin/redirects/add/", {"old_path": "/x", "redirect_link": "https://example.org/"}),
        (f"/admin/bulk/users/user/assign_role/?id={me.pk}", {"role": group.pk}),
        ("/admin/locales/new/", {"language_code": "de"}),
        ("/admin/account/", {"is_superuser": "on", "groups": [group.pk], "email": "moi@example.org"}),
    ]


@pytest.mark.parametrize("person", PEOPLE)
def test_installation_s_forms__sent_by_somebody_else__change_no_right(world, signed_in, person):
    client = signed_in(person)
    before = rights_of_all()
    for path, data in attempts(world):
        client.post(path, data)
        assert rights_of_all() == before, path


def test_page_form__fields_that_it_has_not__are_ignored(world, signed_in):
    page = pages.news(world.home(world.a))
    stranger = world.home(world.b)
    extra = {
        "owner": world.people["admin"].pk,
        "path": stranger.path + "0009",
        "depth": "4",
        "locale": "99",
        "groupement": world.b.pk,
        "live": "",
        "alias_of": stranger.pk,
        "translation_key": str(stranger.translation_key),
        "content_type": "1",
    }
    before = Page.objects.filter(pk=page.pk).values("path", "owner_id", "locale_id", "alias_of_id", "translation_key")
    expected = before.get()
    signed_in("referent_a").post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), form_data(page) | extra | {"action-publish": "1"}
    )
    assert before.get() == expected


def test_coordinates_form__fields_that_it_has_not__are_ignored(world, signed_in):
    expected = Groupement.objects.filter(pk=world.a.pk).values("code", "status", "zone_id", "site_id", "fallback_id")
    before = expected.get()
    data = {"contact_name": "Anne", "accent": "olive", "code": "x", "status": "vacant", "zone": world.zone_b.pk}
    response = signed_in("referent_a").post(reverse("groupement_coordinates", args=[world.a.pk]), data)
    assert response.status_code == 302
    assert expected.get() == before


def test_pages__put_into_somebody_else_s_tree__stay_where_they_are(world, signed_in):
    page = pages.news(world.home(world.a))
    client = signed_in("referent_a")
    for home in (world.home(world.b), world.national):
        section = pages.section(home, "actualites")
        before = Page.objects.count(), Page.objects.get(pk=page.pk).path
        data = {"new_parent_page": section.pk, "new_title": "Copie", "new_slug": "copie", "chooser": section.pk}
        client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data | {"alias": "on"})
        client.post(reverse("wagtailadmin_pages:move", args=[page.pk]), data)
        client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, section.pk]), data)
        client.post(f"/admin/bulk/wagtailcore/page/move/?id={page.pk}", data)
        add = reverse("wagtailadmin_pages:add", args=["resources", "newspage", section.pk])
        client.post(add, form_data(page, slug="ailleurs") | {"action-publish": "1"})
        for action in ("copy", "move", "create_alias"):
            client.post(
                reverse("wagtailadmin_api:pages:action", args=[page.pk, action]),
                json.dumps({"destination_page_id": section.pk, "slug": "copie", "position": "last-child"}),
                content_type="application/json",
            )
        assert (Page.objects.count(), Page.objects.get(pk=page.pk).path) == before


def test_contributor__by_every_door__publishes_nothing(world, signed_in):
    person = world.people["contributor_a"]
    page = pages.news(world.home(world.a), live=False, owner=person)
    revision = page.save_revision(user=person)
    client = signed_in("contributor_a")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client.post(edit, form_data(page) | {"action-publish": "1"})
    client.post(edit, form_data(page) | {"action-publish": "1", "go_live_at": "2026-01-01 00:00"})
    client.post(f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}", {})
    client.post(
        reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, revision.pk]),
        form_data(page) | {"action-publish": "1"},
    )
    api = reverse("wagtailadmin_api:pages:action", args=[page.pk, "publish"])
    client.post(api, "{}", content_type="application/json")
    copied = {"new_title": "Copie", "new_slug": "copie", "publish_copies": "on", "copy_subpages": "on"}
    client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), copied | {"new_parent_page": page.get_parent().pk})
    state = world.a.workflow.start(page, person)
    for action in ("approve", "reject"):
        address = "wagtailadmin_pages:workflow_action"
        client.post(reverse(address, args=[page.pk, action, state.current_task_state.pk]), {"comment": ""})
    assert not Page.objects.filter(path__startswith=page.get_parent().path, live=True, depth=page.depth).exists()


@pytest.fixture
def submitted(world):
    """A page that a contributor submitted, and its former version, which nobody read."""
    person = world.people["contributor_a"]
    page = pages.news(world.home(world.a), "Jamais relu", live=False, owner=person)
    former = page.save_revision(user=person)
    page.title = "Texte relu"
    page.save_revision(user=person)
    world.a.workflow.start(page, person)
    return page, former


def approve(client, page) -> Page:
    state = page.workflow_states.get().current_task_state
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]), {"comment": ""})
    return Page.objects.get(pk=page.pk)


def test_contributor__while_a_page_is_read__puts_no_former_text_back(signed_in, submitted):
    page, former = submitted
    api = reverse("wagtailadmin_api:pages:action", args=[page.pk, "revert_to_page_revision"])
    body = json.dumps({"revision_id": former.pk})
    answer = signed_in("contributor_a").post(api, body, content_type="application/json")
    assert (answer.status_code, page.revisions.count()) == (404, 2)
    assert signed_in("referent_a").post(api, body, content_type="application/json").status_code == 200


def test_approval__of_a_page_written_in_since__publishes_what_was_submitted(world, signed_in, submitted):
    page, former = submitted
    former.as_object().save_revision(user=world.people["contributor_a"])
    published = approve(signed_in("referent_a"), page)
    assert (published.live, published.title, published.has_unpublished_changes) == (True, "Texte relu", True)
    assert published.get_latest_revision_as_object().title == "Jamais relu", "the newer text waits"


def test_approval__of_a_page_that_the_reviewer_rewrote__publishes_their_text(world, signed_in, submitted):
    page, _former = submitted
    page.title = "Texte corrigé"
    page.save_revision(user=world.people["referent_a"])
    published = approve(signed_in("referent_a"), page)
    assert (published.live, published.title, published.has_unpublished_changes) == (True, "Texte corrigé", False)


def test_privacy__of_somebody_else_s_page__is_not_changed(world, signed_in):
    page = pages.news(world.home(world.b))
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    signed_in("referent_a").post(
        reverse("wagtailadmin_pages:set_privacy", args=[page.pk]), {"restriction_type": "none"}
    )
    assert PageViewRestriction.objects.filter(pk=restriction.pk).exists()


def test_mandate__ended__closes_every_door_of_the_open_session(world, signed_in):
    import datetime as dt

    from django.utils import timezone

    client = signed_in("referent_a")
    page = pages.news(world.home(world.a))
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert client.get(address).status_code == 200
    mandate = world.people["referent_a"].mandates.get()
    mandate.starts_on = timezone.localdate() - dt.timedelta(days=9)
    mandate.save()
    services.end_mandate(mandate=mandate, on=timezone.localdate() - dt.timedelta(days=1))
    assert client.get(address).status_code in {302, 403, 404}
