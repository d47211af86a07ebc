"""Walks the matrix for one role, and writes down what it found."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from unittest import mock

from django.conf import urls
from django.core import mail
from django.core.files.storage import FileSystemStorage
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseNotFound
from django.test import Client
from django.urls import reverse
from wagtail.models import sites

from tests.isolation.matrix import addresses, answers, canaries, policy, rows
from tests.isolation.matrix.bodies import Forms, forged, json_body
from tests.isolation.matrix.ground import Estate
from tests.isolation.matrix.memory import Memory
from tests.isolation.matrix.queries import queries
from tests.isolation.matrix.routes import Route, all_routes
from users import middleware

SAFE, UNSAFE = ("GET", "HEAD"), ("POST", "PUT", "PATCH", "DELETE")
GHOST_PAGE = "/admin/pages/987654/edit/"
# Who holds one place and is tried against another with all that the ground has.
HOLDERS = frozenset({"contributor_a", "referent_a"})
# What is read wherever it comes from by whoever keeps the nation: the words that visitors searched, the corrections
# that groupements propose to it, and who proposes them.
TOLD_TO_THE_NATION = frozenset({"searched", "proposed", "correctionremark", "correctionanswer", "proposer"})
# Signing out would end the walk.
SKIPPED = frozenset({"wagtailadmin_logout", "account_logout"})


@dataclass
class Report:
    """What a walk found. ``faults``: one line each; empty when the walls hold."""

    role: str
    cells: int = 0
    words: Counter = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    survey: dict = field(default_factory=dict)

    def line(self) -> str:
        words = ", ".join(f"{count} {word}" for word, count in self.words.most_common())
        return (
            f"{self.role}: {self.cells} cells in {self.seconds:.0f} s, {self.cpu:.0f} s of processor ({words}); "
            f"{len(self.seen)} canaries seen, {len(self.faults)} faults"
        )


@contextmanager
def undone():
    """A part of the ground's transaction that is taken back, with what it left for after its commit."""
    waiting = len(connection.run_on_commit)
    with transaction.atomic():
        yield waiting
        transaction.set_rollback(True)
    connection.run_on_commit = connection.run_on_commit[:waiting]


def _bare(request, exception) -> HttpResponse:
    """An absence without its page."""
    return HttpResponseNotFound()


