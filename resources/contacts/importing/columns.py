"""Which column of a table is what: guessed from its heading, remembered from the last time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from core.text import fold

# What a column may be, in the order in which it is offered. Several columns may be telephones.
FIELDS = {
    "title": _("Name of the body"),
    "category": _("Category"),
    "service": _("What it does for you"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "website": _("Website"),
    "contact_name": _("Person to ask for"),
    "address": _("Address"),
    "address_complement": _("Address complement"),
    "postcode": _("Postcode"),
    "commune": _("Commune"),
    "insee_code": _("INSEE code"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "hours": _("Opening hours"),
    "hours_note": _("More about the hours"),
    "conditions": _("Conditions"),
    "area_served": _("Area served"),
    "themes": _("Themes"),
    "source_id": _("Identifier in the file"),
    "checked_on": _("Checked on"),
}
SEVERAL = frozenset({"phone"})
# Headings that people write, folded and without punctuation; an exact one first, then one that contains it.
_EXACT = {
    "title": "nom|organisme|nom de l organisme|structure|raison sociale|denomination|etablissement|libelle|intitule"
    "|name|titre|societe|entreprise|association|contact|name of the body|nom organisme",
    "category": "categorie|type|nature|rubrique|famille|category|type de structure",
    "service": "service|services|description|presentation|activite|activites|mission|missions|objet"
    "|ce qu il fait pour vous|prestations|offre|what it does for you",
    "phone": "telephone|tel|tel 1|tel 2|portable|mobile|fixe|phone|telephone fixe|telephone portable|gsm|numero",
    "email": "mail|e mail|email|courriel|adresse mail|adresse e mail|adresse electronique|mel|adresse email",
    "website": "site|site web|site internet|url|web|website|adresse web|lien",
    "contact_name": "interlocuteur|personne a demander|nom du contact|referent|responsable|correspondant"
    "|personne a contacter|person to ask for|nom contact",
    "address": "adresse|rue|voie|adresse postale|adresse 1|address|numero et voie|n et rue",
    "address_complement": "complement|complement d adresse|adresse 2|batiment|etage|address complement"
    "|complement adresse",
    "postcode": "cp|code postal|codepostal|code post|postcode|zip",
    "commune": "commune|ville|localite|town|city|bureau distributeur",
    "insee_code": "insee|code insee|code commune|codeinsee|insee code|code insee de la commune",
    "latitude": "latitude|lat|y",
    "longitude": "longitude|lon|lng|long|x",
    "hours": "horaires|horaire|opening hours|heures d ouverture|horaires d ouverture|ouverture|horaires ouverture"
    "|horaires d accueil|horaires accueil",
    "hours_note": "precisions sur les horaires|precisions horaires|more about the hours|remarque horaires",
    "conditions": "conditions|modalites|modalites d acces|acces|conditions d acces|conditions d accueil",
    "area_served": "zone|secteur|territoire|zone desservie|perimetre|territoire couvert|area served"
    "|territoire desservi|zone d intervention",
    "themes": "theme|themes|thematique|thematiques",
    "source_id": "identifiant|identifiant dans le fichier|identifier in the file|id|reference|code|ref|siret"
    "|identifiant source",
    "checked_on": "verifie le|date de verification|mis a jour le|maj|date maj|checked on|date de mise a jour",
}
_CONTAINS = (
    ("email", r"\b(mail|courriel)\b"),
    ("phone", r"\b(tel|telephone|portable|mobile)\b"),
    ("postcode", r"\bcode postal\b|\bcp\b"),
    ("website", r"\bsite (web|internet)\b|\burl\b"),
    ("hours", r"\bhoraires?\b|\bouverture\b"),
    ("commune", r"\b(commune|ville)\b"),
    ("address", r"\badresse\b"),
    ("title", r"\b(organisme|structure|raison sociale)\b"),
    ("category", r"\bcategorie\b"),
)
_KNOWN = {word: code for code, words in _EXACT.items() for word in words.split("|")}


def simplified(heading: str) -> str:
    """A heading as it is compared: folded, words only."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(heading)))


def headers_key(headers: Sequence[str]) -> str:
    """What identifies a set of headings, whatever their order and case."""
    return hashlib.sha256("|".join(sorted(simplified(one) for one in headers)).encode()).hexdigest()


def guess(headers: Sequence[str]) -> dict[str, str]:
    """The field of each column that its heading tells, by the column's number (as a string, for JSON)."""
    mapping: dict[str, str] = {}
    names = [simplified(one) for one in headers]
    for number, name in enumerate(names):
        code = _KNOWN.get(name) or _KNOWN.get(name.replace(" ", ""))
        if code:
            _take(mapping, number, code)
    for number, name in enumerate(names):
        if str(number) in mapping:
            continue
        code = next((code for code, pattern in _CONTAINS if re.search(pattern, name)), None)
        if code:
            _take(mapping, number, code)
    return mapping


def _take(mapping: dict[str, str], number: int, code: str) -> None:
    """Give a field to a column, unless another column has it already."""
    if code in SEVERAL or code not in mapping.values():
        mapping[str(number)] = code


def to_memory(headers: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """A mapping by headings, which holds when the columns change places."""
    return {simplified(headers[int(number)]): code for number, code in mapping.items()}


def from_memory(headers: Sequence[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """A remembered mapping on the columns of a file."""
    mapping: dict[str, str] = {}
    for number, heading in enumerate(headers):
        code = remembered.get(simplified(heading))
        if code in FIELDS:
            _take(mapping, number, code)
    return mapping
