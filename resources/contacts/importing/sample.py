"""The model to fill in: the headings that the import knows, two examples, and a sheet that explains them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core import spreadsheets
from resources.contacts.importing.columns import FIELDS
from resources.reference import ContactCategory

FILE_NAME = "modele-contacts.xlsx"
_WIDTHS = (34, 24, 46, 18, 28, 30, 22, 28, 20, 12, 20, 12, 11, 11, 40, 28, 28, 24, 24, 16, 14)


def workbook() -> bytes:
    """The model as an Excel workbook. Its examples are invented, and recognised when they are left in."""
    first = ContactCategory.objects.first()
    example = {
        "title": _("Example: Maison de l’emploi"),
        "category": first.label if first else "",
        "service": "Un conseiller reçoit les officiers et leur conjoint ; ateliers le jeudi.",
        "phone": "01 99 00 00 01",
        "email": "accueil@example.org",
        "website": "https://www.example.org/",
        "address": "1 rue de Siam",
        "postcode": "29200",
        "commune": "Brest",
        "hours": "Du lundi au vendredi, 9 h – 12 h et 14 h – 17 h",
        "hours_note": "Sur rendez-vous l’après-midi",
        "checked_on": "25/11/2026",
    }
    return spreadsheets.xlsx(
        _("Contacts"),
        FIELDS.values(),
        [[example.get(code) for code in FIELDS]],
        widths=_WIDTHS,
    )
