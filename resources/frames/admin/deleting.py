"""Before a national page is deleted or taken off the site: its editor reads how many groupements wrote in it."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.models import Page

from regions import rights
from resources.frames import changes
from resources.frames.models import FramePage

DELETE, UNPUBLISH = "delete", "unpublish"


def tell_before_deleting(request: HttpRequest, page: Page) -> None:
    """Hook ``before_delete_page``: said above Wagtail's own question."""
    if request.method == "GET":
        _tell(request, page, DELETE)


def ask_before_taking_away(request: HttpRequest, action_type: str, pages: Iterable, action) -> HttpResponse | None:
    """Hook ``before_bulk_action``: of several pages, the first that groupements answered is taken away by itself."""
    if action_type not in {DELETE, UNPUBLISH}:
        return None
    for page in pages:
        if isinstance(page, Page) and any(changes.concerned(national) for national in _frames_in(page)):
            return redirect(f"wagtailadmin_pages:{action_type}", page.pk)
    return None


class FrameUnpublishView(UnpublishView):
    """Taking a national text off the site: said above Wagtail's own question."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        _tell(request, self.object, UNPUBLISH)
        return super().get(request, *args, **kwargs)


def _tell(request: HttpRequest, page: Page, action: str) -> None:
    for national in _frames_in(page):
        if found := changes.concerned(national):
            messages.warning(request, _words(national, found, action))


def _frames_in(page: Page) -> list[FramePage]:
    """The national texts that would go with a page: itself, and what is below it."""
    if not page.path.startswith(tuple(home.path for home in rights.national_homes())):
        return []
    rows = Page.objects.descendant_of(page, inclusive=True).specific()
    return [row for row in rows if isinstance(row, FramePage) and row.is_frame]


def _words(national, found: changes.Concerned, action: str) -> str:
    if action == DELETE:
        words = ngettext(
            "“%(title)s”: %(count)d groupement has written in it (%(names)s). Its text will leave its site; it keeps "
            "it, and may use it again elsewhere. If the page may come back, take it off the site instead.",
            "“%(title)s”: %(count)d groupements have written in it (%(names)s). Their texts will leave their sites; "
            "they keep them, and may use them again elsewhere. If the page may come back, take it off the site "
            "instead.",
            found.count,
        )
    else:
        words = ngettext(
            "“%(title)s”: %(count)d groupement has written in it (%(names)s). Its text leaves its site with the page, "
            "is kept, and comes back with it.",
            "“%(title)s”: %(count)d groupements have written in it (%(names)s). Their texts leave their sites with "
            "the page, are kept, and come back with it.",
            found.count,
        )
    return words % {"title": national.title, "count": found.count, "names": found}
