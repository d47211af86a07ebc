"""The English pages, translated through wagtail-localize as a national editor's work is.

An English text has the structure of its French original, block by block. Both are parsed under the same
identifiers, wagtail-localize extracts the strings of both, and each English string is stored as the
translation of the French one at the same place.
"""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import Iterable

from django.apps import apps
from django.utils import translation as languages
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from demo import sources
from demo.builders.base import NATION, Load
from demo.builders.pages import split_home
from demo.errors import ContentError
from demo.markdown import StoryParser
from demo.sources import Text, read_text
from regions import services
from regions.blueprint import NATIONAL_SECTIONS
from regions.models import NetworkPage

LANGUAGE = "en"
NETWORK_TITLE = "MARA network"
GROUPEMENT = "finistere"
GUIDES_EN, PAGES_EN = sources.CONTENT / "guides-en", sources.CONTENT / "pages-en"
SINGLE = ("a-propos",)
OWNER_ROLE = "national team"


def build(load: Load) -> None:
    """Add the English pages that are missing: part of the national site, and one groupement's homes."""
    locale, _created = Locale.objects.get_or_create(language_code=LANGUAGE)
    _network(load, locale)
    home = load.national_home
    text = read_text(PAGES_EN / "home.md", key="homes/accueil")
    count = _translate(load, locale, home, _home_words(load, NATION, text), text.source)
    count += _sections(load, locale, home)
    for slug in SINGLE:
        text = read_text(PAGES_EN / f"{slug}.md", key=f"pages/{slug}")
        page = home.get_children().get(slug=slug).specific
        count += _translate(load, locale, page, _words(load, text), text.source)
    count += _guides(load, locale)
    count += _groupement(load, locale)
    load.say(f"  {count} pages")


def _network(load: Load, locale: Locale) -> None:
    """The English tree, which holds the English homes. It is never served: it has a name and no text."""
    if NetworkPage.objects.filter(locale=locale).exists():
        return
    network = NetworkPage.objects.get(locale=Locale.get_default()).copy_for_translation(locale)
    network.title = NETWORK_TITLE
    network.save_revision().publish()


def _sections(load: Load, locale: Locale, home: Page, owner: str = NATION) -> int:
    """The sections of a home, under the names that the blueprint has in English."""
    names = {}
    with languages.override(LANGUAGE):
        for section in NATIONAL_SECTIONS:
            names[apps.get_model(section.model)] = {"title": str(section.title), "summary": str(section.summary)}
    return sum(
        _translate(load, locale, page, names[type(page)], f"section {page.slug}", owner)
        for page in home.get_children().specific()
        if type(page) in names
    )


def _guides(load: Load, locale: Locale) -> int:
    section = load.section(NATION, "guides")
    count = 0
    for text in sources.guides(GUIDES_EN):
        guide = section.get_children().get(slug=text.slug).specific
        words = _words(load, text.index) | ({"owner_role": OWNER_ROLE} if guide.owner_role else {})
        count += _translate(load, locale, guide, words, text.index.source)
        for slug, chapter in text.chapters:
            page = guide.get_children().get(slug=slug).specific
            count += _translate(load, locale, page, _words(load, chapter), chapter.source)
    return count


def _groupement(load: Load, locale: Locale) -> int:
    """A groupement's home and sections; its rights and its workflow follow the new root by themselves."""
    groupement = load.groupements[GROUPEMENT]
    text = read_text(PAGES_EN / f"{GROUPEMENT}.md", key=f"homes/{GROUPEMENT}")
    home = load.home(GROUPEMENT).specific
    count = _translate(load, locale, home, _home_words(load, GROUPEMENT, text), text.source, GROUPEMENT)
    count += _sections(load, locale, home, GROUPEMENT)
    services.provision_groupement(code=groupement.code, name=groupement.name, languages=("fr", LANGUAGE))
    return count


# --- Words ----------------------------------------------------------------------------------------


def _parser(load: Load, text: Text, owner: str) -> StoryParser:
    return load.parser(owner, key=text.key, source=text.source, typography=str)


def _words(load: Load, text: Text) -> dict[str, str]:
    """The translated fields of a page of text."""
    story = _parser(load, text, NATION).story(text.body, first_line=text.first_line)
    return {"title": text.need("title"), "summary": text.meta.get("summary", ""), "body": json.dumps(story)}


def _home_words(load: Load, owner: str, text: Text) -> dict[str, str]:
    """The translated fields of a home; its title is the name of the site, the same in every language."""
    welcome, story = split_home(text)
    parser = _parser(load, text, owner)
    return {
        "summary": text.meta.get("summary", ""),
        "intro": parser.rich_text(welcome.strip()),
        "body": json.dumps(parser.story(story, first_line=text.first_line)),
    }


# --- Translation ----------------------------------------------------------------------------------


def _translate(load: Load, locale: Locale, page: Page, words: dict[str, str], source: str, owner: str = NATION) -> int:
    """Translate a page with these words and publish it, unless it has a version in that language already.

    Returns:
        how many pages were added: one or none.
    """
    if page.has_translation(locale):
        return 0
    twin = copy.copy(page)
    for name, value in words.items():
        setattr(twin, name, value)
    french, english = _strings(page), _strings(twin)
    try:
        _compare(french, english, source)
    except ContentError as error:
        # Somebody rewrote the French page before it was translated: theirs stays, without a translation.
        load.say(f"  sans traduction : {error}")
        return 0
    user = load.author(owner)
    origin, _created = TranslationSource.update_or_create_from_instance(page)
    translation, _created = Translation.objects.get_or_create(source=origin, target_locale=locale)
    _store(origin, locale, user, english)
    translation.save_target(user=user, publish=False)
    translation.get_target_instance().get_latest_revision().publish(user=user)
    load.added += 1
    return 1


def _strings(page: Page) -> dict[str, list[StringSegmentValue]]:
    """The strings that wagtail-localize finds in a page, by their place in it."""
    found = defaultdict(list)
    for segment in extract_segments(page):
        if isinstance(segment, StringSegmentValue):
            found[segment.path].append(segment)
    return found


def _store(origin: TranslationSource, locale: Locale, user, english: dict) -> None:
    rows: list[StringTranslation] = []
    ranks: dict[str, int] = defaultdict(int)
    stored: Iterable[StringSegment] = origin.stringsegment_set.select_related("context").order_by("order")
    for segment in stored:
        path = segment.context.path
        words = english[path][ranks[path]]
        ranks[path] += 1
        rows.append(
            StringTranslation(
                translation_of_id=segment.string_id,
                context_id=segment.context_id,
                locale=locale,
                data=words.string.data,
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
                last_translated_by=user,
            )
        )
    # Words that a page repeats at one place are translated once.
    StringTranslation.objects.bulk_create(rows, ignore_conflicts=True)


def _compare(french: dict, english: dict, source: str) -> None:
    """Refuse a translation that has not the structure of its original, with the place where they part."""
    for path in [*french, *(path for path in english if path not in french)]:
        here, there = french.get(path, []), english.get(path, [])
        near = (here or there)[0].string.data[:60]
        if len(here) != len(there):
            raise ContentError(source, 0, f"{len(here)} texts in French, {len(there)} in English, near “{near}”")
        for mine, yours in zip(here, there, strict=True):
            if mine.attrs != yours.attrs:
                raise ContentError(
                    source, 0, f"the links differ from the French text's, near “{mine.string.data[:60]}”"
                )
