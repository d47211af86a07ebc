"""Each role may do all that the table of roles says, and nothing more: rights as they are stored."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupCollectionPermission, GroupPagePermission, GroupSitePermission, Page

from regions import rights
from regions.models import Groupement, NetworkPage, RoleGroup
from regions.roles import ROLES, Level, RoleCode
from tests.factories import english


def name_of(permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def stored(group: Group) -> dict[str, set]:
    """What a group holds, from the tables that Wagtail reads."""
    return {
        "models": {name_of(one) for one in group.permissions.select_related("content_type")},
        "pages": {
            (row.page_id, row.permission.codename)
            for row in GroupPagePermission.objects.filter(group=group).select_related("permission")
        },
        "collections": {
            (row.collection_id, name_of(row.permission))
            for row in GroupCollectionPermission.objects.filter(group=group).select_related("permission__content_type")
        },
        "sites": set(GroupSitePermission.objects.filter(group=group)),
    }


def places(role_group: RoleGroup) -> tuple[list[Page], list]:
    """The root pages, in every language, and the collections of the place where a role is held."""
    role = ROLES[role_group.role]
    if role.level == Level.GROUPEMENT:
        return list(role_group.groupement.roots.all()), [role_group.groupement.collection]
    if role.level == Level.ZONE:
        members = role_group.zone.groupements.all()
        return [root for one in members for root in one.roots.all()], [one.collection for one in members]
    if role.code == RoleCode.NATIONAL_ADMIN:
        return list(NetworkPage.objects.all()), [one.collection for one in Groupement.objects.all()]
    return rights.national_homes(), []


def promised(role_group: RoleGroup) -> dict[str, set]:
    """What the table of roles says for the same group."""
    role = ROLES[role_group.role]
    roots, collections = places(role_group)
    held = {(collection.pk, name) for collection in collections for name in role.collection}
    return {
        "models": set(role.models),
        "pages": {(root.pk, codename) for root in roots for codename in role.pages},
        "collections": held | {(rights.national_collection().pk, name) for name in role.national_collection},
        "sites": set(),
    }


def compare() -> None:
    for role_group in RoleGroup.objects.select_related("group", "groupement", "zone"):
        assert stored(role_group.group) == promised(role_group), f"{role_group}: {role_group.role}"


def test_groups__of_the_world__hold_what_the_table_says_and_nothing_more(world):
    compare()
    expected = {(code, place) for code in ("referent", "contributor") for place in Groupement.objects.all()}
    expected |= {("zone_referent", zone) for zone in (world.zone_a, world.zone_b)}
    expected |= {("national_editor", None), ("national_admin", None)}
    assert {(one.role, one.groupement or one.zone) for one in RoleGroup.objects.all()} == expected


def test_groups__in_two_languages__hold_every_root(world):
    home = english.national(world.national)
    root = english.groupement(world.a)
    compare()
    pages_of = {
        one.role: {page for page, _codename in stored(one.group)["pages"]}
        for one in RoleGroup.objects.filter(groupement=world.a)
    }
    assert root.pk in pages_of["referent"] & pages_of["contributor"]
    editors = stored(rights.group_for(RoleCode.NATIONAL_EDITOR))["pages"]
    assert home.pk in {page for page, _codename in editors}
    assert root.pk not in {page for page, _codename in editors}


def test_groups__after_somebody_meddled__are_brought_back_in_line(world):
    group = rights.group_for(RoleCode.REFERENT, groupement=world.a)
    other = rights.group_for(RoleCode.REFERENT, groupement=world.b)
    group.permissions.set(rights.group_for(RoleCode.NATIONAL_ADMIN).permissions.all())
    permission = GroupPagePermission.objects.filter(group=other).first().permission
    GroupPagePermission.objects.create(group=group, page=world.home(world.b), permission=permission)
    GroupPagePermission.objects.filter(group=group, page=world.home(world.a)).delete()
    rights.sync_groupement(world.a)
    compare()


def test_groups__that_stand_for_no_role__hold_nothing(world):
    strangers = Group.objects.filter(role_group__isnull=True)
    held = {group.name: stored(group) for group in strangers}
    assert {name: rights_ for name, rights_ in held.items() if any(rights_.values())} == {}


@pytest.mark.parametrize("code", list(RoleCode))
def test_role__in_the_table__gives_no_more_than_its_level(code):
    role = ROLES[code]
    assert role.code == code
    if role.level != Level.NATION:
        assert set(role.models) == {"wagtailadmin.access_admin"}
        assert not any("change" in name or "add" in name for name in role.national_collection)
    assert not any(name.startswith(("auth.", "wagtailcore.")) for name in role.models)
    assert "users.delete_user" not in role.models
    assert "regions.delete_nationaloffice" not in role.models
    assert code != RoleCode.MEMBER or not role.has_group


def test_people__of_the_world__belong_to_the_groups_of_their_role_only(world):
    for name, person in world.people.items():
        mandate = person.mandates.get()
        expected = [rights.group_for(mandate.role, groupement=mandate.groupement, zone=mandate.zone)]
        assert list(person.groups.all()) == ([] if name == "member" else expected), name
        assert not person.is_superuser
        assert not person.user_permissions.exists()
