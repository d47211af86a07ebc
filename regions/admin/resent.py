"""A page that was created and whose answer was lost: its form, sent again, leads to it, and makes no second one."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from regions.admin import conflicts

AGAIN = dt.timedelta(hours=1)  # as for a visitor's request


def lead_to_the_page_made(request: HttpRequest, parent: Page, page_class: type[Page]) -> HttpResponse | None:
    """Before a page is created: look for the one that the same person made a while ago of the same text.

    For the hook ``before_create_page``; ``None`` lets Wagtail go on.
    """
    if request.method != "POST" or not request.accepts("text/html"):
        return None
    same = page_class._default_manager.filter(
        path__startswith=parent.path,
        depth=parent.depth + 1,
        owner=request.user,
        draft_title=request.POST.get("title", "").strip(),
        latest_revision__user=request.user,
        latest_revision__created_at__gte=timezone.now() - AGAIN,
    )
    for page in same.order_by("-pk")[:3]:
        latest = page.get_latest_revision()
        if conflicts.is_sent_again(request, latest.as_object(), latest):
            return conflicts.go_on(request, page, latest) or _show(request, page)
    return None


def _show(request: HttpRequest, page: Page) -> HttpResponse:
    """It was made, and something else was asked then: the person looks, and asks again."""
    messages.success(request, _("Your page had already been created."))
    return redirect("wagtailadmin_pages:edit", page.pk)
