"""Two people write in one page: the second to save sees both texts, chooses, and neither text is lost.

Wagtail refuses an automatic save over a newer version, but only warns before the “save” button does it, in
JavaScript (wagtail issue 2565, RFC 95). To remove when Wagtail's own view refuses it too.
"""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

# What is said anew by the conflict page, or must not be said twice.
NOT_CARRIED = frozenset(
    {
        "csrfmiddlewaretoken",
        "loaded_revision_id",
        "loaded_revision_created_at",
        "overwrite_revision_id",
        "conflict",
    }
)
THEIRS = "theirs"


def loaded_version(request: HttpRequest) -> tuple[str, str] | None:
    """The version that the form was filled from: revision and moment; ``None`` when the form does not say."""
    overwritten = request.POST.get("overwrite_revision_id")
    if overwritten:
        return overwritten, ""
    loaded = request.POST.get("loaded_revision_id")
    return (loaded, request.POST.get("loaded_revision_created_at", "")) if loaded else None


def is_out_of_date(loaded: tuple[str, str] | None, latest: Revision | None) -> bool:
    """Whether somebody saved after the form was opened."""
    if loaded is None or latest is None:
        return False
    revision, moment = loaded
    return revision != str(latest.pk) or bool(moment and moment != latest.created_at.isoformat())


def stop_silent_overwrite(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before a page is saved by hand: show both texts when the form is older than the page.

    For the hook ``before_edit_page``; ``None`` lets Wagtail go on.
    """
    if request.method != "POST" or not request.accepts("text/html") or page.alias_of_id:
        return None
    latest = page.get_latest_revision()
    if is_out_of_date(loaded_version(request), latest):
        if is_sent_again(request, page, latest):
            return go_on(request, page, latest)
        return _show_both(request, page, latest)
    if request.POST.get("conflict") == THEIRS:
        return _put_mine_aside(request, page, latest)
    return None


def tell_simultaneous_save(request: HttpRequest, page: Page) -> None:
    """After a save: two people pressed the button in the same second. Both versions exist; say so.

    For the hook ``after_edit_page``.
    """
    loaded = loaded_version(request)
    if loaded is None or request.POST.get("overwrite_revision_id") or not request.accepts("text/html"):
        return
    mine, before = [*page.revisions.order_by("-pk")[:2], None, None][:2]
    if before is None or str(before.pk) == loaded[0] or loaded[0] == str(mine.pk):
        return
    url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, before.pk, mine.pk])
    words = _("Somebody saved this page at the same moment as you. Both texts are kept.")
    messages.warning(request, format_html('{} <a href="{}">{}</a>', words, url, _("Compare them")))


def _form(request: HttpRequest, page: Page):
    """The form as the person filled it, upon the page's latest version."""
    form_class = page.get_edit_handler().get_form_class()
    form = form_class(
        request.POST,
        request.FILES,
        instance=page,
        subscription=None,
        parent_page=page.get_parent(),
        for_user=request.user,
    )
    form.defer_required_fields()  # a draft may be incomplete
    return form


def _differences(request: HttpRequest, page: Page, latest: Revision) -> tuple[bool, list]:
    """Whether the form can be read whole, and where it differs from the page's latest version."""
    theirs = latest.as_object()
    form = _form(request, page)
    is_complete = form.is_valid()
    mine = form.save(commit=False) if is_complete else form.instance
    panel = page.get_edit_handler().get_bound_panel(instance=page, request=request, form=None)
    found = [difference(theirs, mine) for difference in panel.get_comparison()]
    return is_complete, [difference for difference in found if difference.has_changed()]


def is_sent_again(request: HttpRequest, page: Page, latest: Revision) -> bool:
    """Whether this form was kept before, and its answer lost: a conflict of a person with themselves."""
    if latest.user_id != request.user.pk:
        return False
    is_complete, differences = _differences(request, page, latest)
    return is_complete and not differences


def go_on(request: HttpRequest, page: Page, latest: Revision) -> HttpResponse | None:
    """Nothing is done twice; a publication that may have been cut short is done to its end, by Wagtail."""
    asked = {name for name in request.POST if name.startswith("action-")}
    if not asked:
        messages.success(request, _("Your text had already been kept."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    if asked == {"action-publish"} and is_published(page, latest):
        messages.success(request, _("Your page had already been published."))
    elif asked == {"action-submit"} and is_submitted(page, latest):
        messages.success(request, _("Your page had already been sent to be approved."))
    else:
        return None
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def is_published(page: Page, latest: Revision) -> bool:
    """Whether a version is the one that visitors read, or waits for its hour."""
    return bool(latest.approved_go_live_at) or (page.live and page.live_revision_id == latest.pk)


def is_submitted(page: Page, latest: Revision) -> bool:
    """Whether a version is the one that is being approved."""
    state = page.current_workflow_task_state
    return state is not None and state.revision_id == latest.pk


def _show_both(request: HttpRequest, page: Page, latest: Revision) -> HttpResponse:
    is_complete, differences = _differences(request, page, latest)
    context = {
        "page": page,
        "other": latest.user,
        "saved_at": latest.created_at,
        "differences": differences,
        "is_complete": is_complete,
        "carried": [
            (name, value) for name, values in request.POST.lists() if name not in NOT_CARRIED for value in values
        ],
        "loaded_revision_id": str(latest.pk),
        "loaded_revision_created_at": latest.created_at.isoformat(),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
        "history_url": reverse("wagtailadmin_pages:history", args=[page.pk]),
    }
    return render(request, "regions/admin/conflict.html", context, status=409)


@transaction.atomic
def _put_mine_aside(request: HttpRequest, page: Page, latest: Revision) -> HttpResponse | None:
    """Keep the other's text as the page's, and one's own in its history."""
    form = _form(request, page)
    if not form.is_valid():
        return None  # Wagtail's view says what is wrong, with the text as it was typed
    form.save(commit=False).save_revision(user=request.user, clean=False, log_action=True)
    latest.as_object().save_revision(user=request.user, clean=False, log_action=True, previous_revision=latest)
    history = reverse("wagtailadmin_pages:history", args=[page.pk])
    words = _("The other text is kept. Yours is in the page’s history.")
    messages.success(request, format_html('{} <a href="{}">{}</a>', words, history, _("See the history")))
    return redirect("wagtailadmin_pages:edit", page.pk)
