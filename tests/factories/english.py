"""The network in English: the shared tree, the national home and its sections, as far as a test asks."""

from __future__ import annotations

from wagtail.models import Locale, Page

from regions import services
from regions.models import Groupement, NetworkPage


def locale() -> Locale:
    return Locale.objects.get_or_create(language_code="en")[0]


def translate(page: Page, title: str = "", **fields) -> Page:
    """The published English version of a page."""
    translated = page.specific.copy_for_translation(locale())
    translated.title = title or page.title
    for name, value in fields.items():
        setattr(translated, name, value)
    translated.save_revision().publish()
    return translated.specific_class.objects.get(pk=translated.pk)


def network() -> NetworkPage:
    """The English tree that holds the homes; made once."""
    found = NetworkPage.objects.filter(locale=locale()).first()
    return found or translate(NetworkPage.objects.get(locale__language_code="fr"))


def national(home: Page) -> Page:
    """The English national home with its sections."""
    network()
    english = translate(home, "MARA in English")
    for section in home.get_children().specific():
        translate(section, f"{section.slug} in English")
    return english


def groupement(one: Groupement) -> Page:
    """The English home of a groupement, with its sections."""
    network()
    return services.ensure_translated_home(one, locale())
