"""Concrete addresses: each pattern filled with the numbers of one owner, or of two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from resources.models import Theme
from tests.isolation.matrix.ground import Estate
from tests.isolation.matrix.routes import Route
from tests.isolation.matrix.written import DATED_ON, FRAME_KEY, NOTED_KEY

# The one page kind on which every method is tried; GET goes through all of them.
PLAIN = "draft"
KINDS = (
    "draft",
    "live",
    "home",
    "section",
    "reworked",
    "scheduled",
    "restricted",
    "translated",
    "moderated",
    "english",
    "english_home",
    "english_live",
    "english_scheduled",
    "english_restricted",
)
PAGE_PARAMS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")
# Parts of an address that name nothing of anybody's.
WORDS = {
    "action_name": "approve",
    "filter_spec": "max-165x165",
    "mode": "",
    "uidb36": "1",
    "uidb64": "MQ",
    "token": "a-token",
    "key": "a-key",
    "path": "original_images/x.png",
    "content_type_app_name": "resources",
    "content_type_model_name": "contactpage",
    "kind": "groupement",
    "act": "annuler",
    "day": DATED_ON,
    "event_key": NOTED_KEY,
    "frame_key": FRAME_KEY,
    "file_format": "csv",
    "block": "o1",
}
# What ``pk`` is, by the beginning of the pattern's name.
PK = {
    "wagtailadmin_api:documents": "document",
    "wagtailadmin_api:images": "image",
    "wagtaildocs_chooser": "document",
    "wagtailimages_chooser": "image",
    "wagtailadmin_collections": "collection",
    "groupement": "groupement",
    "zone": "zone",
    "mandate": "mandate",
    "team": "groupement",
    "team_role": "mandate",
    "team_end": "mandate",
    "team_withdraw": "invitation",
    "handover": "groupement",
    "device_reset_answer": "device_reset",
    "samplerecord": "sample_record",
    "callbackrequest": "callback",
    "registration": "registration",
    "checkround": "check_round",
    "correction": "correction",
    "correction_propose": "groupement",
    "frames_of": "groupement",
    "frames_news": "groupement",
    "frame_confirm": "groupement",
    "frame_answers": "groupement",
    "frame_of_page": "frame_answer",
    "contact_import": "contact_import",
    "contact_import_section": "contact_section",
    "calendar_dates": "calendar",
    "local_note": "calendar",
    "event_date": "dated_event",
    "event_import": "event_import",
    "event_import_section": "event_section",
    "event_source": "event_source",
    "wagtailsites": "site",
    "wagtailusers_users": "user",
    "wagtailusers_groups": "group",
    "wagtailsettings": "office",
    "wagtaillocales": "locale",
    "synonym": "synonym",
}
IDS = {
    "collection_id": "collection",
    "image_id": "image",
    "document_id": "document",
    "doc_id": "document",
    "redirect_id": "redirect",
    "query_id": "question",
    "session_id": "session",
    "session": "registration_event",
    "event_id": "registration_event",
    "translation_source_id": "source",
    "translation_id": "translation",
    "string_segment_id": "string_segment",
    "overridable_segment_id": "overridable_segment",
    "task_id": "task",
    "task_state_id": "task_state",
    "workflow_state_id": "workflow_state",
    "workflow_pk": "workflow",
    "restriction_id": "collection_restriction",
    "page_view_restriction_id": "page_restriction",
}
REVISION_PARAMS = {"revision_id": "revision", "revision_id_a": "revision", "revision_id_b": "revision_b"}
BULK = {
    ("wagtailcore", "page"): ("delete", "move", "publish", "unpublish"),
    ("core", "image"): ("delete", "add_tags", "add_to_collection"),
    ("core", "document"): ("delete", "add_tags", "add_to_collection"),
    ("users", "user"): ("delete", "assign_role", "set_active_state"),
}
API_ACTIONS = ("copy", "delete", "publish", "move", "create_alias", "copy_for_translation", "revert_to_page_revision")
GHOST = 987_654


@dataclass(frozen=True)
class Address:
    """One address to try. ``owner``: whose numbers it carries; ``-`` when it carries none."""

    route: Route
    path: str
    owner: str
    kind: str = ""


def addresses(route: Route, estate: Estate, kinds: tuple[str, ...]) -> Iterator[Address]:
    """The addresses of a pattern with the numbers of one owner."""
    if route.name == "wagtail_bulk_action":
        yield from _bulk(route, estate)
        return
    if not _names_objects(route):
        kinds = (PLAIN,)
    for kind in kinds if _takes_any_page(route) else (PLAIN,):
        for kwargs in _filled(route, estate, kind):
            path = build(route, kwargs)
            if path:
                yield Address(route, path, estate.owner if _names_objects(route) else "-", kind)


def mixed(route: Route, own: Estate, other: Estate) -> Iterator[Address]:
    """Addresses with two numbers, one of each owner: they are the other's."""
    words = {*WORDS, *_models(route)}
    params = [param for param in route.params if param not in words and _value(route, param, own, PLAIN) is not None]
    if len(params) < 2:
        return
    for strange in params:
        for mine in next(iter(_filled(route, own, PLAIN)), None), None:
            if mine is None:
                continue
            value = _value(route, strange, other, PLAIN)
            path = build(route, mine | {strange: value}) if value is not None else None
            if path:
                yield Address(route, path, other.owner, f"mixed:{strange}")


