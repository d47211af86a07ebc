"""The people of the demonstration, their accounts and their mandates."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from demo.builders.base import NATION, Load
from demo.constants import PASSWORD
from demo.sources import read_table
from regions import services
from regions.models import Mandate
from regions.roles import RoleCode


def build(load: Load) -> None:
    """Make the accounts and the mandates that are missing."""
    # One hash for all: each takes half a second to compute, and the password is the same.
    password = make_password(PASSWORD)
    for row in read_table("network")["people"]:
        person = load.people.get(row["email"]) or _account(row, password)
        load.people[person.email] = person
        place = {"groupement": load.groupements.get(row.get("groupement")), "zone": load.zones.get(row.get("zone"))}
        if row["role"] == RoleCode.MEMBER:
            place = {}
        if not Mandate.objects.filter(person=person, role=row["role"], **place).exists():
            services.grant_mandate(
                person=person,
                role=row["role"],
                starts_on=load.ago(row["start_days_ago"]),
                ends_on=load.ahead(row.get("end_in_days")),
                **place,
            )
    load.say(f"  {len(load.people)} personnes")


def find_authors(load: Load) -> None:
    """Say whose work each part of the content is: the editor's, the référent's, else the zone's."""
    mandates = Mandate.objects.current(load.today).select_related("person", "groupement", "zone").order_by("starts_on")
    by_role: dict[tuple[str, str], object] = {}
    for mandate in mandates:
        place = mandate.groupement or mandate.zone
        by_role.setdefault((mandate.role, place.code if place else NATION), mandate.person)
    load.authors[NATION] = by_role.get((RoleCode.NATIONAL_EDITOR, NATION))
    for code, groupement in load.groupements.items():
        zone = groupement.zone.code if groupement.zone else ""
        load.authors[code] = by_role.get((RoleCode.REFERENT, code)) or by_role.get((RoleCode.ZONE_REFERENT, zone))


def _account(row: dict, password: str):
    person = get_user_model().objects.create_user(
        row["email"], first_name=row["first_name"], last_name=row["last_name"]
    )
    person.password = password
    person.save(update_fields=["password"])
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person
