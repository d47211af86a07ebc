"""Find my groupement: what a question may mean, and whom it leads to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.geo.communes import Commune, by_postcode, find
from core.geo.keys import key, keys_of_name, keys_of_question
from core.models import PublicCoordinates
from regions import territories
from regions.models import Groupement
from regions.places import Place, place_of
from resources import selectors as content

MOST = 12  # communes proposed at once


@dataclass(frozen=True)
class Meaning:
    """One thing that a question may mean: a commune, or a whole territory."""

    departement: str
    commune: Commune | None = None

    @property
    def label(self) -> str:
        return self.commune.name if self.commune else territories.TERRITORIES[self.departement]

    @property
    def question(self) -> str:
        """What to ask to mean this and nothing else."""
        return self.commune.label if self.commune else self.departement

    @property
    def where(self) -> str:
        """The line under its name."""
        name = territories.TERRITORIES.get(self.departement, self.departement)
        if self.commune is None:
            return _("the whole département")
        if self.commune.former_name:
            return _("%(former)s is now part of it – %(name)s") % {"former": self.commune.former_name, "name": name}
        return f"{self.departement} – {name}"


@dataclass(frozen=True)
class Understood:
    """What a question may mean, and whether these are what was written or only what resembles it."""

    meanings: tuple[Meaning, ...] = ()
    exact: bool = True


def understand(text: str) -> Understood:
    """Read a commune, a postcode, a département or its number, as people type them."""
    digits = re.sub(r"\s", "", text)
    if digits.isascii() and digits.isdigit():
        communes = by_postcode(digits) if len(digits) == 5 else []
        found = [_of(commune) for commune in communes] or [Meaning(code) for code in territories.search(digits)]
        return Understood(tuple(found))
    codes = territories.search(text)
    whole = [Meaning(code) for code in codes if key(text) in (code.lower(), key(territories.TERRITORIES[code]))]
    communes = find(text, limit=MOST)
    questions = keys_of_question(text)
    written = [commune for commune in communes if _is_written(commune, questions)]
    if whole or written:
        return Understood((*(_of(commune) for commune in written), *whole))
    if codes:
        return Understood(tuple(Meaning(code) for code in codes), exact=len(codes) == 1)
    return Understood(tuple(_of(commune) for commune in communes), exact=False)


def _of(commune: Commune) -> Meaning:
    return Meaning(commune.departement, commune)


def _is_written(commune: Commune, questions: list[str]) -> bool:
    """Whether the whole name of a commune is in the question, with or without its département or postcode."""
    names = keys_of_name(commune.former_name or commune.name)
    return any(asked.startswith(name) or asked.endswith(name) for asked in questions for name in names)


def answer(text: str, groupements: list[Groupement], place: Place) -> dict:
    """The variables of the finder's answer: one groupement, choices between several, or a sentence.

    Args:
        text: the question, cleaned.
        groupements: every groupement, with its zone, site and fallback.
        place: where it is asked from.
    """
    if not text:
        return {}
    covering = {code: groupement for groupement in groupements for code in groupement.departements}
    understood = understand(text)
    meanings = [one for one in understood.meanings if one.departement in territories.TERRITORIES]
    if not meanings:
        sentence = _("We did not recognise “%(text)s”. Try a commune, a postcode or the number of a département.")
        return {"finder_message": sentence % {"text": text}}
    led_to = {covering.get(one.departement) for one in meanings}
    if len(led_to) > 1 or (len(meanings) > 1 and not understood.exact):
        rows = [{"meaning": one, "groupement": covering.get(one.departement)} for one in meanings]
        return {"choices": rows, "choices_exact": understood.exact}
    [groupement] = led_to
    if groupement is None:
        names = ", ".join(dict.fromkeys(territories.TERRITORIES[one.departement] for one in meanings))
        sentence = _("No groupement covers %(names)s yet: the national cell will answer you.") % {"names": names}
        national = {"nation": place.person_to_call, "callback_url": f"{place.base_path}etre-rappele/"}
        return {"finder_message": sentence} | (national if place.is_national else {})
    return {"found": found(groupement, place, meanings)}


def found(groupement: Groupement, here: Place, meanings: list[Meaning]) -> dict:
    """What the answer says of a groupement: who to call, how far, what comes next."""
    there = place_of(groupement, here)
    person = there.person_to_call if there else None
    commune = meanings[0].commune if meanings else None
    return {
        "groupement": groupement,
        "place": there,
        "url": there.home_url if there else "",
        "callback_url": f"{there.home_url}etre-rappele/" if there else "",
        "person": person,
        "why": _why(meanings),
        "distance": _distance(commune, person.coordinates if person else None),
        "next_event": next_event(there) if there else None,
    }


def _why(meanings: list[Meaning]) -> str:
    """What was understood: the commune, or the most populous of several, or the territories."""
    communes = [one.commune for one in meanings if one.commune]
    if not communes:
        return ", ".join(one.label for one in meanings)
    if len(communes) == 1:
        return communes[0].label
    return _("%(name)s and its neighbours") % {"name": communes[0].label}


def seat_of(coordinates: PublicCoordinates) -> Commune | None:
    """The commune in which somebody can be met, from their postcode and the name of their town."""
    same_postcode = by_postcode(coordinates.postcode)
    wanted = key(coordinates.commune)
    named = [commune for commune in same_postcode if key(commune.name) == wanted]
    return next(iter(named or same_postcode), None)


def _distance(commune: Commune | None, coordinates: PublicCoordinates | None) -> dict | None:
    """How far the person is from the commune asked about: kilometres, rounded, and their town."""
    seat = seat_of(coordinates) if coordinates and coordinates.postcode else None
    if commune is None or seat is None or seat.latitude is None or seat.longitude is None:
        return None
    kilometres = commune.kilometres_to(seat.latitude, seat.longitude)
    return None if kilometres is None else {"kilometres": round(kilometres), "town": seat.name}


def next_event(place: Place):
    """The next event shown at a place, its own first, with an address that leads there from any host; or None."""
    events = content.next_events(place)
    event = next((one for one in events if one.origin.is_here), next(iter(events), None))
    if event is not None and event.href.startswith("/"):
        event.href = place.site.root_url + event.href
    return event
