"""What the load says at the end: the addresses, and how to sign in as each role."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from wagtail.models import Site

from demo.constants import PASSWORD
from demo.sources import read_table
from regions.models import Groupement
from regions.roles import RoleCode

ROLES = {
    RoleCode.NATIONAL_ADMIN: "administratrice nationale",
    RoleCode.NATIONAL_EDITOR: "éditeur national",
    RoleCode.ZONE_REFERENT: "référent de zone",
    RoleCode.REFERENT: "référent reconversion",
    RoleCode.CONTRIBUTOR: "contributrice",
    RoleCode.MEMBER: "adhérent",
}


def lines() -> Iterator[str]:
    """The lines, aligned."""
    national = Site.objects.get(is_default_site=True)
    entries = [("Site national", f"{national.root_url}/")]
    rows = read_table("network")
    shown = {row["code"] for row in rows["groupements"]}
    for groupement in Groupement.objects.filter(code__in=shown).select_related("site"):
        state = "" if groupement.status == Groupement.Status.ACTIVE else f"  ({groupement.get_status_display()})"
        entries.append((groupement.name, f"{groupement.site.root_url}/{state}"))
    yield from _aligned("Adresses", entries)
    yield ""
    places = {row["code"]: row["name"] for row in (*rows["zones"], *rows["groupements"])}
    yield from _aligned("Pour se connecter", list(_accounts(rows["people"], places)))
    yield ""
    yield f"  Adresse de connexion : {national.root_url}/admin/"
    yield f"  Mot de passe, le même pour tous : {PASSWORD}"
    if not settings.MARA_SECOND_FACTOR:
        yield "  Ici le mot de passe suffit ; un site réel demande aussi un code ou une clé d'accès."


def _accounts(people: list[dict], places: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The first person of each role."""
    seen: set[str] = set()
    for row in people:
        if row["role"] not in seen:
            seen.add(row["role"])
            place = places.get(row.get("groupement") or row.get("zone") or "")
            yield ROLES[row["role"]], row["email"] + (f"  ({place})" if place else "")


def _aligned(title: str, entries: list[tuple[str, str]]) -> Iterator[str]:
    width = max(len(label) for label, _value in entries)
    yield title
    for label, value in entries:
        yield f"  {label:<{width}}  {value}"
