"""From an entry to what tantivy keeps of it. One entry is one document; a complement is two.

A complement is read inside the national page: in its own groupement its document holds both texts and
stands for the national page; elsewhere, where somebody searches the whole network, it holds its own only.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import tantivy
from django.utils import timezone
from wagtail.models import Page

from core.text import fold
from regions.models.sharing import Sharing
from regions.places import HOME_PATH_LENGTH, NETWORK_PATH_LENGTH
from resources.index import analysis
from resources.index.models import IndexEntry

SCHEMA_VERSION = 1  # to be raised with any change below: each machine then makes its index again
WORDS = ("title", "main", "body")
field_terms = "spellings"
NEVER, ALWAYS = 0, 4_000_000_000  # moments, in seconds since 1970
NO_POINT = 999.0


@cache
def schema() -> tantivy.Schema:
    """The fields of a document."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("page", stored=True, indexed=True, fast=True)
    builder.add_text_field("position", stored=True, tokenizer_name="raw", index_option="basic")
    for name in WORDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in ("joined", "titles", field_terms):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("read", "above", "completed"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("home", "shared", "kind", "theme", "audience", "seen"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("shown_from", "expires", "starts", "ends", "date"):
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in ("latitude", "longitude"):
        builder.add_float_field(name, indexed=True, fast=True)
    return builder.build()


def documents_of(entry: IndexEntry) -> list[tantivy.Document]:
    """The documents of an entry: none for a page that is gone."""
    if entry.gone:
        return []
    network = entry.home[:NETWORK_PATH_LENGTH]
    if not entry.base_id:
        read = [here(entry.home), everywhere(network)]
        if entry.shared == Sharing.NATION:
            read.append(shared_with_all(network))
        elif entry.shared == Sharing.ZONE:
            read.append(shared_with_zone(entry.home))
        return [_document(entry, read, "all")]
    merged = _document(entry, [here(entry.home)], "here")
    alone = _document(entry, [everywhere(network)], "elsewhere", alone=True)
    return [merged, alone]


# The words by which a scope says what it reads.


def here(home: str) -> str:
    return f"h{home}"


def everywhere(network: str) -> str:
    return f"w{network}"


def shared_with_all(network: str) -> str:
    return f"n{network}"


def shared_with_zone(home: str) -> str:
    return f"z{home}"


def moment(value: dt.datetime | None, missing: int) -> int:
    """A moment in seconds since 1970."""
    return missing if value is None else int(value.timestamp())


def _document(entry: IndexEntry, read: list[str], seen: str, *, alone: bool = False) -> tantivy.Document:
    values: dict = {
        "page": [entry.page_id],
        "title": ["" if alone else entry.title_words],
        "main": [entry.own_words if alone else entry.main_words],
        "body": ["" if alone else entry.body_words],
        "joined": ["" if alone else entry.joined_words],
        "titles": [" ".join(folded_words(entry.title))],
        "spellings": [entry.spellings],
        "read": read,
        "above": _ancestors(entry.path) + _ancestors(entry.base_path),
        "completed": list(entry.completed_in),
        "home": [entry.home],
        "shared": [entry.shared],
        "kind": [entry.kind],
        "theme": list(entry.themes),
        "audience": list(entry.audiences),
        "seen": [seen],
        "shown_from": [moment(entry.shown_from, NEVER)],
        "expires": [moment(entry.expires_at, ALWAYS)],
        "date": [entry.date.toordinal() if entry.date else 0],
        "latitude": [NO_POINT if entry.latitude is None else entry.latitude],
        "longitude": [NO_POINT if entry.longitude is None else entry.longitude],
    }
    if entry.starts_at:
        values["starts"] = [moment(entry.starts_at, NEVER)]
        values["ends"] = [moment(entry.ends_at or entry.starts_at, NEVER)]
    return tantivy.Document.from_dict(values, schema())


def folded_words(text: str) -> list[str]:
    """The words of a title, whole: what somebody who is still typing has begun."""
    return [piece for word in analysis.written_words(text) for piece in analysis.parts(fold(word))]


def _ancestors(path: str) -> list[str]:
    """The tree paths of a page and of those above it, from its home on."""
    return [path[:length] for length in range(HOME_PATH_LENGTH, len(path) + 1, Page.steplen)]


def now() -> int:
    """This moment, in seconds since 1970."""
    return int(timezone.now().timestamp())
