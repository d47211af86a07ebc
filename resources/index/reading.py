"""From pages to entries: reads published pages by the batch, in a number of queries that does not grow with it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone, translation
from wagtail.models import Locale, Page, PageViewRestriction, get_page_models

from core.text import fold
from regions import rights
from regions.models.sharing import Sharing
from regions.places import HOME_DEPTH, HOME_PATH_LENGTH, relative_path
from resources.index import analysis
from resources.index.declaration import Searchable
from resources.index.files import titles_of_files
from resources.index.models import IndexEntry

MAX_TEXT_LENGTH = 200_000  # characters of one page; the rest of a longer one is not searched
FACTS = 10  # the first texts of a page: its summary and its facts
FILING = ("themes", "audiences")
logger = logging.getLogger(__name__)


def searched_models() -> list[type[Page]]:
    """The page types that declare what they give to the index."""
    return [model for model in get_page_models() if getattr(model, "searchable", None)]


@dataclass
class Filing:
    """What a page is filed under, and the title under which its children are read."""

    title: str
    themes: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()


class Reader:
    """Reads a batch of pages; what is the same for all of them is read once."""

    def __init__(self) -> None:
        self.languages = {locale.pk: locale.language_code for locale in Locale.objects.all()}
        self.national_homes = {home.locale_id: home for home in rights.national_homes()}
        self.national_paths = {home.path for home in self.national_homes.values()}

    def read(self, page_ids: Iterable[int]) -> list[IndexEntry]:
        """Return the entries of those of these pages that are published and searched, the nation's first."""
        pages = self._pages(page_ids)
        filing = self._filing(pages)
        bases = self._bases(pages)
        # What only completes a page that is withdrawn is not read by visitors.
        pages = [page for page in pages if page.pk in bases or not getattr(page, "only_completes", False)]
        files = titles_of_files(pages)
        pages.sort(key=lambda page: (page.pk in bases, page.path))
        known = IndexEntry.objects.filter(gone=False).in_bulk(
            {base.pk for base in bases.values()} - {page.pk for page in pages}
        )
        done: dict[int, IndexEntry] = {}
        for page in pages:
            try:
                entry = self._entry(page, filing, bases.get(page.pk), files.get(page.pk, []))
            except Exception:
                # One page that cannot be read must not keep the others out of the index.
                logger.exception("Page %s cannot be indexed", page.pk)
                continue
            if entry.base_id and (base := done.get(entry.base_id) or known.get(entry.base_id)):
                merge(entry, base)
            entry.digest = digest(entry)
            done[page.pk] = entry
        return list(done.values())

    def _pages(self, page_ids: Iterable[int]) -> list[Page]:
        models = ContentType.objects.get_for_models(*searched_models())
        by_type = {content_type.pk: model for model, content_type in models.items()}
        rows = Page.objects.filter(pk__in=list(page_ids), live=True, depth__gte=HOME_DEPTH)
        wanted: dict[type[Page], list[int]] = {}
        for pk, content_type in rows.filter(content_type__in=by_type).values_list("pk", "content_type"):
            wanted.setdefault(by_type[content_type], []).append(pk)
        now = timezone.now()
        found: list[Page] = []
        for model, keys in wanted.items():
            related = getattr(model, "searchable_related", ())
            found += model._default_manager.select_related(*related).filter(pk__in=keys)
        return [page for page in found if page.expire_at is None or page.expire_at > now]

    def _filing(self, pages: Sequence[Page]) -> dict[int, Filing]:
        """Titles, themes and audiences of the pages, and of the pages above those that are filed with them."""
        filing = {page.pk: Filing(page.title) for page in pages}
        by_type: dict[type[Page], list[int]] = {}
        for page in pages:
            by_type.setdefault(type(page), []).append(page.pk)
        parent_paths = {page.path[: -Page.steplen] for page in pages if page.depth > HOME_DEPTH + 1}
        self._parents = {}
        for parent in Page.objects.filter(path__in=parent_paths).select_related("content_type"):
            self._parents[parent.path] = parent.pk
            if parent.pk not in filing:
                filing[parent.pk] = Filing(parent.title)
                if model := parent.content_type.model_class():
                    by_type.setdefault(model, []).append(parent.pk)
        for model, keys in by_type.items():
            for name in FILING:
                if hasattr(model, name):
                    _read_codes(model, name, keys, filing)
        return filing

    def _bases(self, pages: Sequence[Page]) -> dict[int, Page]:
        """The national page that each local page completes, if any."""
        by_address: dict[str, list[Page]] = {}
        by_key: dict[tuple, list[Page]] = {}
        for page in pages:
            home = self.national_homes.get(page.locale_id)
            if home is None or page.path.startswith(home.path):
                continue
            if key := getattr(page, "completes", None):
                by_key.setdefault((key, page.locale_id), []).append(page)
            elif type(page).completes_national:
                by_address.setdefault(home.url_path + relative_path(page), []).append(page)
        slugs = {page.slug for found in by_address.values() for page in found}
        below = Q()
        for path in self.national_paths:
            below |= Q(path__startswith=path)
        # By the slug, which has an index; the whole address has none.
        either = Q(slug__in=slugs) | Q(translation_key__in={key for key, _locale in by_key})
        found = Page.objects.filter(below, either, live=True) if by_address or by_key else ()
        bases = {}
        for national in found:
            mine = by_key.get((national.translation_key, national.locale_id), [])
            bases |= dict.fromkeys((page.pk for page in (*by_address.get(national.url_path, ()), *mine)), national)
        return bases

    def _entry(self, page: Page, filing: dict[int, Filing], base: Page | None, files: list[str]) -> IndexEntry:
        language = self.languages[page.locale_id]
        with translation.override(language):
            given: Searchable = page.searchable()
            shown = [str(part) for part in given.main if part]
            body_texts = [str(part) for part in given.body if part]
        main = " \n".join([*shown, *files])
        body = " \n".join(body_texts)[:MAX_TEXT_LENGTH]
        parent = filing.get(self._parents.get(page.path[: -Page.steplen], 0))
        above = parent if given.filed_with_parent else None
        filed = above or filing[page.pk]
        rules = analysis.analysed_language(language)
        title, main_words = analysis.analyse(page.title, rules), analysis.analyse(main, rules)
        context, body_words = analysis.analyse(above.title if above else "", rules), analysis.analyse(body, rules)
        everything = (title, main_words, context, body_words)
        latitude, longitude = given.point or (None, None)
        date = given.date or (timezone.localdate(given.starts_at) if given.starts_at else None)
        return IndexEntry(
            page_id=page.pk,
            path=page.path,
            home=page.path[:HOME_PATH_LENGTH],
            shared=Sharing.NATION if given.everywhere else getattr(page, "shared_with", Sharing.GROUPEMENT),
            base_id=base.pk if base else None,
            base_path=base.path if base else "",
            completed_in=[],
            shown_from=given.shown_from,
            expires_at=page.expire_at,
            kind=str(given.kind),
            model=page._meta.model_name,
            language=language,
            themes=list(filed.themes),
            audiences=list(filed.audiences),
            starts_at=given.starts_at,
            ends_at=given.ends_at,
            date=date or (timezone.localdate(page.last_published_at) if page.last_published_at else None),
            latitude=latitude,
            longitude=longitude,
            title=page.title,
            context=above.title if above else "",
            text="\n".join(passages([*shown, *body_texts, *files], page.title))[:MAX_TEXT_LENGTH],
            title_words=" ".join(title.stems),
            main_words=" ".join([*main_words.stems, *context.stems]),
            body_words=" ".join(body_words.stems),
            joined_words=" ".join(sorted({word for words in everything for word in words.joined})),
            spellings=" ".join(sorted({word for words in everything for word in words.spellings})),
        )


