"""The checks of the guard, found in its rules, and the rules without one of them.

Some checks ask what the screen behind them asks again: without them alone nothing opens, and :data:`BEHIND` says which
wall is both, or which of Wagtail's own rules stands there.
"""

from __future__ import annotations

import dataclasses

from regions.admin.guard import registry, rules
from tests.isolation.matrix.routes import all_routes

WAGTAIL = "Wagtail asks for the right to both pages before it writes (tests/isolation/test_escalation.py)"
MEDIA = "Wagtail's chooser asks its policy, which knows the collections"
IMPORTS = "resources.contacts.importing"
LISTS = "the number of a national list is anybody's: `nation` closes the address"
# Checks that alone show nothing, and what they stand before.
BEHIND = {
    "dashboards.admin.urls.pilots": "dashboards.piloting.piloted_groupements",
    "resources.contacts.importing.urls.own_section": f"{IMPORTS}.views.sections_of",
    "resources.contacts.importing.urls.own_import": f"{IMPORTS}.models.ContactImportQuerySet.for_user",
    "resources.events.importing.urls.own_section": "resources.events.importing.views.sections_of",
    "resources.events.importing.urls.owned(EventImport)": "regions.models.records.RecordQuerySet.for_user",
    "resources.events.importing.urls.owned(EventSource)": "regions.models.records.RecordQuerySet.for_user",
    "regions.admin.records.enters(RecordPolicy)": "regions.admin.records.RecordPolicy.user_has_permission",
    "regions.admin.records.own_record(CorrectionViewSet)": "exchanges.corrections.models.CorrectionQuerySet.for_user",
    "regions.admin.records.own_record(SampleRecordViewSet)": "regions.models.records.RecordQuerySet.for_user",
    "exchanges.registrations.screens.own_session": "exchanges.registrations.screens.rows_of",
    "regions.admin.guard.checks.own_groupement": "regions.scope.managed_groupements",
    "regions.admin.guard.requests.destinations": WAGTAIL,
    "regions.admin.guard.requests.json_destination": WAGTAIL,
    "regions.admin.guard.requests.checked(used_image)": MEDIA,
    "regions.admin.guard.requests.checked(used_document)": MEDIA,
    "regions.admin.guard.requests.national_tags": "a groupement has no tags of its own: they are the nation's",
    "regions.admin.guard.registry.<lambda>": LISTS,
    "search.wagtail_hooks.<lambda>": LISTS,
}


def name_of(check) -> str:
    """A check's dotted name, with what it was made for where one function makes several."""
    name = f"{check.__module__}.{check.__qualname__.rpartition('.')[2]}"
    cells = (cell.cell_contents for cell in check.__closure__ or ())
    made_for = [getattr(one, "__name__", one if isinstance(one, str) else type(one).__name__) for one in cells]
    return f"{name}({made_for[0]})" if made_for else name


def found() -> dict[str, set]:
    """Every check of every rule that opens, by its name; the resolver makes the rules of records."""
    assert all_routes()
    assert rules
    known: dict[str, set] = {}
    for rule in registry._RULES.values():
        if not rule.closed:
            for check in (*rule.ids.values(), *([rule.request] if rule.request else [])):
                known.setdefault(name_of(check), set()).add(check)
    return known


def without(gone: set) -> dict[str, registry.Rule]:
    """The rules that have one of some checks, as they would be without it."""
    opened = {}
    for name, rule in registry._RULES.items():
        if gone & {*rule.ids.values(), rule.request}:
            ids = {param: (lambda *given: True) if check in gone else check for param, check in rule.ids.items()}
            request = None if rule.request in gone else rule.request
            opened[name] = dataclasses.replace(rule, ids=ids, request=request)
    return opened
