"""Turns the table of roles into Wagtail groups and permissions, and mandates into membership.

Every function brings what is stored exactly in line with :mod:`regions.roles`: it grants what is
missing and takes back what is too much.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils.functional import cached_property
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    WorkflowPage,
)

from regions.models import Groupement, Mandate, NationalOffice, RoleGroup, Zone
from regions.roles import ROLES, Level, Role, RoleCode


def group_for(role: str, *, groupement: Groupement | None = None, zone: Zone | None = None) -> Group:
    """Return the Wagtail group of a role in a place; made when it does not exist yet."""
    found = RoleGroup.objects.filter(role=role, groupement=groupement, zone=zone).select_related("group").first()
    if found:
        return found.group
    place = groupement or zone
    label = RoleCode(role).name.replace("_", " ").lower()
    # The name is for administrators' eyes only; nothing is ever looked up by it.
    group = Group.objects.create(name=f"{label} – {place.code if place else 'nation'}"[:150])
    RoleGroup.objects.create(group=group, role=role, groupement=groupement, zone=zone)
    return group


class Given:
    """What roles are given, read once for all the roles that are brought in line together."""

    @cached_property
    def permissions(self) -> dict[str, Permission]:
        """Every permission of the table of roles, by ``app_label.codename``."""
        wanted = {name for role in ROLES.values() for name in _names_of(role)}
        found = Permission.objects.filter(codename__in={name.split(".")[1] for name in wanted}).select_related(
            "content_type"
        )
        by_name = {f"{perm.content_type.app_label}.{perm.codename}": perm for perm in found}
        missing = wanted - by_name.keys()
        if missing:
            raise Permission.DoesNotExist(f"no such permission: {', '.join(sorted(missing))}")
        return by_name

    @cached_property
    def national_collection(self) -> Collection:
        return national_collection()

    @cached_property
    def national_homes(self) -> list[Page]:
        return national_homes()


@transaction.atomic
def sync_groupement(groupement: Groupement) -> None:
    """Bring the rights over one groupement in line: its own roles, and its zone's."""
    given = Given()
    roots = list(groupement.roots.values_list("pk", flat=True))
    for role in _roles(Level.GROUPEMENT):
        group = group_for(role.code, groupement=groupement)
        _sync(group, role, given, roots=roots, collections=[groupement.collection_id])
    # A groupement may have changed zones: the former one must let go of it.
    concerned = Q(pk=groupement.zone_id) | Q(role_groups__group__page_permissions__page__in=roots)
    for zone in Zone.objects.filter(concerned).distinct():
        sync_zone(zone, given)
    for role in _roles(Level.NATION):
        if role.collection and role.has_group:
            sync_nation_role(role, given)


def sync_zone(zone: Zone, given: Given | None = None) -> None:
    """Bring the rights of a zone's référents in line: every groupement of the zone, in every language."""
    given = given or Given()
    members = dict(zone.groupements.values_list("pk", "collection_id"))
    model = apps.get_model("home.GroupementHomePage")
    roots = list(model.objects.filter(groupement__in=members).values_list("pk", flat=True))
    collections = [collection for collection in members.values() if collection]
    for role in _roles(Level.ZONE):
        _sync(group_for(role.code, zone=zone), role, given, roots=roots, collections=collections)


def sync_nation() -> None:
    """Bring the rights of the national roles in line."""
    given = Given()
    for role in _roles(Level.NATION):
        if role.has_group:
            sync_nation_role(role, given)


def sync_nation_role(role: Role, given: Given) -> None:
    """Editors hold the national homes; administrators hold everything below the network."""
    roots = [home.pk for home in given.national_homes]
    collections: list[int] = []
    if role.collection:
        above = {home.path[: -Page.steplen] for home in given.national_homes}
        roots = list(Page.objects.filter(path__in=above).values_list("pk", flat=True))
        collections = list(Collection.objects.filter(groupement__isnull=False).values_list("pk", flat=True))
    _sync(group_for(role.code), role, given, roots=roots, collections=collections)


