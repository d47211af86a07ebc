"""The doors that anybody finds: every address, every question, every form of visitors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from random import Random

from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.urls import reverse

from core.models import Document
from exchanges.checking import links as check_links
from exchanges.checking.models import CheckItem, CheckRound
from exchanges.registrations import links as registration_links
from exchanges.registrations.models import Registration
from home.forms import FinderForm
from regions import invitations
from regions.roles import RoleCode
from resources.filters import FilterForm
from resources.team_calendar.models import make_key
from tests.exchanges import checking
from tests.factories.world import World
from tests.fuzz import corpus, requests
from tests.fuzz.drill import Door
from tests.fuzz.requests import Request
from tests.isolation.matrix.bodies import _fields as fields_of
from tests.isolation.matrix.ground import Estate
from tests.isolation.matrix.routes import all_routes
from tests.isolation.test_public import CALENDARS, EXPORTS, public_paths

NATIONAL_HOST = "mara.localhost"
# What views read from an address beside the fields of forms.
READ = (
    "page",
    "q",
    "query",
    "date",
    "contact",
    "groupement",
    "langue",
    "language",
    "session",
    "annuler",
    "show",
    "guide",
    "make",
)
READ += (
    "size",
    "format",
    "next",
    "code",
    "view",
    "month",
    "week",
    "sort",
    "export",
    "id",
    "childOf",
    "page_type",
    "network",
)
# Of the addresses of accounts.
SAMPLES = {"token": "x:y:z", "pk": 1, "uidb36": "1", "key": "a-b"}


def names() -> tuple[str, ...]:
    """Every name that an address may carry."""
    forms, found = [FilterForm, FinderForm], set(READ)
    while forms:
        form = forms.pop()
        found.update(form.base_fields)
        forms += form.__subclasses__()
    return tuple(sorted(found))


def doors(world: World, estates: dict[str, Estate]) -> list[Door]:
    """The public doors on the ground of the isolation matrix."""
    hosts = (NATIONAL_HOST, world.host(world.a), world.host(world.b))
    return [*_readings(hosts, estates), *_forms(world, estates)]


def _readings(hosts: tuple[str, ...], estates: dict[str, Estate]) -> Iterator[Door]:
    listings = tuple(
        f"/{name}/"
        for name in ("guides", "annuaire", "partenaires", "agenda", "ressources", "actualites", "groupements")
    )
    groups = {
        "listings": (listings + tuple(f"/en{path}" for path in listings), 3.0),
        "search": (("/recherche/", "/en/search/"), 2.0),
        "search suggestions": (("/recherche/suggestions/", "/en/search/suggestions/"), 1.5),
        "communes": (("/communes/",), 1.5),
        "calendars (ical)": (tuple(f"/agenda/{one}" for one in CALENDARS), 0.5),
        "exports of contacts": (tuple(f"/annuaire/exports/{one}/" for one in (*EXPORTS, "xlsx")), 1.5),
        "pages and files": (tuple(public_paths(estates)), 3.0),
        "callback form, read": (("/etre-rappele/", "/etre-rappele/merci/", "/en/etre-rappele/"), 0.5),
        "registration, read": (tuple(_registrations(estates)), 0.7),
        "account, read": (tuple(_account()), 0.7),
        "services": (
            (
                "/sante/",
                "/pret/",
                "/.well-known/security.txt",
                "/sitemap.xml",
                "/robots.txt",
                "/mon-groupement/29.json",
                "/lien/1/",
                "/static/x.css",
                "/",
                "/en/",
            ),
            0.7,
        ),
    }
    known = names()
    for name, (paths, share) in groups.items():
        yield Door(name, partial(_read, hosts, paths, known), share, paths)


def _read(hosts, paths, known, chance: Random):
    yield requests.read(chance, chance.choice(hosts), chance.choice(paths), known)


def _registrations(estates) -> Iterator[str]:
    for estate in estates.values():
        pk = estate.ids["registration_event"]
        yield from (f"/inscription/{pk}/", f"/inscription/{pk}/merci/", f"/inscription/{pk}/attente/")


def _account() -> Iterator[str]:
    """Every address of the accounts, for whoever is nobody; most lead to the sign-in. And the ways in for editors."""
    for route in all_routes():
        if route.route.startswith("compte/"):
            yield reverse(route.name, kwargs={name: SAMPLES[name] for name in route.params})
    yield from ("/admin/", "/admin/login/", "/_util/login/", "/admin/pages/")


# --- Forms ----------------------------------------------------------------------------------------

FILLED = {
    "name": "Claire Morvan",
    "phone": "06 39 98 00 12",
    "email": "claire@example.org",
    "about": "Par où commencer ?",
    "consent": "on",
}
FILLED |= {"count": "1", "login": "referent_a@example.org", "password": "x" * 14, "step": "send"}


def _forms(world: World, estates: dict[str, Estate]) -> Iterator[Door]:
    local, estate = world.host(world.a), estates["a"]
    registration = Registration.objects.get(pk=estate.ids["registration"])
    check = CheckRound.objects.get(pk=estate.ids["check_round"])
    body = checking.contact(world.home(world.a))
    CheckItem.objects.create(round=check, page=body, title=body.title)
    mandate = world.people["referent_a"].mandates.get()
    paths = {
        "form: callback": (local, "/etre-rappele/", 2.0),
        "form: callback, nation": (NATIONAL_HOST, "/etre-rappele/", 0.5),
        "form: registration": (local, f"/inscription/{estate.ids['registration_event']}/", 2.0),
        "form: registration, cancelled": (
            local,
            f"/inscription/suivi/{registration_links.token_of(registration)}/",
            0.5,
        ),
        "form: still exact?": (local, _path(check_links.make(check, mandate)), 2.0),
        "form: sign in": (NATIONAL_HOST, reverse("account_login"), 1.5),
        "form: forgotten password": (NATIONAL_HOST, reverse("account_reset_password"), 1.0),
        "form: invitation": (NATIONAL_HOST, _invited(world), 1.0),
    }
    for name, (host, path, share) in paths.items():
        fields = _fields(host, path)
        assert fields, f"{name}: there is no form at {path}"
        yield Door(name, partial(_send, host, path, fields), share, (path,))
    calendar = (f"/agenda-equipe/{make_key(mandate)}/",)
    yield Door("team calendar", partial(_read, (NATIONAL_HOST,), calendar, READ), 0.5, calendar)
    yield Door("position offered", partial(_position, local), 1.0, (reverse("commune_of_position"),))
    opened = tuple(Document.objects.get(pk=one.ids["document"]).url for one in estates.values())
    opened += (reverse("wagtaildocs_authenticate_with_password", args=[1]),)
    yield Door("documents", partial(_read, (NATIONAL_HOST, local), opened, READ), 0.5, opened)


def _fields(host: str, path: str) -> dict[str, str]:
    response = Client(headers={"host": host}).get(path, follow=True)
    assert response.status_code == 200, (path, response.status_code)
    forms = BeautifulSoup(response.content, "html.parser").select("form[method=post]")
    found = {}
    for name, value in fields_of(max(forms, key=lambda form: len(form.select("[name]")))).items():
        found[name] = value[0] if isinstance(value, list) and value else value or ""
    for name in FILLED.keys() & (found.keys() | {"consent", "step"}):
        found[name] = FILLED[name]
    return found


def _send(host: str, path: str, fields: dict[str, str], chance: Random):
    query = corpus.query(chance, READ) if chance.random() < 0.1 else ""
    yield requests.form(chance, host, path, fields, query)


def _path(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)


def _invited(world: World) -> str:
    mail.outbox = []
    invitations.invite(
        email="neuf@example.org", role=RoleCode.CONTRIBUTOR, place=world.a, invited_by=world.people["admin"]
    )
    return re.search(r"/compte/invitation/[^\s/]+/", mail.outbox[-1].body)[0]


def _position(host: str, chance: Random):
    values = (0, -1, 48.39, 1e308, 10**400, True, None, "48.39", "NaN", [], {}, -91, 180.1, 1e-320, "\ud800", "é" * 50)
    data = {"latitude": chance.choice(values), "longitude": chance.choice(values)}
    body = json.dumps(data).encode() if chance.random() < 0.6 else corpus.text(chance).encode()
    body = body.replace(b'"NaN"', b"NaN")
    if chance.random() < 0.2:
        body = requests.damaged(chance, body)
    request = Request(
        host, reverse("commune_of_position"), chance.choice(("POST", "POST", "POST", "GET", "PUT")), body=body
    )
    request.content_type = chance.choice(("application/json", *corpus.CONTENT_TYPES))
    request.headers = corpus.headers(chance)
    request.host = request.headers.pop("HTTP_HOST", host)
    yield request
