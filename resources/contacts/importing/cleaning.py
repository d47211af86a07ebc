"""What a line of a table says of a contact: its values checked as the editing form does, and why one is left out."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from core.models.mixins import validate_insee
from core.phones import to_e164
from core.spreadsheets import plain
from core.text import fold
from resources.contacts import hours
from resources.contacts.hours_reading import read as read_hours
from resources.contacts.importing.columns import FIELDS, SEVERAL, simplified
from resources.contacts.importing.reading import MAX_CELL
from resources.contacts.models import ContactPage
from resources.reference import ContactCategory, Theme

MAX_PHONES = 5
SHOWN = 60
_PHONES = re.compile(r"\s*(?:[;/\n|]|\bou\b|\s-\s|,)\s*")
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
_validate_url = URLValidator(schemes=["http", "https"])
_LONGEST = {
    name: ContactPage._meta.get_field(name).max_length or MAX_CELL
    for name in (
        "title", "service", "email", "website", "contact_name", "address", "address_complement", "commune",
        "opening_hours", "conditions", "area_served", "source_id",
    )
}  # fmt: skip


@dataclass
class Lists:
    """The closed lists, by every way in which one writes their entries; read once for a chunk."""

    categories: Mapping[str, str]
    themes: Mapping[str, str]

    @classmethod
    def read(cls) -> Lists:
        return cls(_by_words(ContactCategory), _by_words(Theme))


def _by_words(model) -> dict[str, str]:
    found = {}
    for term in model.objects.all():
        for words in (term.code, term.name, term.name_en):
            if words:
                found[simplified(words)] = term.code
    return found


@dataclass
class Cleaned:
    """The values of a line, by field of a contact; ``problems`` are sentences; with ``stop`` it cannot be used."""

    values: dict = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    stop: bool = False

    def left_out(self, what: str, value: str, why: str) -> None:
        self.problems.append(
            _("%(field)s “%(value)s”: %(why)s It will be left out.")
            % {"field": FIELDS[what], "value": value[:SHOWN], "why": why}
        )

    def refuse(self, why: str) -> None:
        self.problems.append(why)
        self.stop = True


def clean(cells: Sequence[str], mapping: Mapping[str, str], lists: Lists, default_category: str) -> Cleaned:
    """Read a line.

    Args:
        mapping: field of each column, by the column's number as a string.
        default_category: code of the category of lines that have none; may be empty.
    """
    said: dict[str, list[str]] = {}
    for number, code in mapping.items():
        value = cells[int(number)] if int(number) < len(cells) else ""
        value = plain(value).strip()
        if value:
            said.setdefault(code, []).append(value)
    found = Cleaned()
    for code, values in said.items():
        if code not in SEVERAL:
            _READERS.get(code, _read_text)(found, code, values[0], lists)
    _read_phones(found, said.get("phone", []))
    if not found.values.get("title"):
        found.refuse(_("The name of the body is missing."))
    if "category" not in found.values:
        if default_category:
            found.values["category"] = default_category
        elif "category" not in said:
            found.refuse(_("The category is missing."))
        else:
            found.refuse(
                _("The category “%(value)s” is not in the national list.") % {"value": said["category"][0][:SHOWN]}
            )
    if ("latitude" in found.values) != ("longitude" in found.values):
        found.values.pop("latitude", None)
        found.values.pop("longitude", None)
    return found


def place_key(title: str, commune: str) -> str:
    """What two entries of one place have in common: name and town, whatever the case, accents and punctuation."""
    return hashlib.sha256(f"{simplified(title)}|{simplified(commune)}".encode()).hexdigest()


def _read_text(found: Cleaned, code: str, value: str, lists: Lists) -> None:
    if len(value) > _LONGEST[code]:
        found.left_out(code, value, _("too long (%(limit)s characters at most).") % {"limit": _LONGEST[code]})
        return
    single = code not in {"service", "conditions"}
    found.values[code] = " ".join(value.split()) if single else value


def _read_title(found: Cleaned, code: str, value: str, lists: Lists) -> None:
    if len(value) > _LONGEST["title"]:
        found.refuse(_("The name is too long: %(limit)s characters at most.") % {"limit": _LONGEST["title"]})
        return
    if not simplified(value):
        found.refuse(_("The name “%(value)s” has no letter.") % {"value": value[:SHOWN]})
        return
    found.values["title"] = " ".join(value.split())


def _read_category(found: Cleaned, code: str, value: str, lists: Lists) -> None:
    if known := lists.categories.get(simplified(value)):
        found.values |= {"category": known, "category_said": True}


def _read_themes(found: Cleaned, code: str, value: str, lists: Lists) -> None:
    known = []
    for word in re.split(r"[;,|/\n]", value):
        if not word.strip():
            continue
        if theme := lists.themes.get(simplified(word)):
            known.append(theme)
        else:
            found.left_out(code, word.strip(), _("not in the national list."))
    if known:
        found.values["themes"] = sorted(set(known))


def _read_phones(found: Cleaned, values: list[str]) -> None:
    numbers: list[str] = []
    for part in (part for value in values for part in _PHONES.split(value) if part):
        # A spreadsheet takes the first zero off a number: nine figures are a French one.
        digits = re.sub(r"\D", "", part)
        text = f"0{digits}" if len(digits) == 9 and not part.startswith(("+", "0")) else part
        try:
            number = to_e164(text)
        except ValidationError as error:
            found.left_out("phone", part, " ".join(error.messages))
            continue
        if number not in numbers:
            numbers.append(number)
    if numbers:
        found.values["phones"] = numbers[:MAX_PHONES]


def _read_email(found: Cleaned, code: str, value: str, lists: Lists) -> None:
    address = value.removeprefix("mailto:").strip().rstrip(".;,")
    try:
        validate_email(address)
    except ValidationError:
        found.left_out(code, value, _("this is not an e-mail address."))
        return
    _read_text(found, code, address, lists)


def _read_website(found: Cleaned, code: str, value: str, lists: Lists) -> None:
    address = value if re.match(r"(?i)https?://", value) else f"https://{value}"
    try:
        _validate_url(address)
    except (ValidationError, ValueError):
        found.left_out(code, value, _("this is not the address of a site."))
        return
    _read_text(found, code, address, lists)


def _read_postcode(found: Cleaned, code: str, value: str, lists: Lists) -> None:
    digits = re.sub(r"[\s.]", "", value)
    if re.fullmatch(r"\d{4}", digits, re.ASCII):
        digits = f"0{digits}"  # 01000 read as a quantity
    if not re.fullmatch(r"\d{5}", digits, re.ASCII):
        found.left_out(code, value, _("a postcode has five digits, such as 29200."))
        return
    found.values["postcode"] = digits


def _read_insee(found: Cleaned, code: str, value: str, lists: Lists) -> None:
    text = value.upper().zfill(5)
    try:
        validate_insee(text)
    except ValidationError as error:
        found.left_out(code, value, " ".join(error.messages))
        return
    found.values["insee_code"] = text


def _read_degrees(found: Cleaned, code: str, value: str, lists: Lists) -> None:
    limit = 90 if code == "latitude" else 180
    try:
        degrees = float(value.replace(",", ".").replace(" ", ""))
    except ValueError:
        degrees = limit + 1.0
    if not -limit <= degrees <= limit:
        found.left_out(code, value, _("this is not a number of degrees, such as 48.39."))
        return
    found.values[code] = degrees


def _read_hours(found: Cleaned, code: str, value: str, lists: Lists) -> None:
    """Lines of days and times where they are understood; the rest stays words."""
    slots, rest = read_hours(value)
    if slots:
        found.values["opening_slots"] = [
            [slot.first_day, slot.last_day, f"{slot.opens_at:%H:%M}", f"{slot.closes_at:%H:%M}"]
            for slot in sorted(set(slots))
        ][: hours.MAX_SLOTS]
    if rest:
        _read_note(found, "hours_note", rest, lists)


def _read_note(found: Cleaned, code: str, value: str, lists: Lists) -> None:
    before = found.values.get("opening_hours", "")
    words = f"{before} ; {value}" if before and fold(value) not in fold(before) else value
    if len(words) > _LONGEST["opening_hours"]:
        found.left_out(code, value, _("too long (%(limit)s characters at most).") % {"limit": 255})
        return
    found.values["opening_hours"] = " ".join(words.split())


def _read_date(found: Cleaned, code: str, value: str, lists: Lists) -> None:
    for pattern in _DATES:
        try:
            day = dt.datetime.strptime(value[:10].strip(), pattern).date()
        except ValueError:
            continue
        if 1990 <= day.year <= 2100:
            found.values["checked_on"] = day.isoformat()
            return
    found.left_out(code, value, _("this is not a date, such as 25/11/2026."))


_READERS = {
    "title": _read_title,
    "category": _read_category,
    "themes": _read_themes,
    "email": _read_email,
    "website": _read_website,
    "postcode": _read_postcode,
    "insee_code": _read_insee,
    "latitude": _read_degrees,
    "longitude": _read_degrees,
    "hours": _read_hours,
    "hours_note": _read_note,
    "checked_on": _read_date,
}
