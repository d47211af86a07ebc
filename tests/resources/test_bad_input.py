"""Rubbish in an address gives the page, with a word about what was left out, or a clear refusal; never a crash."""

from __future__ import annotations

import pytest
from django.test import Client

from mara_site.requests import Utf8Request
from tests import html
from tests.factories import pages
from tests.fuzz.requests import Request
from tests.helpers import page_html

SECTIONS = ("/guides/", "/annuaire/", "/partenaires/", "/agenda/", "/ressources/", "/actualites/")
LISTINGS = [("local", path) for path in SECTIONS] + [("nation", path) for path in ("/agenda/", "/groupements/")]
LONG = "a" * 10_000

# Harmless nonsense: the page comes as if nothing had been asked.
IGNORED = (
    "page=abc",
    "page=-1",
    "page=0",
    "page=",
    "page=99999999999",
    "page=%D9%A3",  # an Arabic-Indic digit
    "page=1e5",
    "page=%00",
    "page=2&page=abc&page=",
    f"page={'9' * 5000}",
    "inconnu=1&vue=mois&%00=%00",
    f"inconnu={LONG}",
    "%",
    "&&&===&",
    "q",
    "%ff%fe=%ff",
    "page[]=1&page[$ne]=1",
)
# What a field cannot read: left out, and said so.
LEFT_OUT = (
    f"q={LONG}",
    "q=%00",
    "q=caf%C3%A9%00",
)
TERM_LISTINGS = ("/guides/", "/annuaire/", "/partenaires/", "/agenda/", "/ressources/")
BAD_TERMS = ("theme='", "theme=1%20OR%201=1", "theme=%00", f"theme={LONG}", "theme=inconnu", "theme=a&theme=%00")
BAD_MONTHS = ("2027-13", "9999-99", "0000-00", "1999-12", "2101-01", "2027-1", "2027", "abc", "%00", "٢٠٢٧-٠١", LONG)
BAD_CHOICES = {
    "/guides/": ("situation=%00", "situation=inconnue", "audience='"),
    "/annuaire/": ("side=x", "category=%00", "category=;--", f"place={LONG}", "place=%00"),
    "/partenaires/": ("audience=%F0%9F%98%80",),
    "/agenda/": ("mode=x", "period=futur", "view=x", "view=%00", "audience=%00"),
    "/ressources/": ("kind=exe", "level=%00"),
}


@pytest.fixture
def host_named(world):
    pages.guide(world.national, "Guide de la nation")
    pages.event(world.home(world.a), "Rencontre bretonne")
    return {"nation": world.national_host, "local": world.host(world.a)}


def ask(visit, host: str, path: str, query: str):
    """The page of an address, which must come properly, whole and without a trace of the question's markup."""
    soup = html.parse(visit(host, f"{path}?{query}"))
    assert len(soup.select("h1")) == 1
    assert "Traceback" not in html.visible_text(soup)
    return soup


def notices(soup) -> str:
    return " ".join(tag.get_text(" ", strip=True) for tag in soup.select(".notice"))


@pytest.mark.parametrize(("where", "path"), LISTINGS)
def test_listing__nonsense__gives_the_page(host_named, visit, where, path):
    for query in IGNORED:
        text = page_html(visit(host_named[where], f"{path}?{query}"))
        # Not read into a tree: that would be the longer part of so many pages.
        assert text.count("<h1") == 1, query
        assert "Traceback" not in text, query
        assert "<script>" not in text, query


@pytest.mark.parametrize("path", SECTIONS)
def test_listing__words_it_cannot_read__are_left_out_and_said_so(host_named, visit, path):
    for query in LEFT_OUT:
        soup = ask(visit, host_named["local"], path, query)
        assert notices(soup), f"nothing is said about {query[:40]}"
        assert LONG not in soup.get_text()


@pytest.mark.parametrize("path", TERM_LISTINGS)
def test_listing__term_of_no_list__is_left_out_and_said_so(host_named, visit, path):
    for query in (*BAD_TERMS, *BAD_CHOICES[path]):
        assert notices(ask(visit, host_named["local"], path, query)), f"nothing is said about {query[:40]}"


