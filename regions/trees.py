"""The pages of a groupement: its home and sections, in each language, as the blueprint has them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.apps import apps
from django.utils import translation
from wagtail.models import Locale, Page

from regions.blueprint import GROUPEMENT_HOME_MODEL, NATIONAL_SECTIONS, SECTIONS, Section
from regions.models import Groupement, NetworkPage
from regions.planting import Seedling, plant


def plant_homes(groupement: Groupement, networks: Sequence[NetworkPage]) -> Page | None:
    """The tree of a groupement that has no page yet: its home and sections, published in each language.

    Returns:
        the home in the first language; nothing for a groupement that has pages.
    """
    if groupement.roots.exists():
        return None
    seedlings: list[Seedling] = []
    originals: list[Page] = []
    for network in networks:
        home = _new_home(groupement, network)
        made = [home, *_new_sections(home, SECTIONS, in_language=networks[0].locale.language_code)]
        originals = originals or made
        for rank, (page, original) in enumerate(zip(made, originals, strict=True)):
            parent = home if rank else network
            if page is original:
                seedlings.append(Seedling(page, parent))
                continue
            page.translation_key = original.translation_key
            name = partial(_name_in_language, language=network.locale.language_code) if rank else None
            seedlings.append(Seedling(page, parent, source=original, name=name))
    plant(seedlings)
    return originals[0]


def ensure_home(groupement: Groupement, network: NetworkPage) -> Page:
    """The groupement's home in the network's language, with its sections, published."""
    home = groupement.roots.filter(locale=network.locale).first()
    if home is None:
        home = _new_home(groupement, network)
        plant([Seedling(home, network)])
    ensure_sections(home)
    return home


def _new_home(groupement: Groupement, network: NetworkPage) -> Page:
    model = apps.get_model(GROUPEMENT_HOME_MODEL)
    return model(title=groupement.name, slug=groupement.code, locale=network.locale, groupement=groupement)


def ensure_sections(home: Page, sections: Sequence[Section] = SECTIONS) -> None:
    """Make the sections of the blueprint that a home lacks, in the home's language."""
    present = {page.specific_class for page in home.get_children()}
    missing = [section for section in sections if apps.get_model(section.model) not in present]
    plant([Seedling(page, home) for page in _new_sections(home, missing, in_language=home.locale.language_code)])


def _new_sections(home: Page, sections: Sequence[Section], *, in_language: str) -> list[Page]:
    with translation.override(in_language):
        return [
            apps.get_model(section.model)(
                title=str(section.title),
                summary=str(section.summary),
                slug=section.slug,
                locale=home.locale,
                show_in_menus=True,
            )
            for section in sections
        ]


def ensure_translated_home(groupement: Groupement, locale: Locale) -> Page:
    """Give a groupement a home in another language, with its sections; its rights and workflow follow."""
    existing = groupement.roots.filter(locale=locale).first()
    source = groupement.roots.order_by("pk").first()
    home = existing or source.copy_for_translation(locale)
    if not home.live:
        home.save_revision().publish()
    for section in source.get_children().specific():
        translated = section.get_translation_or_none(locale) or section.copy_for_translation(locale)
        if not translated.live:
            _name_in_language(translated, language=locale.language_code)
            translated.save_revision().publish()
    home.refresh_from_db(fields=["numchild"])
    return home


def _name_in_language(section_page: Page, *, language: str) -> None:
    for section in NATIONAL_SECTIONS:
        if apps.get_model(section.model) is type(section_page):
            with translation.override(language):
                section_page.title, section_page.summary = str(section.title), str(section.summary)
