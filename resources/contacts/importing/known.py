"""The contacts that a directory has already: the same place is told by its name and town, or by how one reaches it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.phones import to_national
from core.text import fold
from regions.rights import national_homes
from resources.contacts.importing.cleaning import place_key
from resources.contacts.models import ContactListingPage, ContactPage, ContactPhone

SOURCE = "tableau importé"


@dataclass
class Match:
    """A contact that is probably the same place, why, and whether its name and town say so."""

    page_id: int
    reasons: list[str]
    is_sure: bool


@dataclass
class Known:
    """What one directory has, by everything that identifies a place; the nation's by name only."""

    by_identifier: dict[str, int] = field(default_factory=dict)
    by_key: dict[str, int] = field(default_factory=dict)
    by_phone: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_email: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    national_keys: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, section: ContactListingPage) -> Known:
        """Read a directory, drafts included: five queries, whatever its size."""
        found = cls()
        own = ContactPage.objects.filter(path__startswith=section.path)
        rows = own.order_by("pk").values_list("pk", "title", "commune", "email", "source", "source_id")
        for pk, title, commune, email, source, source_id in rows:
            found.by_key.setdefault(place_key(title, commune), pk)
            if email:
                found.by_email[fold(email)].append(pk)
            if source == SOURCE and source_id:
                found.by_identifier.setdefault(source_id, pk)
        for pk, number in ContactPhone.objects.filter(page__path__startswith=section.path).values_list(
            "page_id", "number"
        ):
            found.by_phone[number].append(pk)
        for home in national_homes():
            if home.locale_id != section.locale_id or section.path.startswith(home.path):
                continue
            national = ContactPage.objects.filter(path__startswith=home.path, live=True)
            found.national_keys |= {place_key(*row) for row in national.values_list("title", "commune")}
        return found

    def match(self, values: dict) -> Match | None:
        """The contact that a line is probably about."""
        if pk := self.by_identifier.get(values.get("source_id", "")):
            return Match(pk, [_("same identifier")], is_sure=True)
        if pk := self.by_key.get(place_key(values["title"], values.get("commune", ""))):
            return Match(pk, [_("same name and same town")], is_sure=True)
        reasons: dict[int, list[str]] = defaultdict(list)
        for number in values.get("phones", []):
            for pk in self.by_phone.get(number, [])[:1]:
                reasons[pk].append(_("same telephone number (%(number)s)") % {"number": to_national(number)})
        for pk in self.by_email.get(fold(values.get("email", "")) or " ", [])[:1]:
            reasons[pk].append(_("same e-mail address"))
        if not reasons:
            return None
        pk = max(reasons, key=lambda one: (len(reasons[one]), -one))
        return Match(pk, reasons[pk], is_sure=False)
