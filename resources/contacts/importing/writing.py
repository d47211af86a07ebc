"""Puts the values of a line into a contact, and says what that changes."""

from __future__ import annotations

import datetime as dt

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.phones import to_national
from resources.contacts import hours
from resources.contacts.hours import Slot
from resources.contacts.models import ContactPage, ContactPhone, OpeningSlot
from resources.reference import ContactCategory, Theme

PLAIN = (
    "title", "service", "email", "website", "contact_name", "address", "address_complement", "postcode", "commune",
    "insee_code", "latitude", "longitude", "opening_hours", "conditions", "area_served", "source_id",
)  # fmt: skip
SUMMARY_LENGTH = 200


def differences(page: ContactPage, values: dict) -> list[dict]:
    """What a line would change in a contact: ``field``, ``before`` and ``after``, as texts to be read.

    An empty cell changes nothing; a number or a theme is added to those there are.
    """
    found = []
    for name in PLAIN:
        new = values.get(name)
        old = getattr(page, name)
        if new not in (None, "") and new != old:
            found.append(_difference(page, name, "" if old is None else str(old), str(new)))
    if (code := values.get("category")) and values.get("category_said") and code != page.category.code:
        new_name = ContactCategory.objects.get(code=code).label
        found.append({"field": _("Category"), "before": page.category.label, "after": new_name})
    if (day := values.get("checked_on")) and (not page.checked_on or day > page.checked_on.isoformat()):
        last = f"{page.checked_on:%d/%m/%Y}" if page.checked_on else ""
        found.append(_difference(page, "checked_on", last, f"{dt.date.fromisoformat(day):%d/%m/%Y}"))
    if added := _new_phones(page, values):
        before = [to_national(phone.number) for phone in page.phones.all()]
        after = [*before, *(to_national(number) for number in added)]
        found.append({"field": _("Phones"), "before": ", ".join(before), "after": ", ".join(after)})
    slots = _slots(values)
    if slots and hours.to_osm(slots) != page.osm_opening_hours:
        found.append(
            {
                "field": _("Opening hours"),
                "before": " ; ".join(page.hours_lines),
                "after": " ; ".join(hours.describe(slots)),
            }
        )
    if themes := _new_themes(page, values):
        before = [theme.label for theme in page.themes.all()]
        after = [*before, *(theme.label for theme in themes)]
        found.append({"field": _("Themes"), "before": ", ".join(before), "after": ", ".join(after)})
    return found


def write(page: ContactPage, values: dict) -> None:
    """Put the values into a contact, which is not saved."""
    for name in PLAIN:
        new = values.get(name)
        if new not in (None, ""):
            setattr(page, name, new)
    if (code := values.get("category")) and (values.get("category_said") or not page.category_id):
        page.category = ContactCategory.objects.get(code=code)
    if (day := values.get("checked_on")) and (not page.checked_on or day > page.checked_on.isoformat()):
        page.checked_on = dt.date.fromisoformat(day)
    if not page.summary and values.get("service"):
        page.summary = Truncator(" ".join(values["service"].split())).chars(SUMMARY_LENGTH)
    if added := _new_phones(page, values):
        page.phones = [*page.phones.all(), *(ContactPhone(number=number) for number in added)]
    slots = _slots(values)
    if slots and hours.to_osm(slots) != page.osm_opening_hours:
        page.opening_slots = [
            OpeningSlot(
                first_day=slot.first_day,
                last_day=slot.last_day,
                opens_at=slot.opens_at,
                closes_at=slot.closes_at,
                sort_order=order,
            )
            for order, slot in enumerate(slots)
        ]
    if themes := _new_themes(page, values):
        page.themes = [*page.themes.all(), *themes]


def _difference(page: ContactPage, name: str, before: str, after: str) -> dict:
    label = page._meta.get_field(name).verbose_name
    label = _("name of the body") if name == "title" else label
    return {"field": str(label)[:1].upper() + str(label)[1:], "before": before, "after": after}


def _new_phones(page: ContactPage, values: dict) -> list[str]:
    known = [phone.number for phone in page.phones.all()]
    added = [number for number in values.get("phones", []) if number not in known]
    return added[: max(0, 5 - len(known))]


def _new_themes(page: ContactPage, values: dict) -> list[Theme]:
    codes = values.get("themes")
    if not codes:
        return []
    known = {theme.code for theme in page.themes.all()}
    return list(Theme.objects.filter(code__in=set(codes) - known))


def _slots(values: dict) -> list[Slot]:
    return [
        Slot(first, last, dt.time.fromisoformat(opens), dt.time.fromisoformat(closes))
        for first, last, opens, closes in values.get("opening_slots", [])
    ]
