"""Every page type of the project, where it is read, and one page of each with all its fields filled in."""

from __future__ import annotations

import datetime as dt

from django.apps import apps
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, get_page_models

from core.models import Image
from resources.models import Audience
from tests.factories import pages
from tests.factories.world import World

PROJECT_APPS = frozenset({"home", "regions", "resources"})
NEVER_SERVED = frozenset({"regions.NetworkPage"})
NATIONAL_ONLY = frozenset({"home.HomePage", "home.GroupementIndexPage"})
LOCAL_ONLY = frozenset({"home.GroupementHomePage", "resources.PartnerBranchPage"})
NATION, LOCAL = "nation", "local"

LABELS = sorted(model._meta.label for model in get_page_models() if model._meta.app_label in PROJECT_APPS)
SERVED = [label for label in LABELS if label not in NEVER_SERVED]
# Made by provisioning, one for each home: they need no factory.
STRUCTURAL = frozenset(LABELS) - frozenset(pages.FACTORIES)
# Each page type with each place where one may read a page of it.
READ_AT = [
    (label, place)
    for label in SERVED
    for place, excluded in ((NATION, LOCAL_ONLY), (LOCAL, NATIONAL_ONLY))
    if label not in excluded
]

RICH = "<p>Avec un <b>mot</b> qui compte.</p>"
ADDRESS = {
    "address": "1 rue de Siam",
    "postcode": "29200",
    "commune": "Brest",
    "latitude": 48.39,
    "longitude": -4.49,
}
REVIEW = {
    "checked_on": dt.date(2026, 1, 5),
    "checked_by": "Jeanne Martin",
    "next_check_on": dt.date(2026, 2, 1),
}
COMMON = {"summary": "Ce qu'il faut savoir.", "seo_title": "", "search_description": ""}


def image(title: str = "Une rade", **fields) -> Image:
    return Image.objects.create(title=title, file=get_test_image_file(), **fields)


def audience(code: str = "conjoint") -> Audience:
    return Audience.objects.get_or_create(code=code, defaults={"name": code})[0]


def home_of(world: World, place: str) -> Page:
    return world.national if place == NATION else world.home(world.a)


def host_of(world: World, place: str) -> str:
    return world.national_host if place == NATION else world.host(world.a)


def page_of(world: World, label: str, place: str, **fields) -> Page:
    """A published page of a type, owned by a place; the one that provisioning made where there is one."""
    home = home_of(world, place)
    if label == "resources.PartnerBranchPage":
        fields = {"partner": pages.partner(home)} | fields
    if label in pages.FACTORIES:
        return pages.FACTORIES[label](home, **fields)
    model = apps.get_model(label)
    return home if isinstance(home, model) else model.objects.descendant_of(home).get()


def full_fields(label: str) -> dict:
    """Values for every field that a reader sees, so that no part of the template stays unseen."""
    themes = {"themes": [pages.theme()]}
    return {
        "resources.GuidePage": lambda: {
            **REVIEW,
            **themes,
            "situation": "chercher",
            "owner_name": "Paul Durand",
            "owner_role": "chef de file",
            "body": pages.PARAGRAPH,
        },
        "resources.ContactPage": lambda: {
            **ADDRESS,
            **REVIEW,
            **themes,
            "email": "accueil@example.org",
            "website": "https://www.example.org/",
            "contact_name": "Anne Le Goff",
            "opening_hours": "du lundi au vendredi",
            "conditions": "Sur rendez-vous.",
            "area_served": "Brest et sa rade",
            "source": "annuaire",
            "source_id": "12",
            "address_complement": "Bâtiment B",
        },
        "resources.PartnerPage": lambda: {
            **REVIEW,
            **themes,
            "offer": RICH,
            "how_to_reach": RICH,
            "agreement_status": "signed",
            "agreement_date": dt.date(2025, 3, 1),
            "logo": image("Logo"),
            "website": "https://www.example.org/",
        },
        "resources.PartnerBranchPage": lambda: {
            **ADDRESS,
            **REVIEW,
            "contact_name": "Anne Le Goff",
            "email": "antenne@example.org",
            "opening_hours": "le mardi",
            "charter_status": "signed",
            "charter_date": dt.date(2025, 3, 1),
            "note": RICH,
        },
        "resources.EventPage": lambda: {
            **ADDRESS,
            **themes,
            "place_name": "Maison des associations",
            "online_url": "https://visio.example.org/",
            "organiser": "Groupement du Finistère",
            "status": "postponed",
            "status_note": "reporté au mois prochain",
            "registration_url": "https://example.org/inscription",
            "registration_email": "inscription@example.org",
            "registration_deadline": dt.date(2030, 1, 1),
            "capacity": 30,
            "contact_name": "Anne Le Goff",
            "contact_phone": "+33199000003",
            "contact_email": "agenda@example.org",
            "body": pages.PARAGRAPH,
        },
        "resources.ResourcePage": lambda: {
            **REVIEW,
            **themes,
            "kind": "podcast",
            "file": pages.document(),
            "transcript": RICH,
            "duration_minutes": 12,
            "author": "Paul Durand",
            "body": pages.PARAGRAPH,
        },
        "resources.NewsPage": lambda: {"image": image()},
        "resources.StandardPage": lambda: REVIEW,
    }.get(label, dict)()


def full_page_of(world: World, label: str, place: str) -> Page:
    """A page of a type with all its fields filled in; structural pages as provisioning left them."""
    if label in STRUCTURAL:
        return page_of(world, label, place)
    page = page_of(world, label, place, **COMMON | full_fields(label))
    if label == "resources.EventPage":
        for phase in ("before", "during", "after"):
            page.documents.create(document=pages.document(phase), phase=phase)
        page.save()
    return page
