"""What a request asks for beside its address: numbers in the query string, in a form, in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from django.apps import apps
from django.http import HttpRequest
from wagtail.models import Page

from regions.admin.guard import checks
from regions.admin.guard.registry import Check
from regions.reach import Reach

# What a form of Wagtail calls the page under which something is put.
DESTINATIONS = ("new_parent_page", "parent_page", "parent", "chooser", "destination_page_id")


def each_id(check: Check) -> Callable:
    """Every ``?id=`` of the query string."""

    def checked(reach: Reach, request: HttpRequest, kwargs: Mapping) -> bool:
        return all(check(reach, value, kwargs) for value in request.GET.getlist("id"))

    return checked


def destinations(reach: Reach, request: HttpRequest, kwargs: Mapping) -> bool:
    """Whatever page a form puts something under is an own page."""
    asked = (
        value for name in DESTINATIONS for values in (request.GET, request.POST) for value in values.getlist(name)
    )
    return _all_own(reach, asked)


def json_destination(reach: Reach, request: HttpRequest, kwargs: Mapping) -> bool:
    """The pages named in the JSON body of the admin API are own pages; a locked one is not put back to a former text.

    The screen that puts back asks the lock; the API does not (read in Wagtail 8.0.1: ``RevertToPageRevisionAction``).
    """
    if kwargs["action_name"] == "revert_to_page_revision" and _is_locked(reach, kwargs["pk"]):
        return False
    try:
        data = json.loads(request.body or b"{}")
    except ValueError:
        data = {}
    if not isinstance(data, dict):
        return False
    named = [data[name] for name in DESTINATIONS if data.get(name) not in (None, "")]
    return _all_own(reach, named) and destinations(reach, request, kwargs)


BULK: dict[tuple[str, str], Check] = {
    ("wagtailcore", "page"): checks.own_page,
    ("core", "image"): checks.kept_image,
    ("core", "document"): checks.kept_document,
}


def bulk(reach: Reach, request: HttpRequest, kwargs: Mapping) -> bool:
    """Several objects at once: each is own, and so are the page whose children are meant and the destination.

    “All of the listing” needs a parent that is own: Wagtail would name the others as those one may not touch.
    """
    model = kwargs["app_label"], kwargs["model_name"]
    check = BULK.get(model)
    ids = request.GET.getlist("id")
    parent = request.GET.get("childOf")
    if check is None or not all(value == "all" or check(reach, value, kwargs) for value in ids):
        return False
    if parent and not checks.own_page(reach, parent, kwargs):
        return False
    if "all" in ids and not (parent and model == ("wagtailcore", "page")):
        return False
    return destinations(reach, request, kwargs)


def edited_object(reach: Reach, request: HttpRequest, kwargs: Mapping) -> bool:
    """Whose presence is announced on an edit screen: an own page, or an own groupement's coordinates."""
    label, name = kwargs["app_label"], kwargs["model_name"]
    try:
        model = apps.get_model(label, name)
    except LookupError:
        return False
    check: Check | None
    if issubclass(model, Page):
        check = checks.own_page
    elif model._meta.label == "regions.Groupement":
        check = checks.own_groupement
    else:
        check = {"core.Image": checks.kept_image, "core.Document": checks.kept_document}.get(model._meta.label)
    return check is not None and check(reach, kwargs["object_id"], kwargs)


def national_tags(reach: Reach, request: HttpRequest, kwargs: Mapping) -> bool:
    """Completion is offered from the closed national list only."""
    return (kwargs["app_name"], kwargs["model_name"]) == ("core", "nationaltag")


def _is_locked(reach: Reach, value) -> bool:
    """Whether a page is locked for the person: somebody reads it before it is published, say."""
    page = Page.objects.filter(pk=checks.number(value)).first()
    lock = page.specific.get_lock() if page else None
    return lock is not None and lock.for_user(reach.user)


def _all_own(reach: Reach, values: Iterable) -> bool:
    return all(checks.own_page(reach, value, {}) for value in values if value != "")