def test_calendar__month_that_does_not_exist__shows_this_month_and_says_so(host_named, visit):
    for month in BAD_MONTHS:
        soup = ask(visit, host_named["local"], "/agenda/", f"view=month&month={month}")
        assert notices(soup), f"nothing is said about {month[:40]}"
    for month in ("2000-01", "2100-12"):
        soup = ask(visit, host_named["local"], "/agenda/", f"view=month&month={month}")
        assert not notices(soup)


def test_listing__left_out_choice__still_lists_the_rest(host_named, visit):
    soup = ask(visit, host_named["local"], "/guides/", "theme=inconnu&q=nation")
    assert "Guide de la nation" in soup.main.get_text()
    soup = ask(visit, host_named["local"], "/guides/", "theme=inconnu&q=introuvable")
    assert "Guide de la nation" not in soup.main.get_text()


def test_listing__markup_in_the_question__is_shown_as_text(host_named, visit):
    attack = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    for path in SECTIONS:
        soup = ask(visit, host_named["local"], path, f"q={attack}&page=1&x={attack}")
        assert not [tag for tag in soup.select("script") if "alert(1)" in tag.get_text()]


@pytest.mark.parametrize("path", ["/", "/guides/", "/inconnu/", "/compte/connexion/"])
def test_any_page__question_with_null_characters__never_crashes(host_named, visit, path):
    for query in ("%00", "x=%00&%00=x", f"{LONG}={LONG}", "next=%00", "language=%00"):
        assert visit(host_named["nation"], f"{path}?{query}").status_code in {200, 302, 404}


ODD_PATHS = (
    "/guides/%00/",
    "/%00",
    f"/guides/{LONG}/",
    f"/{'a/' * 2000}",
    "/guides/%ff%fe/",
    "/guides/..%2f..%2fetc/passwd/",
    "/groupements/%00/",
    f"/groupements/{LONG}/",
    "/groupements/'/",
    "//guides//",
    "/guides/imprimer/",
    "/annuaire/carte/",
    "/annuaire/carte.vcf",
    "/en/",
    "/en/guides/%00/",
    "/documents/99999999999999999999/x.pdf",
    "/media/../../etc/passwd",
    "/media/%00",
    "/static/%00",
)


@pytest.mark.parametrize("path", ODD_PATHS, ids=lambda path: path[:30])
def test_odd_address__on_either_host__is_refused_clearly(host_named, visit, path):
    for host in host_named.values():
        response = visit(host, path)
        assert response.status_code in {301, 302, 400, 404, 414}, response.status_code
        assert b"Traceback" not in response.content


def test_odd_host__never_answers_with_a_site(host_named, visit):
    for host in ("", "mara.localhost.evil.example", "a b", "mara.localhost:abc", "[::1", "é.localhost", "x" * 300):
        assert visit(host, "/").status_code in {400, 404}, host


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_page__written_to_by_a_visitor__is_refused(host_named, method):
    for host in host_named.values():
        client = Client(headers={"host": host}, enforce_csrf_checks=True)
        for path in ("/", *SECTIONS, "/guides/inconnu/"):
            response = getattr(client, method)(path, data={"q": "x"})
            assert response.status_code in {403, 404, 405}, f"{method} {path}: {response.status_code}"


@pytest.mark.parametrize("method", ["head", "options"])
def test_page__asked_about__answers_without_crashing(host_named, method):
    for host in host_named.values():
        client = Client(headers={"host": host})
        for path in ("/", *SECTIONS):
            response = getattr(client, method)(path)
            assert response.status_code == 200
            assert not response.content


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "unicode_escape", "latin-1", "idna", "punycode", "x\x00"])
def test_form__that_names_another_coding__is_read_as_utf_8(charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    request = Utf8Request(Request("x", "/", "POST", "q=%FF", b"name=%C3%89lodie", kind).environ())
    assert request.POST["name"] == "Élodie"
    assert request.GET["q"] == "\ufffd"


def test_application__handed_to_the_server__reads_every_request_as_utf_8():
    from mara_site.wsgi import application

    assert application.request_class is Utf8Request


@pytest.mark.parametrize("path", ["/etre-rappele/", "/compte/connexion/"])
def test_form__of_too_many_fields__is_refused_in_french(host_named, path):
    client = Client(headers={"host": host_named["nation"]})
    response = client.post(path, {f"f{number}": "x" for number in range(10_001)})
    assert response.status_code == 400
    assert "n’a pas été comprise" in response.content.decode()
