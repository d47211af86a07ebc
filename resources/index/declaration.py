"""What a page type gives to the search index: it declares it in its ``searchable()`` method.

A page type that is not searched (a section, the network's root) says ``searchable = None``; a contract
test asks each type to say one or the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The kinds among which visitors choose."""

    GUIDE = "guide", _("Guides")
    CONTACT = "contact", _("Contacts")
    EVENT = "event", _("Events")
    RESOURCE = "resource", _("Resources")
    PARTNER = "partner", _("Partners")
    NEWS = "news", _("News")
    PAGE = "page", _("Pages")
    GROUPEMENT = "groupement", _("Groupements")


@dataclass
class Searchable:
    """A page as the search reads it.

    Attributes:
        kind: what visitors choose it under.
        main: short texts that say what it is about: summary, commune, names. They count more than the body.
        body: its other texts, in the order in which they are read; HTML is taken off.
        starts_at, ends_at: of something that happens: its next (or only) time.
        date: by which results are sorted by date; the beginning of an event when not given.
        shown_from: before that moment it is in no list.
        point: latitude and longitude, decimal degrees WGS 84.
        filed_with_parent: its themes, audiences and context are those of the page above it.
        everywhere: shown in every place, whoever owns it (a groupement's own home).
    """

    kind: Any  # a Kind: without stubs, members of TextChoices look like tuples
    main: Iterable[str] = ()
    body: Iterable[str] = ()
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    date: dt.date | None = None
    shown_from: dt.datetime | None = None
    point: tuple[float, float] | None = None
    filed_with_parent: bool = False
    everywhere: bool = False


def story_texts(story) -> list[str]:
    """The texts of a StreamField, block by block, as Wagtail's own search reads them."""
    return story.stream_block.get_searchable_content(story)


def plain(html: str) -> str:
    """The text of a rich text, with a space where a tag parted two words."""
    return strip_tags(html.replace("<", " <")) if html else ""


def point_of(page) -> tuple[float, float] | None:
    """The point of a page that has an address, if it is known."""
    return (page.latitude, page.longitude) if page.has_point else None
