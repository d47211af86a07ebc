"""What a signed-in person holds: groupements and homes, from the groups of their mandates."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Q, QuerySet
from wagtail.models import Locale, Page

from regions import rights
from regions.blueprint import GROUPEMENT_HOME_MODEL
from regions.models import Groupement
from regions.permissions import user_can_manage_network
from regions.roles import RoleCode


def managed_groupements(user) -> QuerySet[Groupement]:
    """The groupements whose coordinates a person may change: a référent's, a zone référent's, or all."""
    if not user.is_active:
        return Groupement.objects.none()
    if user_can_manage_network(user):
        return Groupement.objects.all()
    groups = user.groups.all()
    return Groupement.objects.filter(
        Q(role_groups__group__in=groups, role_groups__role=RoleCode.REFERENT)
        | Q(zone__role_groups__group__in=groups, zone__role_groups__role=RoleCode.ZONE_REFERENT)
    ).distinct()


def held_homes(user, most: int | None = None) -> list[Page]:
    """The homes in which a person writes, national ones first; every home for an administrator.

    Args:
        most: read no more than that many of the groupements': a screen on which more are not told one by one.
    """
    model = apps.get_model(GROUPEMENT_HOME_MODEL)
    if user_can_manage_network(user):
        return [*rights.national_homes(), *model.objects.select_related("locale").order_by("path")[:most]]
    held = Page.objects.filter(group_permissions__group__user=user).distinct()
    return list(held.select_related("locale").order_by("path")[:most])


def main_homes(user, most: int | None = None) -> list[Page]:
    """The homes in which a person writes, once each: in the default language rather than in translation."""
    by_key: dict = {}
    for home in held_homes(user, most):
        by_key.setdefault(home.translation_key, []).append(home)
    default = Locale.get_default().pk
    return [next((home for home in homes if home.locale_id == default), homes[0]) for homes in by_key.values()]


def only_home(user) -> Page | None:
    """The home of the one who writes in a single one; asked on every screen, so that not all of them are read."""
    if user_can_manage_network(user) and apps.get_model(GROUPEMENT_HOME_MODEL).objects.exists():
        return None
    homes = main_homes(user)
    return homes[0] if len(homes) == 1 else None
