"""The directory: points of contact of the nation and of each groupement."""

from __future__ import annotations

from demo.builders.base import Load, by_owner
from demo.sources import read_table
from demo.typography import french
from resources.contacts.hours_reading import read
from resources.models import ContactCategory, ContactPage, ContactPhone, OpeningSlot

SECTION = "annuaire"
PLAIN = ("address", "postcode", "commune", "insee_code", "latitude", "longitude", "email", "website")


def build(load: Load) -> None:
    """Add the contacts that are missing."""
    categories = {category.code: category for category in ContactCategory.objects.all()}
    for owner, rows in by_owner(read_table("contacts")["contacts"], "name"):
        section = load.section(owner, SECTION)
        before = load.added
        for slug, row in rows:
            load.add(section, _contact(load, slug, row, categories), user=load.author(owner))
        load.say(f"  {owner} : {load.added - before} contacts")


def _contact(load: Load, slug: str, row: dict, categories: dict[str, ContactCategory]) -> ContactPage:
    # As a référent types them: days and times in lines, what cannot be said so in words.
    slots, words = read(row.get("opening_hours", ""))
    contact = ContactPage(
        slug=slug,
        title=row["name"],
        summary=_first_sentence(french(row["service"])),
        category=categories[row["category"]],
        service=french(row["service"]),
        contact_name=row.get("contact_name", ""),
        opening_hours=french(words),
        conditions=french(row.get("conditions", "")),
        area_served=row.get("area_served", ""),
        checked_on=load.ago(row.get("checked_days_ago")),
        checked_by=row.get("checked_by", ""),
        next_check_on=load.ahead(row.get("next_check_in_days")),
        **{name: row[name] for name in PLAIN if name in row},
        **load.filing(row),
    )
    contact.phones = [ContactPhone(label=phone.get("label", ""), number=phone["number"]) for phone in row["phones"]]
    contact.opening_slots = [
        OpeningSlot(first_day=slot.first_day, last_day=slot.last_day, opens_at=slot.opens_at, closes_at=slot.closes_at)
        for slot in slots
    ]
    for phone in contact.phones.all():
        phone.clean_fields(exclude=["page"])
    return contact


def _first_sentence(text: str) -> str:
    """The first sentence, for cards and searches."""
    return text.split(". ", 1)[0].rstrip(".") + "."
