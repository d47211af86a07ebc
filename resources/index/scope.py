"""What a place may find: ``regions.visibility``'s rule, in the terms that an index can filter by.

The rule itself stays in ``regions.visibility``: a contract test puts both side by side on every kind of
page, and the rows shown are read through it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import Http404

from core.page_cache.memory import remembered
from regions.models import Groupement
from regions.places import NETWORK_PATH_LENGTH, Place, locales_of, place_for


@dataclass
class Scope:
    """Tree paths that say what is visible, for one place and one language.

    Attributes:
        home: the place's own home; national: the nation's, the same on the national site.
        network: the tree of that language; neighbours: the homes of the zone, without our own.
        restricted: what is reserved to some.
        whole_network: whether what the others publish without sharing it is looked for as well.
        homes: code and name of the groupement of each home.
    """

    home: str
    national: str
    neighbours: tuple[str, ...]
    restricted: tuple[str, ...]
    whole_network: bool
    language: str
    homes: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def network(self) -> str:
        return self.home[:NETWORK_PATH_LENGTH]

    @property
    def is_national(self) -> bool:
        return self.home == self.national

    def paths_of(self, code: str) -> list[str]:
        """The homes of a groupement, by its code."""
        return [path for path, (known, _name) in self.homes.items() if known == code]


def place_in(place: Place, language: str) -> Place | None:
    """The same site in another language, or ``None`` where it has none."""
    if not language or language == place.locale.language_code:
        return place
    locale = next((row for row in locales_of(place.request).values() if row.language_code == language), None)
    if locale is None:
        return None
    try:
        return place_for(place.request, locale_id=locale.pk)
    except Http404:
        return None


def scope_of(place: Place, *, whole_network: bool = False) -> Scope:
    """Return what a place may find, in the place's language. Two queries, one more from a groupement, remembered."""

    def homes() -> dict[str, tuple[str, str]]:
        rows = Groupement.objects.filter(roots__path__startswith=place.network_path)
        return {path: (code, name) for path, code, name in rows.values_list("roots__path", "code", "name")}

    neighbours = remembered(place.request, ("neighbours", place.home.path), lambda: tuple(place.zone_home_paths))
    return Scope(
        home=place.home.path,
        national=place.national_home.path,
        neighbours=neighbours,
        restricted=place.restricted_paths,
        whole_network=whole_network,
        language=place.locale.language_code,
        homes=remembered(place.request, ("homes of the network", place.network_path), homes),
    )
