"""Every group holds what the table of roles says over its own place: all of it, and nothing more."""

from __future__ import annotations

import pytest
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Locale, Page

from regions import rights, services
from regions.models import RoleGroup
from regions.roles import ROLES, Level


def label(permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def expected_roots(row: RoleGroup) -> set[int]:
    """The pages on which a role is held in its place."""
    role = ROLES[row.role]
    if role.level == Level.GROUPEMENT:
        return set(row.groupement.roots.values_list("pk", flat=True))
    if role.level == Level.ZONE:
        return {root.pk for groupement in row.zone.groupements.all() for root in groupement.roots.all()}
    homes = rights.national_homes()
    return {home.get_parent().pk for home in homes} if role.collection else {home.pk for home in homes}


def expected_collections(row: RoleGroup) -> set[tuple[int, str]]:
    role, national = ROLES[row.role], rights.national_collection().pk
    if role.level == Level.GROUPEMENT:
        own = {row.groupement.collection_id}
    elif role.level == Level.ZONE:
        own = set(row.zone.groupements.values_list("collection", flat=True))
    else:
        own = set(RoleGroup.objects.filter(groupement__isnull=False).values_list("groupement__collection", flat=True))
    return {(pk, name) for pk in own for name in role.collection} | {
        (national, name) for name in role.national_collection
    }


def assert_table_is_kept() -> int:
    rows = list(RoleGroup.objects.select_related("group", "groupement", "zone"))
    for row in rows:
        role = ROLES[row.role]
        held = {label(item) for item in row.group.permissions.select_related("content_type")}
        assert held == set(role.models), row
        pages = GroupPagePermission.objects.filter(group=row.group).select_related("permission")
        assert {(item.page_id, item.permission.codename) for item in pages} == {
            (root, name) for root in expected_roots(row) for name in role.pages
        }, row
        media = GroupCollectionPermission.objects.filter(group=row.group).select_related("permission__content_type")
        assert {(item.collection_id, label(item.permission)) for item in media} == expected_collections(row), row
    return len(rows)


@pytest.mark.usefixtures("world")
def test_groups__of_every_role__hold_the_table_and_nothing_more():
    assert assert_table_is_kept() >= 10


def test_groups__after_a_new_language_and_a_new_groupement__still_do(world):
    locale = Locale.objects.get_or_create(language_code="en")[0]
    world.national.copy_for_translation(locale, copy_parents=True)
    services.ensure_translated_home(world.a, locale)
    services.provision_groupement(code="cotes", name="Côtes", departements=["22"], zone=world.zone_a)
    rights.sync_nation()
    assert_table_is_kept()


def test_groups__after_a_change_of_zone__the_former_one_lets_go(world):
    world.a.zone = world.zone_b
    world.a.save()
    rights.sync_groupement(world.a)
    assert_table_is_kept()


def test_national_editors__hold_neither_the_network_nor_a_groupement(world):
    editor = world.people["editor"]
    network = world.national.get_parent()
    for page in (network, world.home(world.a), Page.get_first_root_node()):
        tester = page.specific.permissions_for_user(editor)
        assert not any((tester.can_edit(), tester.can_add_subpage(), tester.can_publish()))


def test_below_the_administrator__nobody_reaches_wagtails_own_screens(world, signed_in):
    screens = ("users", "groups", "sites", "collections", "workflows/list", "workflows/tasks/index", "locales")
    for name in ("editor", "zone_a", "referent_a", "contributor_a"):
        client = signed_in(name)
        for screen in screens:
            assert client.get(f"/admin/{screen}/").status_code in {302, 403, 404}, f"{name} opens {screen}"
