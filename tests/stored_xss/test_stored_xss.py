"""Stored scripts: hundreds of payloads in every text that anybody may write, and none runs where it is read.

The ordinary run opens a page out of four; ``MARA_FULL_MATRIX=1`` opens all. ``pytest -rP`` prints what was written,
what no form lets in, and how many were opened.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.browsing import HOST
from tests.isolation.matrix import addresses, answers, ground
from tests.isolation.matrix.browser import browser_of
from tests.isolation.matrix.ground import Estate
from tests.isolation.matrix.routes import all_routes
from tests.isolation.matrix.walk import SKIPPED, undone
from tests.isolation.test_public import public_paths
from tests.stored_xss.brought_in import bring_in_contacts, bring_in_events, bring_in_translation, bring_in_workbook
from tests.stored_xss.opened import Opened, Reader, fragment, opened
from tests.stored_xss.payloads import PAYLOADS
from tests.stored_xss.poison import Poison

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not os.environ.get("MARA_CHROMIUM"), reason="Chromium is absent"),
]
FULL = os.environ.get("MARA_FULL_MATRIX") == "1"
MARK = b"xss("
EVERY = 1 if FULL else 4
# What reading finds at the very least: the walk did reach what was written.
FEWEST_PAGES, FEWEST_SCREENS, FEWEST_FIELDS = (100, 150, 150) if FULL else (20, 35, 150)


def test_payloads__are_many_and_differ():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 200


def test_opened__a_text_that_is_not_escaped__is_seen_to_run(browser):
    """What the other test hears nothing of, it would hear."""
    with opened(Client(), browser) as chromium:
        for payload in ("<img src=x onerror=xss(1)>", "<script>xss(2)</script>", "<a href='javascript:xss(3)'>x</a>"):
            chromium.open(payload, f"<p>{payload}</p>".encode())
            assert chromium.ran, payload
            chromium.ran.clear()
        chromium.open("escaped", b"<p>&lt;img src=x onerror=xss(1)&gt;</p>")
        assert not chromium.ran


def test_opened__an_address_that_answers_a_text_as_it_is__is_seen_to_run(browser):
    """Nor is a page that is served, of which each text runs but what the browser is given escaped."""
    with opened(Answering(), browser) as chromium:
        for payload in (
            "<img src=x onerror=xss(1)>",
            "<script>xss(2)</script>",
            "<video src=x onerror=xss(3)></video>",
        ):
            chromium.open(f"/?{urlencode({'text': payload})}")
            assert any("ran" in told for told in chromium.ran), payload
            chromium.ran.clear()
        chromium.open("/?text=%26lt;img src=x onerror=xss(1)%26gt;")
        assert not chromium.ran


class Answering:
    """A site that writes what it is asked as it is."""

    def get(self, path: str, headers: dict[str, str]) -> HttpResponse:
        text = parse_qs(urlsplit(path).query).get("text")
        return HttpResponse(f"<p>{text[0]}</p>") if text else HttpResponse(status=404)


def test_texts__with_payloads_in_all_of_them__run_nowhere(browser, world, settings):
    settings.MARA_PDF = False  # a livret is read as the page that is laid out
    estates, poison = ground.lay(world), Poison()
    poison.pour()
    with opened(Client(), browser) as chromium:
        _read_pages(chromium, (HOST, world.host(world.a)), estates)
        pages = chromium.count
    with opened(browser_of(world, "admin"), browser) as administration:
        _read_screens(administration, estates)
    sys.stdout.write(
        f"{len(PAYLOADS)} payloads in {sum(poison.written.values())} texts of {len(poison.written)} fields; "
        f"{pages} pages and {administration.count} screens opened\n\nwritten\n"
        + "\n".join(f"{name}: {count}" for name, count in sorted(poison.written.items()))
        + "\n\nclosed to all of them\n"
        + "\n".join(sorted(poison.closed))
    )
    found = [*chromium.ran, *administration.ran]
    assert not found, "\n".join(found[:40])
    assert len(poison.stored) == len(PAYLOADS)
    assert pages >= FEWEST_PAGES
    assert administration.count >= FEWEST_SCREENS
    assert len(poison.written) >= FEWEST_FIELDS


@pytest.mark.parametrize("bring_in", [bring_in_workbook, bring_in_contacts, bring_in_events])
def test_files__with_payloads_in_every_cell__run_nowhere(browser, world, signed_in, bring_in):
    client = signed_in("referent_a")
    with opened(client, browser) as chromium:
        for path in bring_in(client, world):
            body = answers.body(client.get(path))
            assert MARK in body, path
            chromium.open(path)
    assert not chromium.ran, "\n".join(chromium.ran[:40])


# A passage may begin like an XML document: it is a text all the same.
@pytest.mark.filterwarnings("ignore::bs4.XMLParsedAsHTMLWarning")
def test_translations__with_payloads_in_every_passage_of_a_file__run_nowhere(browser, world, signed_in):
    client, estate = signed_in("referent_a"), ground.lay(world)["a"]
    with opened(client, browser) as chromium:
        for path in bring_in_translation(client, estate):
            assert MARK in answers.body(client.get(path)), path
            chromium.open(path)
    assert not chromium.ran, "\n".join(chromium.ran[:40])


def _read_pages(chromium: Opened, hosts: tuple[str, ...], estates: dict[str, Estate]) -> None:
    """Open every public page that shows a payload."""
    for host in hosts:
        for path in public_paths(estates)[::EVERY]:
            answer = chromium.reader.read(path, host)
            body = answers.body(answer)
            if _is_html(answer) and MARK in body:
                chromium.open(path, host=host)


def _read_screens(chromium: Opened, estates: dict[str, Estate]) -> None:
    """Open every screen of the administration, or part of one, that shows a payload."""
    for path, answer in _screens(chromium.reader, estates):
        body = answers.body(answer)
        if _is_html(answer) and MARK in body:
            chromium.open(path)
        elif (html := fragment(body)) and MARK in html:
            chromium.open(path, html)


def _screens(reader: Reader, estates: dict[str, Estate]) -> Iterator[tuple]:
    """The answers of the addresses of the administration, about one owner and the plainest page."""
    routes = [route for route in all_routes() if route.is_admin and route.name not in SKIPPED]
    for route in routes[::EVERY]:
        for address in addresses.addresses(route, estates["a"], (addresses.PLAIN,)):
            with undone():
                answer = reader.read(address.path)
            yield address.path, answer


def _is_html(answer) -> bool:
    return answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
