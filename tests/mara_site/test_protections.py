"""Protections on every answer, whatever it is: pages, errors, files, feeds, redirections, refusals."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from types import SimpleNamespace

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from core import limits
from core.security_checks import protections
from tests import html
from tests.factories import pages

STATIC = "/static/mara/css/base.css"
DOORS = (
    "/", "/guides/", "/annuaire/", "/partenaires/", "/agenda/", "/ressources/", "/actualites/", "/groupements/",
    "/en/", "/recherche/?q=emploi", "/recherche/suggestions/?q=em", "/communes/?q=brest", "/communes/position/",
    "/mon-groupement/29.json", "/agenda/ical/", "/agenda/ical/national/", "/annuaire/exports/csv/",
    "/annuaire/exports/xlsx/", "/annuaire/exports/vcard/", "/annuaire/exports/geojson/",
    "/annuaire/exports/points/", "/annuaire/exports/imprimer/", "/guides/imprimer/livret/", "/etre-rappele/",
    "/etre-rappele/merci/", "/inscription/1/", "/toujours-exact/x/", "/agenda-equipe/x/", "/lien/1/",
    "/compte/connexion/", "/compte/mot-de-passe/oublie/", "/compte/invitation/x/", "/admin/", "/admin/login/",
    "/_util/login/", "/sitemap.xml", "/robots.txt", "/sante/", "/.well-known/security.txt", "/documents/1/x.pdf",
    "/media/x.jpg", "/nulle-part/", "/guides", "/%00", "/guides/?page=%FF",
)  # fmt: skip


def protected(response, *, framed: bool = False) -> None:
    headers = response.headers
    policy = headers["Content-Security-Policy"]
    if "sandbox" not in policy:
        assert "default-src 'self'" in policy or "default-src 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    if not framed:
        assert "unsafe" not in policy
        assert headers["X-Frame-Options"] == "DENY"
    if "Set-Cookie" in headers:
        assert "HttpOnly" in headers["Set-Cookie"] or "csrf" in headers["Set-Cookie"]


@pytest.fixture
def published(world):
    pages.event(world.home(world.a), registers_here=True)
    pages.contact(world.home(world.a))
    pages.chapter(pages.guide(world.home(world.a)))
    return world


@pytest.mark.parametrize("path", DOORS)
def test_door__whatever_it_answers__carries_every_protection(published, path):
    for host in (published.national_host, published.host(published.a), "inconnu.example"):
        for method in ("get", "post"):
            client = Client(headers={"host": host}, raise_request_exception=False, enforce_csrf_checks=True)
            response = getattr(client, method)(path)
            protected(response, framed=path.startswith("/admin/"))
            response.close()


def test_public_pages__every_type__hold_nothing_inline(published, visit):
    paths = {page.get_full_url() for page in Page.objects.live().filter(depth__gte=3)}
    for url in filter(None, paths):
        host, path = re.match(r"https?://([^/:]+)(?::\d+)?(/.*)", url).groups()
        response = visit(host, path)
        if response.status_code != 200:
            continue
        soup = html.parse(response)
        assert not soup.select("style, [style], base, object, embed, iframe"), url
        assert not [tag for tag in soup.select("script:not([src])") if tag.get("type") != "application/ld+json"], url
        assert not [tag for tag in soup.find_all(True) if any(name.startswith("on") for name in tag.attrs)], url


def test_server_error__of_a_public_page__carries_every_protection(published, monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("search.views.results", fails)
    client = Client(headers={"host": published.national_host}, raise_request_exception=False)
    monkeypatch.setattr("regions.visibility.present", fails)
    response = client.get("/guides/")
    protected(response)


@pytest.mark.parametrize("secure", [True, False])
def test_transport__promise_of_https__is_made_over_https_only(published, settings, secure):
    settings.SECURE_HSTS_SECONDS = 3600
    response = Client(headers={"host": published.national_host}).get("/", secure=secure)
    assert ("Strict-Transport-Security" in response.headers) is secure


def test_document__served__is_of_its_kind_attached_and_can_run_nothing(published, visit):
    from django.core.files.base import ContentFile

    from core.models import Document

    document = Document.objects.create(title="x", file=ContentFile(b"a;b", "a.csv"))
    response = visit(published.national_host, document.url)
    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].startswith("sandbox")
    response.close()


# --- security.txt ----------------------------------------------------------------------------------


def test_security_txt__national_host__is_what_the_standard_asks(world, visit, settings):
    response = visit(world.national_host, "/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert fields["Contact"].endswith(f"{world.national_host}/etre-rappele/")
    assert fields["Canonical"].endswith(f"{world.national_host}/.well-known/security.txt")
    expires = dt.datetime.fromisoformat(fields["Expires"])
    assert dt.timedelta(days=30) < expires - timezone.now() < dt.timedelta(days=365)
    settings.MARA_SECURITY_CONTACT = "mailto:securite@example.org"
    assert (
        "Contact: mailto:securite@example.org\n"
        in visit(world.national_host, reverse("security_txt")).content.decode()
    )


def test_security_txt__another_host__leads_to_the_national_one(world, visit):
    response = visit(world.host(world.a), "/.well-known/security.txt")
    assert response.status_code == 302
    assert world.national_host in response["Location"]
    assert visit("inconnu.example", "/.well-known/security.txt").status_code == 404


# --- Limits ----------------------------------------------------------------------------------------


@pytest.fixture
def within_a_minute(monkeypatch):
    """However slow the machine is: at the end of a minute one begins to count again."""
    monkeypatch.setattr(limits, "time", SimpleNamespace(monotonic=lambda: 0.0))


@pytest.mark.usefixtures("within_a_minute")
def test_limit__one_network_asks_too_often__is_told_in_french_when_to_come_back(world, visit, settings):
    settings.MARA_LIMITS = ((r"/recherche/", frozenset({"GET"}), 2),)
    numbers = itertools.count()  # a page that is kept is given again without being counted

    def ask(address: str):
        return visit(world.national_host, f"/recherche/?q=cv{next(numbers)}", REMOTE_ADDR=address)

    assert [ask("192.0.2.1").status_code for _time in range(3)] == [200, 200, 429]
    refused = ask("192.0.2.1")
    assert "Wait" not in refused.content.decode()
    assert "rien n’est bloqué" in refused.content.decode()
    assert refused["Retry-After"] == "60"
    protected(refused)
    assert ask("192.0.2.2").status_code == 200, "another network is not concerned"
    assert visit(world.national_host, "/", REMOTE_ADDR="192.0.2.1").status_code == 200
    limits.forget()
    assert ask("192.0.2.1").status_code == 200


@pytest.mark.usefixtures("within_a_minute")
def test_limit__behind_a_proxy__counts_the_visitor_and_not_what_they_claim(world, visit, settings):
    settings.MARA_LIMITS = ((r"/recherche/", frozenset({"GET"}), 1),)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    numbers = itertools.count()

    def ask(forwarded: str) -> int:
        path = f"/recherche/?q=cv{next(numbers)}"
        return visit(world.national_host, path, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded).status_code

    assert [ask("192.0.2.1"), ask("192.0.2.2")] == [200, 200]
    assert ask("203.0.113.9, 192.0.2.1") == 429, "the last address is the proxy's word; the first, anybody's"


@pytest.mark.parametrize("path", ["/annuaire/exports/csv/", "/agenda/ical/", "/communes/", "/recherche/suggestions/"])
def test_limit__what_is_long_to_make__has_one(rf, settings, path):
    assert any(re.search(pattern, path) and "GET" in methods for pattern, methods, _limit in settings.MARA_LIMITS)


def test_limit__forms_of_visitors_and_not_of_editors__have_one(settings):
    (pattern,) = [pattern for pattern, methods, _limit in settings.MARA_LIMITS if "POST" in methods]
    assert re.search(pattern, "/communes/position/")
    assert not re.search(pattern, "/admin/pages/1/edit/")


# --- Checks ----------------------------------------------------------------------------------------

SOUND = {
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "LANGUAGE_COOKIE_NAME": "__Host-language",
    "MARA_SECOND_FACTOR": True,
    "MARA_SECURITY_CONTACT": "",
}
WRONG = {
    "S001": {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"script-src": ["'unsafe-inline'"]}}},
    "S002": {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"default-src": ["'self'"]}}},
    "S003": {"WAGTAILIMAGES_EXTENSIONS": ["png", "SVG"]},
    "S004": {"WAGTAILDOCS_DOCUMENT_FORM_BASE": ""},
    "S005": {"MIDDLEWARE": ["x", "mara_site.middleware.ProtectionsMiddleware"]},
    "S006": {"MIDDLEWARE": ["x", "y", "regions.middleware.KnownHostMiddleware"]},
    "S007": {"CSRF_COOKIE_NAME": "csrf"},
    "S008": {"MARA_SECOND_FACTOR": False},
    "S009": {"MARA_SECURITY_CONTACT": "securite@example.org"},
}


def found(settings, **changed) -> set[str]:
    for name, value in (SOUND | changed).items():
        setattr(settings, name, value)
    return {error.id.removeprefix("mara.") for error in protections(None)}


def test_checks__production_s_values__find_nothing(settings):
    assert found(settings) == set()


@pytest.mark.parametrize("number", WRONG)
def test_checks__a_protection_taken_away__is_an_error(settings, number):
    assert number in found(settings, **WRONG[number])


def test_checks__of_deployment__are_registered(settings):
    found(settings, MARA_SECOND_FACTOR=False)
    assert "mara.S008" in {error.id for error in run_checks(tags=["security"], include_deployment_checks=True)}