MIN_REPEATED = 20  # characters of a text that another one may begin with


def passages(texts: Iterable[str], title: str) -> list[str]:
    """The texts of a page as an extract quotes them: none twice, nor the title, nor one that only begins another."""
    kept: dict[str, str] = {}
    for text in texts:
        text = " ".join(text.replace("\x00", " ").split())
        if key := fold(text):
            kept.setdefault(key, text)
    kept.pop(fold(title).strip(), None)
    for key in [key for key in list(kept)[:FACTS] if len(key) >= MIN_REPEATED]:
        longer = next((other for other in kept if other != key and other.startswith(key.rstrip(".… "))), "")
        if longer and key in kept:
            whole = kept.pop(longer)
            kept = {longer if one == key else one: whole if one == key else text for one, text in kept.items()}
    return list(kept.values())


def _read_codes(model: type[Page], name: str, keys: list[int], filing: dict[int, Filing]) -> None:
    field = model._meta.get_field(name)
    rows = field.remote_field.through.objects.filter(**{f"{field.m2m_field_name()}__in": keys})
    codes: dict[int, list[str]] = {}
    for pk, code in rows.values_list(field.m2m_column_name(), f"{field.m2m_reverse_field_name()}__code"):
        codes.setdefault(pk, []).append(code)
    for pk, found in codes.items():
        setattr(filing[pk], name, tuple(sorted(found)))


def merge(entry: IndexEntry, base: IndexEntry) -> None:
    """Make of a complement's entry what its readers see: the national page, and the groupement's text in it."""
    entry.own_words = " ".join([entry.title_words, entry.main_words, entry.body_words]).strip()
    entry.title, entry.context = base.title, base.context
    entry.text = f"{entry.text}\n{base.text}"[:MAX_TEXT_LENGTH]
    for name in ("title_words", "main_words", "body_words", "joined_words", "spellings"):
        setattr(entry, name, f"{getattr(base, name)} {getattr(entry, name)}".strip())
    for name in FILING:
        setattr(entry, name, sorted({*getattr(entry, name), *getattr(base, name)}))


NOT_COMPARED = frozenset({"version", "gone", "digest", "completed_in", "vector"})


def digest(entry: IndexEntry) -> str:
    """A fingerprint of what an entry says, to tell whether it changed."""
    values = {
        field.attname: getattr(entry, field.attname)
        for field in IndexEntry._meta.concrete_fields
        if field.attname not in NOT_COMPARED
    }
    written = repr(sorted((name, str(value)) for name, value in values.items()))
    return hashlib.md5(written.encode(), usedforsecurity=False).hexdigest()


def restricted_paths() -> tuple[str, ...]:
    """Tree paths of the pages reserved to some."""
    return tuple(PageViewRestriction.objects.values_list("page__path", flat=True))


def vector_of(entry: IndexEntry) -> str:
    """The words of an entry as PostgreSQL's own type: the title weighs A, the main texts B, the body C."""
    places: dict[str, list[str]] = {}
    position = 0
    for name, weight in (("title_words", "A"), ("main_words", "B"), ("body_words", "C"), ("joined_words", "D")):
        for word in getattr(entry, name).split():
            position = min(position + 1, 16_000)
            places.setdefault(word, []).append(f"{position}{weight}")
        position += 2
    return " ".join(f"'{word}':{','.join(found[:20])}" for word, found in places.items())
