"""Loads the demonstration, and knows in an instant that there is nothing left to load."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import transaction

from demo.builders import (
    calendars,
    checks,
    contacts,
    corrections,
    english,
    events,
    frames,
    guides,
    imports,
    labels,
    network,
    news,
    notes,
    pages,
    partners,
    people,
    reference,
    registrations,
    requests,
    resources,
    search,
)
from demo.builders.base import Load
from demo.indexing import indexed_once
from demo.models import LoadedContent
from demo.sources import ROOT
from resources.index import following, starter

STEPS = (
    ("Listes nationales", reference.build),
    ("Personnes et mandats", people.build),
    ("Guides", guides.build),
    ("Partenaires", partners.build),
    ("Annuaire", contacts.build),
    ("Tableaux de contacts", imports.build),
    ("Bibliothèque", resources.build),
    ("Agenda", events.build),
    ("Notes locales", notes.build),
    ("Agendas de partenaires", calendars.build),
    ("Inscriptions", registrations.build),
    ("Demandes", requests.build),
    ("Actualités", news.build),
    ("Pages et accueils", pages.build),
    ("Trame commune", frames.build),
    ("Label", labels.build),
    ("Corrections proposées", corrections.build),
    ("Pages en anglais", english.build),
    ("Vérifications", checks.build),
    ("Recherche", search.build),
)


def fingerprint() -> str:
    """What changes with any text, table, file or builder of the demonstration."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def is_loaded() -> bool:
    """Whether this database already holds the demonstration as it is written today."""
    return LoadedContent.objects.filter(fingerprint=fingerprint()).exists()


def load(*, say: Callable[[str], None], port: int | None = None) -> Load:
    """Add to the database whatever the demonstration has and it lacks; nothing that exists is changed.

    Each kind of content is one transaction: an interrupted load goes on where it stopped.

    Args:
        say: writes a line of progress.
        port: the port on which every site answers; unchanged when not given.
    """
    run = Load(say=say)
    say("Réseau")
    with transaction.atomic(), indexed_once():
        network.build(run, port=port)
    for title, build in STEPS:
        say(title)
        with transaction.atomic(), indexed_once():
            people.find_authors(run)
            build(run)
    say("Recherche")
    starter.ensure_starter_synonyms()
    following.follow()
    LoadedContent.objects.all().delete()
    LoadedContent.objects.create(fingerprint=fingerprint())
    return run
