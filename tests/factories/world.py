"""The world in which every test starts: the nation, and two groupements that must not see each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from wagtail.models import Page, Site

from regions import services
from regions.models import Groupement, NationalOffice, Zone
from regions.roles import RoleCode

NATIONAL_HOST = "mara.localhost"
PASSWORD = "un mot de passe de test"


@dataclass
class World:
    """What tests ask for by name. ``brest`` and ``agen`` are in different zones; ``quimper`` is near ``brest``."""

    national: Page
    a: Groupement
    b: Groupement
    neighbour: Groupement
    zone_a: Zone
    zone_b: Zone
    people: dict = field(default_factory=dict)

    @property
    def national_host(self) -> str:
        return NATIONAL_HOST

    def home(self, groupement: Groupement) -> Page:
        return groupement.roots.get(locale__language_code="fr")

    def host(self, groupement: Groupement | None) -> str:
        return groupement.site.hostname if groupement else NATIONAL_HOST


def build() -> None:
    """Make the world in the database; done once for a test run."""
    services.provision_network(hostname=NATIONAL_HOST)
    office = NationalOffice.load()
    office.contact_name, office.phone, office.email = "Cellule nationale", "+33199000000", "nation@example.org"
    office.save()
    west = Zone.objects.create(code="ouest", name="Zone Ouest", contact_name="Zone O", phone="+33199000010")
    south = Zone.objects.create(code="sud", name="Zone Sud", contact_name="Zone S", phone="+33199000020")
    for code, name, departements, zone in (
        ("finistere", "Finistère", ["29"], west),
        ("lot-et-garonne", "Lot-et-Garonne", ["47"], south),
        ("morbihan", "Morbihan", ["56"], west),
    ):
        services.provision_groupement(
            code=code,
            name=name,
            departements=departements,
            zone=zone,
            status=Groupement.Status.ACTIVE,
            contact_name=f"Référent {name}",
            phone="+33199000030",
            email=f"{code}@example.org",
        )
    _people(west, south)


def _people(west: Zone, south: Zone) -> None:
    a, b = (Groupement.objects.get(code=code) for code in ("finistere", "lot-et-garonne"))
    roles = (
        ("admin", RoleCode.NATIONAL_ADMIN, {}),
        ("editor", RoleCode.NATIONAL_EDITOR, {}),
        ("zone_a", RoleCode.ZONE_REFERENT, {"zone": west}),
        ("zone_b", RoleCode.ZONE_REFERENT, {"zone": south}),
        ("referent_a", RoleCode.REFERENT, {"groupement": a}),
        ("referent_b", RoleCode.REFERENT, {"groupement": b}),
        ("contributor_a", RoleCode.CONTRIBUTOR, {"groupement": a}),
        ("member", RoleCode.MEMBER, {}),
    )
    for name, role, place in roles:
        user = get_user_model().objects.create_user(
            email=f"{name}@example.org", password=PASSWORD, first_name=name, last_name="Test"
        )
        services.grant_mandate(person=user, role=role, **place)


def load() -> World:
    """The world as the database holds it."""
    groupements = {
        groupement.code: groupement for groupement in Groupement.objects.select_related("site", "zone", "collection")
    }
    people = {
        user.email.split("@")[0]: user for user in get_user_model().objects.filter(email__endswith="@example.org")
    }
    return World(
        national=Site.objects.get(is_default_site=True).root_page.specific,
        a=groupements["finistere"],
        b=groupements["lot-et-garonne"],
        neighbour=groupements["morbihan"],
        zone_a=Zone.objects.get(code="ouest"),
        zone_b=Zone.objects.get(code="sud"),
        people=people,
    )
