"""What decides how each page of a listing is shown, asked for all the rows of a screen at once.

Wagtail and wagtail-localize ask it row by row: whether something may be added below, of each type of page; in which
languages it is not yet; whether its translations are kept in step; its address, among those of all the sites.
"""

from __future__ import annotations

import functools
import operator
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.db.models.functions import Length, Substr
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.models.sites import SiteRootPath
from wagtail_localize.models import TranslationSource

RIGHTS = (
    "can_add_subpage",
    "can_copy",
    "can_delete",
    "can_edit",
    "can_move",
    "can_reorder_children",
    "can_unpublish",
    "can_view_revisions",
)
TRANSLATES = "wagtail_localize.submit_translation"


class Screen:
    """The facts of the pages of one screen, for the one who looks at it."""

    def __init__(self, pages: list[Page], request) -> None:
        self.request = request
        self.children = children_by_type(pages)
        self.roots = Roots(request)
        self.translates = request.user.has_perm(TRANSLATES)
        self.languages: dict = defaultdict(set)
        self.sources: dict = {}
        self.type_names: dict[type, str] = {}
        if self.translates:
            self._read_translations({page.translation_key for page in pages})
        if not hasattr(request, "all_page_view_restriction_paths"):  # where Wagtail's tag keeps them too
            paths = PageViewRestriction.objects.values_list("page__path", flat=True)
            request.all_page_view_restriction_paths = list(paths)

    def _read_translations(self, keys: Iterable) -> None:
        versions = Page.objects.filter(translation_key__in=keys, alias_of__isnull=True).order_by()
        for key, locale in versions.values_list("translation_key", "locale_id"):
            self.languages[key].add(locale)
        sources = TranslationSource.objects.filter(object_id__in=keys, translations__enabled=True)
        for key, locale, pk in sources.values_list("object_id", "locale_id", "pk").distinct():
            self.sources[key, locale] = pk

    def type_name(self, page: Page) -> str:
        """How the page's type is called; the root of the whole tree, which has no type, is on no screen of rows."""
        kind = type(page)
        if kind not in self.type_names:
            self.type_names[kind] = str(page.page_type_display_name)
        return self.type_names[kind]

    def is_reserved(self, page: Page) -> bool:
        """Whether the page is kept from the public, by itself or by what is above it."""
        return page.path.startswith(tuple(self.request.all_page_view_restriction_paths))

    def rights(self, page: Page) -> tuple[bool, ...]:
        """What the person may do with a page, in the order of ``RIGHTS``."""
        tester = page.permissions_for_user(self.request.user)
        # The rules are Wagtail's, which ask what is below this object only: it is known already.
        page.get_children = lambda: _Children(page, self.children.get(page.path, Counter()))
        if page.is_leaf():
            page.get_descendants = lambda inclusive: _Alone([page] if inclusive else [])
        try:
            return tuple(bool(getattr(tester, name)()) for name in RIGHTS)
        finally:
            page.__dict__.pop("get_children")
            page.__dict__.pop("get_descendants", None)


def children_by_type(pages: Iterable[Page]) -> dict[str, Counter]:
    """How many pages of each type are right below each: by path, then by content type."""
    parents = [Q(path__startswith=page.path, depth=page.depth + 1) for page in pages if page.numchild]
    found: dict[str, Counter] = defaultdict(Counter)
    if parents:
        rows = Page.objects.filter(functools.reduce(operator.or_, parents)).order_by()
        rows = rows.annotate(above=Substr("path", 1, Length("path") - Page.steplen))
        for above, kind, count in rows.values_list("above", "content_type").annotate(number=Count("pk")):
            found[above][kind] = count
    return found


class _Children:
    """The pages below one, of which only the number of each type is asked."""

    def __init__(self, page: Page, counted: Counter) -> None:
        self._page, self._counted = page, counted

    def type(self, *models) -> _Children:
        kinds = {kind: ContentType.objects.get_for_id(kind).model_class() for kind in self._counted}
        kept = {kind: self._counted[kind] for kind, model in kinds.items() if model and issubclass(model, models)}
        return _Children(self._page, Counter(kept))

    def count(self) -> int:
        return self._counted.total()

    def __getattr__(self, name: str):
        return getattr(type(self._page).get_children(self._page), name)


class _Alone(list):
    """What is below a page that has nothing below it, as the right to delete asks for it, and not otherwise."""

    def live(self) -> _Alone:
        return _Alone(page for page in self if page.live)

    def exclude(self, *, owner, live: bool | None = None) -> _Alone:
        return _Alone(page for page in self if page.owner_id != owner.pk or live not in {None, page.live})

    def exists(self) -> bool:
        return bool(self)


class Roots:
    """Where the sites begin, found by the beginning of an address instead of by trying each."""

    def __init__(self, request) -> None:
        self.request = request
        known = Site.get_site_root_paths()
        self.is_alone = len({root.site_id for root in known}) == 1
        self.by_path: dict[str, list[tuple[int, SiteRootPath]]] = defaultdict(list)
        for rank, root in enumerate(known):
            self.by_path[root.root_path].append((rank, root))

    @functools.cached_property
    def here(self) -> int | None:
        """The site on which the screen is opened."""
        site = Site.find_for_request(self.request)
        return site.pk if site else None

    def addresses(self, page: Page) -> tuple[str | None, str | None]:
        """``page.url`` and ``page.get_url(request)``."""
        above = self._above(page.url_path)
        own_rules = type(page).get_url is not Page.get_url or type(page).get_url_parts is not Page.get_url_parts
        if own_rules or len({root.site_id for root in above}) > 1:
            return page.url, page.get_url(self.request)
        if not above:
            return None, None
        page._wagtail_cached_site_root_paths = above
        try:
            site, root, path = page.get_url_parts()
        finally:
            del page._wagtail_cached_site_root_paths
        if path is None:
            return None, None
        return (path if self.is_alone else root + path), (path if self.is_alone or site == self.here else root + path)

    def _above(self, url_path: str) -> list[SiteRootPath]:
        ends = [place + 1 for place, letter in enumerate(url_path) if letter == "/"]
        return [
            root for _rank, root in sorted(found for end in ends for found in self.by_path.get(url_path[:end], ()))
        ]
