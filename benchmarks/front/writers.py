"""Those who write meanwhile: each text has a word of its own, and is looked for in the database at the end."""

from __future__ import annotations

import http.client
import itertools
import threading
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

import psycopg
from bs4 import BeautifulSoup

from benchmarks.front.readers import connect
from benchmarks.front.servers import GROUPEMENT, HOST, Stage
from tests.controls import fields_of

OLD_ENOUGH = 3.2  # seconds: a visitor's form sent sooner is taken for a robot's
AGAIN = 1.5  # seconds before somebody whose text was not taken sends the same form again
MOST_TRIES = 150
CALLBACK = "/etre-rappele/"


@dataclass
class Written:
    """What the writers of one kind were told.

    Attributes:
        acknowledged: the words of the texts that were said to be kept.
        begun: all the words that were sent.
        again: how many times a form was sent again after no answer, or a refusal for want of a database.
        unsaid: answers of failure that were neither ours in French nor the front server's in French.
        wrong: answers that a writer cannot explain.
    """

    begun: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    again: int = 0
    unsaid: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Writer(threading.Thread):
    """Fills in a form, sends it, and sends the same one again until it is said to be kept."""

    def __init__(self, stage: Stage, stop: threading.Event, told: Written, rank: int) -> None:
        super().__init__(daemon=True)
        self.stage, self.stop, self.told, self.rank = stage, stop, told, rank
        self.cookies: dict[str, str] = {}
        self.source = "127.0.0.1"
        self.host = HOST

    def run(self) -> None:
        for number in itertools.count():
            if self.stop.is_set():
                return
            self.source = f"127.{20 + self.rank}.{number // 250 % 250}.{1 + number % 250}"  # each from another network
            word = uuid.uuid4().hex
            address, sent = self.fill(word, number)
            if sent:
                self.told.begun.append(word)
                self.send(word, address, sent)

    def fill(self, word: str, number: int) -> tuple[str, dict]:
        """The address of a form and what it holds, with the word in it; nothing when no form could be had."""
        raise NotImplementedError

    def send(self, word: str, address: str, sent: dict) -> None:
        for attempt in range(MOST_TRIES):
            status, headers, body = self.ask("POST", address, urlencode(sent, doseq=True))
            if status == 302 and "/compte/" not in headers.get("Location", ""):
                self.told.acknowledged.append(word)
                return
            if status and status < 500:
                self.told.wrong.append(f"{status} {_words(body)[:300]}")
                return
            if status and '<html lang="fr">' not in body:
                self.told.unsaid.append(f"{status} {body[:80]}")
            self.told.again += attempt >= 0
            time.sleep(AGAIN)
        self.told.wrong.append("never taken")

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, dict, str]:
        """One request on a connection of its own: status (0 without an answer), headers, text."""
        headers = {"Host": self.host, "Origin": f"https://{self.host}", "Referer": f"https://{self.host}{path}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection = connect(self.stage.https, self.source)
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
            connection.close()
        except (OSError, http.client.HTTPException):
            return 0, {}, ""
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _sep, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, dict(response.headers), text


class Visitor(Writer):
    """Asks a groupement to be called back."""

    def fill(self, word: str, number: int) -> tuple[str, dict]:
        self.host, self.cookies = GROUPEMENT, {}
        status, _headers, body = self.ask("GET", CALLBACK)
        if status != 200:
            time.sleep(AGAIN)
            return "", {}
        sent = fields_of(BeautifulSoup(body, "html.parser").select_one("form.callback__form"))
        time.sleep(OLD_ENOUGH)
        sent |= {"name": "Un visiteur", "phone": "02 99 00 00 00", "about": f"Parler de {word}", "consent": "on"}
        return CALLBACK, sent


class Referent(Writer):
    """Saves a page of their groupement, in the administration."""

    def fill(self, word: str, number: int) -> tuple[str, dict]:
        self.cookies["__Host-session"] = self.stage.people["session"]
        address = f"/admin/pages/{self.stage.people['written'][number % 3]}/edit/"
        time.sleep(1)
        status, _headers, body = self.ask("GET", address)
        form = BeautifulSoup(body, "html.parser").select_one("form[data-edit-form]") if status == 200 else None
        if form is None:
            time.sleep(AGAIN)
            return "", {}
        # Blocks are laid out by a script: none is sent.
        return address, fields_of(form) | {"title": f"La page {word}", "body-count": "0"}


def _words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


class Writers:
    """Everybody who writes, and the reckoning."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.stop = stage, threading.Event()
        self.told = {"a visitor's request": Written(), "a référent's page": Written()}
        requests, pages = self.told.values()
        self.people: list[Writer] = [Visitor(stage, self.stop, requests, rank) for rank in range(3)]
        self.people.append(Referent(stage, self.stop, pages, 9))

    def start(self) -> None:
        for person in self.people:
            person.start()

    def end(self) -> None:
        self.stop.set()
        for person in self.people:
            person.join(timeout=MOST_TRIES * AGAIN)

    def reckon(self) -> list[list]:
        """For each kind: sent, acknowledged, sent again, lost, doubled, wrong answers."""
        rows = []
        with psycopg.connect(self.stage.environment["DATABASE_URL"]) as database:
            texts = {
                "a visitor's request": "SELECT about FROM exchanges_callbackrequest",
                "a référent's page": "SELECT content ->> 'title' FROM wagtailcore_revision",
            }
            for kind, told in self.told.items():
                found = [text for (text,) in database.execute(texts[kind])]
                count = {word: sum(word in text for text in found) for word in told.begun}
                lost = [word for word in told.acknowledged if not count[word]]
                doubled = [word for word in told.begun if count[word] > 1]
                rows.append(
                    [
                        kind,
                        len(told.begun),
                        len(told.acknowledged),
                        told.again,
                        len(lost),
                        len(doubled),
                        len(told.unsaid),
                        len(told.wrong),
                    ]
                )
        return rows
