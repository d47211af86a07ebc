"""What all builders share: the context of a load, and the way an editor adds a page."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page

from demo.builders.links import Links
from demo.builders.media import Media
from demo.markdown import StoryParser
from demo.sources import Text
from demo.typography import french, without_elision
from home.models import HomePage
from regions.models import Groupement, Zone
from resources.models import Audience, Theme

AnyPage = TypeVar("AnyPage", bound=Page)
NATION = "nation"


@dataclass
class Load:
    """One run of the load: today's date, the authors, the reference lists, and how many pages were added."""

    say: Callable[[str], None]
    today: dt.date = field(default_factory=timezone.localdate)
    added: int = 0
    authors: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def national_home(self) -> HomePage:
        return HomePage.objects.get(locale__language_code="fr")

    @cached_property
    def media(self) -> Media:
        return Media()

    @cached_property
    def people(self) -> dict[str, Any]:
        """Accounts by e-mail address."""
        return {person.email: person for person in get_user_model().objects.all()}

    @cached_property
    def groupements(self) -> dict[str, Groupement]:
        return {groupement.code: groupement for groupement in Groupement.objects.select_related("zone", "collection")}

    @cached_property
    def zones(self) -> dict[str, Zone]:
        return {zone.code: zone for zone in Zone.objects.all()}

    @cached_property
    def _terms(self) -> dict[str, dict[str, Any]]:
        return {model.__name__: {term.code: term for term in model.objects.all()} for model in (Theme, Audience)}

    def filing(self, row: dict) -> dict[str, list]:
        """The themes and audiences that a row names by their codes."""
        return {
            "themes": [self._terms["Theme"][code] for code in row.get("themes", [])],
            "audiences": [self._terms["Audience"][code] for code in row.get("audiences", [])],
        }

    def home(self, owner: str) -> Page:
        """The French home of the nation, or of the groupement of this code."""
        if owner == NATION:
            return self.national_home
        return self.groupements[owner].roots.get(locale__language_code="fr")

    def section(self, owner: str, slug: str) -> Page:
        """One of the sections of a home."""
        return self.home(owner).get_children().get(slug=slug)

    def author(self, owner: str):
        """The person whose work this is: see :mod:`demo.builders.people`."""
        return self.authors.get(owner)

    def ago(self, days: int | None) -> dt.date | None:
        return None if days is None else self.today - dt.timedelta(days=days)

    def ahead(self, days: int | None) -> dt.date | None:
        return None if days is None else self.today + dt.timedelta(days=days)

    # --- Texts ----------------------------------------------------------------------------------

    def parser(self, owner: str, *, key: str, source: str = "", typography=french) -> StoryParser:
        """A parser of texts, French ones by default, whose internal links lead where the owner's readers expect."""
        if owner not in self._links:
            self._links[owner] = Links(self.national_home, self.home(owner))
        return StoryParser(key=key, resolve=self._links[owner].resolve, source=source, typography=typography)

    @cached_property
    def _links(self) -> dict[str, Links]:
        return {}

    def story(self, owner: str, text: Text) -> str:
        """The body of a text file, as the JSON of a story."""
        parser = self.parser(owner, key=text.key, source=text.source)
        return json.dumps(parser.story(text.body, first_line=text.first_line))

    def story_of(self, owner: str, words: str, *, key: str) -> str:
        """A body written in a table, as the JSON of a story."""
        return json.dumps(self.parser(owner, key=key, source=key).story(words.strip()))

    def rich(self, owner: str, words: str, *, key: str) -> str:
        """Paragraphs written in a table, as rich text."""
        return self.parser(owner, key=key, source=key).rich_text(words.strip())

    # --- Pages ----------------------------------------------------------------------------------

    def add(self, parent: Page, page: AnyPage, *, user, publish: bool = True) -> AnyPage | None:
        """Add a page as an editor does: a draft, its revision, then its publication.

        Returns:
            the page, or ``None`` when the parent already has one at that address: it is left as it is.
        """
        if parent.get_children().filter(slug=page.slug).exists():
            return None
        page.locale, page.owner, page.live = parent.locale, user, False
        parent.add_child(instance=page)
        revision = page.save_revision(user=user, clean=False)
        if publish:
            revision.publish(user=user)
        self.added += 1
        return page


def unique_slugs(titles: Iterable[str]) -> list[str]:
    """An address for each title, in order; the second of the same name ends in 2, and so on."""
    counts: dict[str, int] = {}
    slugs = []
    for title in titles:
        slug = slugify(without_elision(title))[:80].strip("-")
        counts[slug] = counts.get(slug, 0) + 1
        slugs.append(slug if counts[slug] == 1 else f"{slug}-{counts[slug]}")
    return slugs


def by_owner(rows: Iterable[dict], name: str) -> list[tuple[str, list[tuple[str, dict]]]]:
    """Rows grouped by owner, each with an address made of the field ``name``; the nation's first."""
    groups: dict[str, list[dict]] = {NATION: []}
    for row in rows:
        groups.setdefault(row["owner"], []).append(row)
    return [
        (
            owner,
            list(zip((row.get("slug") or slug for row, slug in zip(items, slugs, strict=True)), items, strict=True)),
        )
        for owner, items in groups.items()
        for slugs in [unique_slugs(row[name] for row in items)]
    ]
