"""The journal: JSON lines with the request's number, and nothing about anybody."""

from __future__ import annotations

import json
import logging
import re
import sys

import pytest
from django.test import Client

from mara_site.hosting.logs import sentry
from mara_site.hosting.logs.formatter import JsonFormatter, without_personal_data
from mara_site.hosting.logs.requests import current_request_id

HEADER = "X-Request-ID"


@pytest.fixture
def journal():
    """What production would write, line by line."""
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    keeper = Keeper()
    keeper.setFormatter(JsonFormatter())
    loggers = [logging.getLogger("mara.access"), logging.getLogger("django.request")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(keeper)
        logger.setLevel(logging.INFO)
    yield lines
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(keeper)
        logger.setLevel(level)


def told(text: str, *args, **kwargs) -> dict:
    record = logging.LogRecord("mara.test", logging.INFO, __file__, 1, text, args, kwargs.get("exc_info"))
    line = JsonFormatter().format(record)
    assert "\n" not in line
    return json.loads(line)


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["abcdef0123456789", "3f2a-77_b0000"])
def test_request_id__sane__is_kept(visit, given):
    assert visit("10.0.0.7", "/sante/", headers={HEADER: given})[HEADER] == given


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", ["", "court", "a" * 65, "x" * 20 + "\r\nSet-Cookie: a=b", "é" * 10, "<script>alert(1)"]
)
def test_request_id__absent_or_strange__is_made(visit, given):
    number = visit("10.0.0.7", "/sante/", headers={HEADER: given})[HEADER]
    assert re.fullmatch(r"[0-9a-f]{32}", number)


@pytest.mark.django_db
def test_request_id__after_the_answer__is_forgotten(visit):
    visit("10.0.0.7", "/sante/")
    assert current_request_id() == ""


def test_journal__page_read__tells_its_address_and_no_word_of_its_question(world, visit, journal):
    response = visit(world.national_host, "/annuaire/?q=Durand+marie@example.net")
    (line,) = map(json.loads, journal)
    assert line["request"] == response[HEADER]
    assert (line["method"], line["status"], line["path"]) == ("GET", 200, "/annuaire/")
    assert line["site"] == world.national_host
    assert "Durand" not in journal[0]
    assert "example.net" not in journal[0]


@pytest.mark.parametrize("path", ["/compte/invitation/un-secret-de-lien/", "/nulle-part/marie.durand/"])
def test_journal__address_that_is_no_page__tells_its_route_only(world, visit, journal, path):
    visit(world.national_host, path)
    assert journal
    assert not any("secret" in line or "durand" in line for line in journal)
    assert all("route" in json.loads(line) or "message" in json.loads(line) for line in journal)


@pytest.mark.django_db
def test_journal__watchers__are_not_told(visit, journal):
    visit("10.0.0.7", "/sante/")
    visit("10.0.0.7", "/pret/")
    assert [line for line in journal if "mara.access" in line] == []


def test_journal__view_that_fails__tells_where_and_not_what_was_typed(world, journal, monkeypatch):
    def fail(request):
        raise ValueError("invalid literal: 'Marie Durand'")

    monkeypatch.setattr("mara_site.hosting.readiness.checks", lambda: fail(None))
    client = Client(headers={"host": world.national_host}, raise_request_exception=False)
    assert client.get("/pret/?nom=Durand").status_code == 500
    assert "Durand" not in "".join(journal)
    line = next(json.loads(line) for line in journal if "exception" in json.loads(line))
    assert line["exception"][0]["kind"] == "builtins.ValueError"
    assert "test_logs.py" in line["exception"][0]["where"][0]
    assert line["message"] == "Internal Server Error: pret/"


@pytest.mark.parametrize(
    "text",
    [
        "écrit à marie.durand+mara@example.co.uk",
        "vu depuis 192.168.1.20",
        "vu depuis 2001:db8:85a3:0:0:8a2e:370:7334",
        "appelle le 06 12 34 56 78",
        "appelle le +33612345678",
        "GET /recherche/?q=durand&page=2 a échoué",
    ],
)
def test_without_personal_data__text_that_names_somebody__hides_it(text):
    hidden = without_personal_data(text)
    assert "…" in hidden
    assert not re.search(r"durand|192|2001|34|0612", hidden)


@pytest.mark.parametrize("text", ["3 messages en 12:30:45", "version 8.0.1", "page 20261129", "prêt ? oui"])
def test_without_personal_data__ordinary_text__is_left_alone(text):
    assert without_personal_data(text) == text


def test_formatter__error_with_a_cause__tells_both_kinds_without_their_words():
    try:
        try:
            raise KeyError("marie@example.net")
        except KeyError as error:
            raise RuntimeError("Durand") from error
    except RuntimeError:
        line = told("failed", exc_info=sys.exc_info())
    assert [one["kind"] for one in line["exception"]] == ["builtins.RuntimeError", "builtins.KeyError"]
    assert "Durand" not in str(line)
    assert "example.net" not in str(line)


def test_sentry__an_event__keeps_places_and_forgets_people():
    event = {
        "request": {"method": "POST", "url": "https://x/?q=Durand", "data": {"nom": "Durand"}, "cookies": "a"},
        "user": {"ip_address": "1.2.3.4"},
        "logentry": {"message": "Durand"},
        "breadcrumbs": {"values": ["Durand"]},
        "exception": {"values": [{"type": "ValueError", "value": "Durand", "stacktrace": {"frames": []}}]},
    }
    kept = sentry.without_personal_data(event, {})
    assert "Durand" not in str(kept)
    assert kept["request"] == {"method": "POST"}
    assert kept["exception"]["values"][0]["type"] == "ValueError"
