"""Links inside texts: kept by the page's number, and led to where the reader stands.

A link written in a national text leads, inside a groupement's subsite, to the same page *in that
subsite*. Rich text knows neither the request nor the place, so it writes the permanent address of the
page (``/lien/<number>/``), which works anywhere; the template tag ``local_links`` then puts the right
address in its place, for a whole page in one query.

Wagtail's own handler asks two queries and reads the list of all sites for each linked paragraph
(``docs/adr/0008-links-in-texts.md``).
"""

from __future__ import annotations

import re

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from regions import restrictions, visibility
from regions.places import Place

# As many figures as the database's numbers have.
_PAGE_ID = re.compile(r"[0-9]{1,9}")
_ANCHOR = re.compile(r'<a href="[^"]*" data-page="([0-9]{1,9})"')


class PermanentPageLinkHandler(PageLinkHandler):
    """Writes the links of rich text without asking the database anything."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        return [anchor(attrs.get("id")) for attrs in attrs_list]


def anchor(page_id: str | int | None) -> str:
    """Return the opening tag of a link to a page, by its permanent address."""
    if not _PAGE_ID.fullmatch(str(page_id)):
        return "<a>"
    return f'<a href="{reverse("permanent_link", args=[page_id])}" data-page="{page_id}">'


def localize(html: str, place: Place) -> str:
    """Replace the permanent addresses of a page's links by those of the place it is read from.

    A page that is not published (any more) leaves its words without a link.
    """
    wanted = {int(found) for found in _ANCHOR.findall(html)}
    if not wanted:
        return html
    addresses = _addresses(wanted, place)

    def replace(match: re.Match) -> str:
        address = addresses.get(int(match[1]))
        return f'<a href="{address}"' if address else "<a"

    return _ANCHOR.sub(replace, html)


def _addresses(page_ids: set[int], place: Place) -> dict[int, str]:
    pages = {page.pk: page for page in Page.objects.filter(pk__in=page_ids, live=True)}
    foreign = {page.translation_key for page in pages.values() if page.locale_id != place.locale.pk}
    if foreign:
        versions = Page.objects.filter(translation_key__in=foreign, locale=place.locale, live=True)
        by_key = {page.translation_key: page for page in versions}
        pages = {pk: by_key.get(page.translation_key, page) for pk, page in pages.items()}
    same_language = [page for page in pages.values() if page.locale_id == place.locale.pk]
    visibility.present(same_language, place)
    restricted = visibility.restricted_paths(place)

    def address(page: Page) -> str:
        if page.path.startswith(restricted):
            return reverse("permanent_link", args=[page.pk])  # its own address would tell its title
        return page.href if page.locale_id == place.locale.pk else page.full_url

    return {pk: address(page) for pk, page in pages.items()}


def permanent_link(request: HttpRequest, page_id: int) -> HttpResponse:
    """Lead from the permanent address of a published page to its own; a reserved one first asks to sign in."""
    page = Page.objects.filter(pk=page_id, live=True).first()
    if page is not None and page.get_view_restrictions():
        restrictions.check_page(page, request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
    address = page.get_full_url(request) if page else None
    if not address:
        raise Http404
    return HttpResponseRedirect(address)