class Walk:
    """One role's walk over every address of the administration.

    Args:
        client: signed in as the role.
        forms: where the bodies come from; shared by the walks.
        full: every kind of page and every method; otherwise GET and POST on the plainest page.
    """

    def __init__(self, role: str, client: Client, forms: Forms, estates: dict[str, Estate], *, full: bool) -> None:
        self.report = Report(role)
        self.client, self.forms = client, forms
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.estates, self.full = estates, full
        self.role, self.held, self.opened = role, rows.held_by(role), False
        self.own = estates[next((owner for owner in canaries.OWNERS if owner in self.held), "a")]
        self.stranger = estates["a" if self.own.owner == "b" else "b"]
        self.baseline = rows.Baseline(estates)
        self.ghosts: dict[str, tuple | None] = {}
        self.headed: set[str] = set()
        self.memory = Memory()

    @contextmanager
    def _undone(self) -> Iterator[int]:
        with undone() as waiting:
            yield waiting
        self.memory.begin()

    def run(self, routes: tuple[Route, ...] | None = None) -> Report:
        start, spent = time.monotonic(), time.process_time()
        # What a session writes once a day is written before: each cell is taken back, and would write it again.
        for client in (self.client, self.forms.client):
            client.get(reverse("wagtailadmin_home"))
        # Nor is it seen once more each minute, for the same reason. One host is looked for in an expensive way.
        found = cache(sites.get_site_for_hostname)
        # pytest keeps, and writes out, each of the thousand traces of a variable that Wagtail's templates test.
        logging.disable(logging.CRITICAL)
        try:
            # What is deleted comes back with the savepoint; its file would not.
            with (
                mock.patch.object(FileSystemStorage, "delete"),
                mock.patch.object(middleware, "SEEN_EVERY", 86_400),
                mock.patch.object(sites, "get_site_for_hostname", found),
                self.memory.kept(),
            ):
                self._walk(routes or all_routes())
        finally:
            logging.disable(logging.NOTSET)
        self.report.seconds, self.report.cpu = time.monotonic() - start, time.process_time() - spent
        return self.report

    def _walk(self, routes: tuple[Route, ...]) -> None:
        for route in routes:
            if route.is_admin and route.name not in SKIPPED:
                for address, methods in self._cells(route):
                    for method in methods:
                        if not self._repeats(route, method):
                            self._try(address, method)

    def _cells(self, route: Route) -> Iterator[tuple[addresses.Address, tuple[str, ...]]]:
        """The addresses of a pattern, with the methods to try on each."""
        asked = False
        for estate in self.estates.values():
            for address in addresses.addresses(route, estate, self._kinds(estate)):
                if address.owner != "-":
                    yield address, self._methods(estate.owner, address.kind)
                elif not asked:
                    asked = True
                    yield address, self._methods("b", addresses.PLAIN)
                    if self.opened:  # a closed door answers no query either
                        for query in self._queries(route):
                            yield self._with_query(address, query), ("GET",)
        if self.role in HOLDERS and self.stranger is not self.own:
            for address in addresses.mixed(route, self.own, self.stranger):
                yield address, ("GET", "POST") if self.full else ("GET",)

    def _repeats(self, route: Route, method: str) -> bool:
        """Whether a HEAD would only draw once more what GET was shown: tried once for each pattern that opens."""
        if method != "HEAD" or not self.opened:
            return False
        known = route.key in self.headed
        self.headed.add(route.key)
        return known

    def _queries(self, route: Route) -> list[str]:
        """Every query string, or those that find the most: a search, and the other's numbers."""
        every = queries(route.key, self.stranger)[1:]
        if self.full and self.role != "admin":
            return every
        return [query for query in every if query in {"q=zq", "search=zq"} or query.startswith("id=")][:2]

    def _kinds(self, estate: Estate) -> tuple[str, ...]:
        if self.full and estate is self.stranger and self.role in HOLDERS:
            return addresses.KINDS
        return (addresses.PLAIN, "home") if self.full and estate is self.own else (addresses.PLAIN,)

    def _methods(self, owner: str, kind: str) -> tuple[str, ...]:
        """Every method on the plainest page and on what is no page, whoever owns it."""
        if kind != addresses.PLAIN and kind in addresses.KINDS:
            return ("GET",)
        if self.full:
            return (*SAFE, *UNSAFE)
        return ("GET", "POST") if owner == self.stranger.owner and self.held else ("GET",)

    @staticmethod
    def _with_query(address: addresses.Address, query: str) -> addresses.Address:
        return addresses.Address(address.route, f"{address.path}?{query}", "-", query)

    def _try(self, address: addresses.Address, method: str) -> None:
        other = self.estates.get(address.owner) or self.estates["b"]
        body = {}
        # The ordinary run does not look for the form of a door that it has just found closed.
        if method == "POST" and self.held and (self.full or self.opened):
            with self._undone():
                body = self.forms.body(address, self.own, other)
        elif method == "POST":
            body = forged(self.own, other, address.path)
        with self._undone() as waiting:
            mail.outbox = []
            with rows.writes() as tables, self._drawn(method):
                response = self._send(address, method, other, body)
                self._commit(waiting)
            found = answers.canaries(response)
            harmed = self.baseline.harmed(tables, self.held) if tables and not connection.needs_rollback else []
        word = answers.word(response)
        if method == "GET":
            self.opened = word == answers.OPEN
            self._compare_with_ghost(address, word, response)
        self._judge(address, method, word, found, harmed)

    def _drawn(self, method: str) -> AbstractContextManager:
        """The page of absence is drawn, and read, for GET, and for POST when full: it is the same for every method."""
        if method == "GET" or (self.full and method == "POST"):
            return nullcontext()
        return mock.patch.object(urls, "handler404", _bare)

    def _compare_with_ghost(self, address: addresses.Address, word: str, response) -> None:
        """An absence says nothing: same body and same headers as for a number that does not exist."""
        if word != answers.ABSENT or address.owner in {"-", *self.held}:
            return
        answer = answers.exactly(response)
        if not self.full and answer == self._ghost(GHOST_PAGE):
            return
        ghost = self._ghost(addresses.ghost(address.route) or GHOST_PAGE)
        # None: a number of the pattern is no object's (a language, say), and exists whatever it is.
        if ghost is not None and answer != ghost:
            self.report.faults.append(f"{self.role} GET {address.path}: not the 404 of a number that does not exist")

    def _ghost(self, path: str) -> tuple | None:
        """The answer about numbers that do not exist."""
        if path not in self.ghosts:
            ghost = addresses.Address(all_routes()[0], path, "-")
            with self._undone():
                response = self._send(ghost, "GET", self.stranger, {})
            self.ghosts[path] = answers.exactly(response) if answers.word(response) == answers.ABSENT else None
        return self.ghosts[path]

    def _send(self, address: addresses.Address, method: str, other: Estate, body: dict):
        # Neither signed out by what was tried before, nor told about it.
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        if method in SAFE:
            return self.client.generic(method, address.path)
        if "/api/main/" in address.path:
            return self.client.generic(method, address.path, json_body(other), content_type="application/json")
        send = getattr(self.client, method.lower())
        return send(address.path, body) if method == "POST" else send(address.path)

    @staticmethod
    def _commit(waiting: int) -> None:
        """Run what the request left for after its commit, which never comes here."""
        callbacks, connection.run_on_commit = connection.run_on_commit[waiting:], connection.run_on_commit[:waiting]
        for _sids, callback, _robust in callbacks:
            callback()

    def _judge(self, address, method: str, word: str, found: set[str], harmed: list[str]) -> None:
        report = self.report
        report.cells += 1
        report.words[word] += 1
        report.seen |= {canary for canary in found if canaries.owner_of(canary) in self.held}
        where = f"{report.role} {method} {address.route.key} [{address.owner}:{address.kind}] {address.path}"
        report.survey.setdefault((address.route.key, address.owner), Counter())[f"{method}:{word}"] += 1
        if word == answers.ERROR and not policy.fails_upstream(address.route.key, method):
            report.faults.append(f"{where}: error, {self.client.raised!r}")
        if leaked := self._leaked(found):
            report.faults.append(f"{where}: shows {', '.join(sorted(leaked))}")
        if harmed:
            report.faults.append(f"{where}: changes {'; '.join(harmed[:5])}")
        if address.route.key not in policy.named():
            report.faults.append(f"{address.route.key}: not in policy.toml")
        elif not self._is_expected(address, method, word):
            wanted = "|".join(sorted(policy.expected(address.route.key, report.role, address.owner)))
            report.faults.append(f"{where}: {word}, expected {wanted}")

    def _is_expected(self, address, method: str, word: str) -> bool:
        wanted = policy.expected(address.route.key, self.report.role, address.owner)
        if word in wanted or word == answers.ERROR:  # an error is a fault by itself, unless it is known
            return True
        if answers.OPEN not in wanted:
            # Nobody learns from a method what the others hide.
            return False
        # An open door may refuse a method or a body, or lack what a query asks for.
        return method not in SAFE or "=" in address.kind or word in {answers.REFUSED, answers.METHOD}

    def _leaked(self, found: set[str]) -> set[str]:
        """What somebody outside reads: any word of another groupement, and the nation's secrets."""
        return {
            canary
            for canary in found
            if canaries.owner_of(canary) not in self.held
            and (canaries.is_secret(canary) or canaries.owner_of(canary) != canaries.NATION)
            and not (canaries.NATION in self.held and canary[4:-1] in TOLD_TO_THE_NATION)
        }
