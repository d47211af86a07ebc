"""Who pilots what: zone and nation see how their groupements stand; a groupement does not see its neighbours."""

from __future__ import annotations

from django.db.models import QuerySet

from regions.models import Groupement
from regions.reach import reach_of
from regions.roles import RoleCode


def piloted_groupements(user) -> QuerySet[Groupement]:
    """The groupements that a person pilots, by name.

    All for those who keep the nation, the zone's for a zone référent, none for anybody else: a groupement's référent
    has the screen of their own frames.
    """
    rows = Groupement.objects.select_related("zone", "site", "fallback").order_by("name")
    if not user.is_authenticated or not user.is_active:
        return rows.none()
    if reach_of(user).holds_nation:
        return rows
    zones = user.groups.filter(role_group__role=RoleCode.ZONE_REFERENT).values("role_group__zone")
    return rows.filter(zone__in=zones)


def pilots_the_nation(user) -> bool:
    """Whether a person keeps what is the whole network's: the rules of the label, the national texts."""
    return reach_of(user).holds_nation