def ghost(route: Route) -> str | None:
    """The same pattern with numbers that do not exist."""
    kwargs = {param: WORDS.get(param, GHOST) for param in route.params}
    kwargs |= _models(route)
    return build(route, kwargs)


def build(route: Route, kwargs: dict) -> str | None:
    if not route.name:
        return "/" + route.route.replace("^.*/$", "nulle-part/").replace("<path:path>", WORDS["path"])
    given = {name: value for name, value in kwargs.items() if value != ""}
    try:
        return reverse(route.name, kwargs=given)
    except NoReverseMatch:
        return None


def _takes_any_page(route: Route) -> bool:
    return any(param in PAGE_PARAMS for param in route.params) and not set(route.params) & {
        *REVISION_PARAMS,
        "task_state_id",
        "workflow_state_id",
    }


def _names_objects(route: Route) -> bool:
    return any(param not in WORDS and param not in _models(route) for param in route.params)


def _filled(route: Route, estate: Estate, kind: str) -> Iterator[dict]:
    if {"task_state_id", "workflow_state_id"} & set(route.params):
        kind = "moderated"
    if {"content_type_model_name"} <= set(route.params):
        kind = "section"
    kwargs = {param: _value(route, param, estate, kind) for param in route.params}
    if any(value is None for value in kwargs.values()):
        return
    if route.name == "wagtailadmin_api:pages:action":
        for action in API_ACTIONS:
            yield kwargs | {"action_name": action}
        return
    yield kwargs


def _value(route: Route, param: str, estate: Estate, kind: str):
    """The number, or the word, that an owner has for a parameter; ``None`` when they have no such thing."""
    words = _models(route) | WORDS
    if param == "action_name" and route.name == "wagtailadmin_api:pages:action":
        return "copy"
    if param in words:
        return words[param]
    if param in PAGE_PARAMS:
        return estate.pages[kind].pk
    if param == "pk" and (route.name.startswith("wagtailadmin_api:pages") or "revision" in route.name):
        return estate.pages[kind].pk
    if param == "object_id":
        return estate.pages[PLAIN].pk
    if param == "uploaded_file_id":
        return estate.ids["image_upload" if "image" in route.name else "document_upload"]
    if param in REVISION_PARAMS:
        return estate.ids[REVISION_PARAMS[param]]
    if param == "pk" and route.name.startswith("wagtailadmin_workflows"):
        return estate.ids.get("task" if "task" in route.name else "workflow")
    if param == "pk":
        names = [name for name in PK if route.name.startswith(name)]
        if names:
            kind = PK[max(names, key=len)]
            return {"office": 1, "locale": 1}.get(kind) or estate.ids.get(kind)
        if "snippet" in route.name or route.name.split(":")[0] in {
            "theme",
            "audience",
            "contactcategory",
            "nationaltag",
        }:
            return Theme.objects.values_list("pk", flat=True).first() if estate.owner == "n" else None
    return estate.ids.get(IDS.get(param, param))


def _models(route: Route) -> dict[str, str]:
    """The model that an address names, by the beginning of the pattern's name."""
    for prefix, (app, model) in {
        "wagtailadmin_tag": ("core", "nationaltag"),
        "wagtailadmin_editing_sessions": ("resources", "contactpage"),
        "wagtail_localize": ("resources", "theme"),
        "wagtailsettings": ("regions", "nationaloffice"),
        "wagtailadmin_workflows": ("wagtailcore", "groupapprovaltask"),
        "wagtailadmin_pages": ("resources", "contactpage"),
    }.items():
        if route.name.startswith(prefix):
            return {"app_name": app, "app_label": app, "model_name": model}
    return {}


def _bulk(route: Route, estate: Estate) -> Iterator[Address]:
    things = {"page": estate.pages[PLAIN].pk, **estate.ids}
    for (app, model), actions in BULK.items():
        for action in actions:
            path = reverse(route.name, kwargs={"app_label": app, "model_name": model, "action": action})
            yield Address(route, f"{path}?id={things[model]}", estate.owner, model)
            if model == "page":
                yield Address(route, f"{path}?id=all&childOf={estate.pages['section'].pk}", estate.owner, "all")
