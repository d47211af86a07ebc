"""The network itself: the national site, the zones and the groupements, through the federation's services."""

from __future__ import annotations

from django.conf import settings
from wagtail.models import Site

from demo.builders.base import Load
from demo.sources import read_table
from regions import services
from regions.models import Groupement, NationalOffice, NetworkPage, Zone

FIRST_PORT = 8000
COORDINATES = ("contact_name", "contact_role", "phone", "email", "address", "postcode", "commune", "hours")


def build(load: Load, *, port: int | None) -> None:
    """Make the national site, the zones and the groupements that are missing."""
    data = read_table("network")
    services.provision_network(hostname=settings.MARA_NATIONAL_HOST, port=port or current_port())
    _office(data["office"])
    for row in data["zones"]:
        if not Zone.objects.filter(code=row["code"]).exists():
            _save(Zone(code=row["code"], name=row["name"], **_coordinates(row)))
    for row in data["groupements"]:
        services.provision_groupement(
            code=row["code"],
            name=row["name"],
            departements=row["departements"],
            zone=load.zones[row["zone"]],
            status=row["status"],
            accent=row["accent"],
            fallback=Groupement.objects.filter(code=row.get("fallback", "")).first(),
            **_coordinates(row),
        )
    for groupement in Groupement.objects.all():
        load.say(f"  {groupement.name} ({groupement.get_status_display()})")


def current_port() -> int:
    """The port of the national site when the network exists, that of the documentation otherwise."""
    site = Site.objects.filter(is_default_site=True).first()
    return site.port if site and NetworkPage.objects.exists() else FIRST_PORT


def move_to_port(port: int) -> None:
    """Have every site of the network answer on this port; their hosts stay."""
    Site.objects.exclude(port=port).update(port=port)
    Site.clear_site_root_paths_cache()


def _office(row: dict) -> None:
    office = NationalOffice.load()
    if not office.is_reachable:
        for name, value in _coordinates(row).items():
            setattr(office, name, value)
        _save(office)


def _coordinates(row: dict) -> dict[str, str]:
    return {name: row[name] for name in COORDINATES if name in row}


def _save(instance) -> None:
    """Check and save; checking also brings telephone numbers to the form in which they are stored."""
    instance.full_clean()
    instance.save()