def disarm_other_groups() -> None:
    """Take back what groups that stand for no role hold over the network.

    Wagtail's first migrations make two groups that may edit every page from the root down, and a
    workflow above all others.
    """
    GroupPagePermission.objects.filter(group__role_group__isnull=True).delete()
    GroupCollectionPermission.objects.filter(group__role_group__isnull=True).delete()
    for group in Group.objects.filter(role_group__isnull=True):
        group.permissions.clear()
    WorkflowPage.objects.filter(page__depth=1).delete()


def national_homes() -> list[Page]:
    """The national home in each language; empty before the network is made."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None or site.root_page.depth == 1:
        return []
    return list(site.root_page.get_translations(inclusive=True))


def national_collection() -> Collection:
    """The nation's images and documents."""
    return NationalOffice.load().collection


def _roles(level: Level) -> list[Role]:
    return [role for role in ROLES.values() if role.level == level]


def _names_of(role: Role) -> set[str]:
    """The permissions of a role, ``app_label.codename``, wherever it holds them."""
    pages = {f"wagtailcore.{codename}" for codename in role.pages}
    return pages | {*role.models, *role.collection, *role.national_collection}


def _sync(group: Group, role: Role, given: Given, *, roots: Iterable[int], collections: Iterable[int]) -> None:
    """Give ``group`` exactly what ``role`` grants over the pages and collections of these keys."""
    held = given.permissions
    group.permissions.set([held[name] for name in role.models])
    pages = {(root, held[f"wagtailcore.{codename}"].pk) for root in roots for codename in role.pages}
    _match(GroupPagePermission, group, pages, "page_id")
    wanted = {(collection, held[name].pk) for collection in collections for name in role.collection}
    if role.national_collection:
        wanted |= {(given.national_collection.pk, held[name].pk) for name in role.national_collection}
    _match(GroupCollectionPermission, group, wanted, "collection_id")


def _match(model, group: Group, wanted: set[tuple[int, int]], target: str) -> None:
    rows = model.objects.filter(group=group).values_list("pk", target, "permission_id")
    held = {(place, permission): pk for pk, place, permission in rows}
    if surplus := [pk for key, pk in held.items() if key not in wanted]:
        model.objects.filter(pk__in=surplus).delete()
    model.objects.bulk_create(
        model(group=group, permission_id=permission, **{target: pk}) for pk, permission in wanted - held.keys()
    )


def sync_person(person) -> None:
    """Make a person a member of exactly the groups of the mandates that run today.

    Groups that stand for no role are left alone.
    """
    wanted = {
        group_for(mandate.role, groupement=mandate.groupement, zone=mandate.zone).pk
        for mandate in Mandate.objects.current().filter(person=person).select_related("groupement", "zone")
        if ROLES[mandate.role].has_group
    }
    held = set(person.groups.filter(role_group__isnull=False).values_list("pk", flat=True))
    person.groups.remove(*(held - wanted))
    person.groups.add(*(wanted - held))
    # Read again on next use: permissions are cached on the instance.
    for attribute in ("_perm_cache", "_user_perm_cache", "_group_perm_cache"):
        if hasattr(person, attribute):
            delattr(person, attribute)


def sync_reviewers(groupement: Groupement) -> None:
    """Say who reviews what is submitted in a groupement: its référents, else whoever stands in for them.

    The first of these that somebody holds today: its référents, its stand-in's, its zone's, the nation.
    """
    if not groupement.workflow_id:
        return
    chain = [{"role": RoleCode.REFERENT, "groupement": groupement}]
    if groupement.fallback_id:
        chain.append({"role": RoleCode.REFERENT, "groupement": groupement.fallback})
    if groupement.zone_id:
        chain.append({"role": RoleCode.ZONE_REFERENT, "zone": groupement.zone})
    nation = {"role": RoleCode.NATIONAL_ADMIN}
    held = Mandate.objects.current().filter(person__is_active=True)
    reviewers = next((link for link in chain if held.filter(**link).exists()), nation)
    group = group_for(**reviewers)
    for task in GroupApprovalTask.objects.filter(workflow_tasks__workflow=groupement.workflow_id):
        task.groups.set([group])
