"""What must be true of an installation at any moment, and above all just after a process was killed in its middle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import swapper
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import connection, models
from wagtail.models import Collection, Page

# Rows that tell of what is gone, and outlive it on purpose.
OUTLIVE = frozenset(
    {
        "wagtailcore.PageLogEntry",
        "wagtailcore.ModelLogEntry",
        "wagtail_localize.TranslationLog",
    }
)
PROBLEMS = ("a path of strange letters", "a path of strange length", "no parent", "a wrong depth", "a wrong numchild")


def faults(media: Path) -> list[str]:
    """Every fault of the installation in force, in words; an empty list when it is sound.

    Args:
        media: the folder of the uploaded files.
    """
    return [fault for check in CHECKS for fault in check()] + list(files(media))


def trees() -> Iterator[str]:
    """What ``fixtree`` looks for, in the trees of the pages and of the collections."""
    for model in (Page, Collection):
        for problem, found in zip(PROBLEMS, model.find_problems(), strict=True):
            if found:
                yield f"{model.__name__} with {problem}: {found}"


def specific_rows() -> Iterator[str]:
    """A page without the row of its own type."""
    counts = Page.objects.values_list("content_type").annotate(count=models.Count("pk")).order_by("content_type")
    for content_type_id, _count in counts:
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is None or model is Page:
            continue
        alone = Page.objects.filter(content_type=content_type_id).exclude(pk__in=model.objects.values("pk"))
        yield from (f"page {pk} without its row of {model.__name__}" for pk in alone.values_list("pk", flat=True))


def addresses() -> Iterator[str]:
    """A page whose address is not its parent's and its own name, or the same as a sister's."""
    yield from _rows(
        """
        SELECT format('page %s at %s below %s', child.id, child.url_path, parent.url_path)
        FROM wagtailcore_page child
        JOIN wagtailcore_page parent ON parent.path = left(child.path, -4)
        WHERE child.url_path <> parent.url_path || child.slug || '/' AND parent.depth > 1
        """
    )
    yield from _rows(
        """
        SELECT format('%s pages at %s', count(*), url_path) FROM wagtailcore_page
        WHERE depth > 2 GROUP BY url_path HAVING count(*) > 1
        """
    )


def foreign_keys() -> Iterator[str]:
    """A row that points at one that is not there, whether or not the database holds the constraint."""
    parts = []
    for model in _own_tables():
        if model._meta.label in OUTLIVE:
            continue
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, models.ForeignKey):
                continue
            target = field.remote_field.model._meta
            aimed = field.target_field.column
            parts.append(
                f"SELECT format('{model._meta.label}.{field.name} points at %s, which is not there', t.\"{field.column}\")"
                f' FROM "{model._meta.db_table}" t WHERE t."{field.column}" IS NOT NULL AND NOT EXISTS'
                f' (SELECT 1 FROM "{target.db_table}" o WHERE o."{aimed}" = t."{field.column}")'
            )
    yield from _rows(" UNION ALL ".join(parts))


def generic_keys() -> Iterator[str]:
    """A version, a workflow, a reference of something that is not there."""
    named = {"object_id": ("content_type_id", "base_content_type_id"), "to_object_id": ("to_content_type_id",)}
    for model in _own_tables():
        columns = {field.column for field in model._meta.local_concrete_fields}
        if model._meta.label in OUTLIVE:
            continue
        for key, types in named.items():
            kind = next((name for name in types if name in columns), None)
            if key not in columns or kind is None:
                continue
            yield from _generic(model, kind, key)


def _generic(model: type[models.Model], kind: str, key: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT DISTINCT "{kind}" FROM "{model._meta.db_table}" WHERE "{kind}" IS NOT NULL')
        kinds = [pk for (pk,) in cursor.fetchall()]
    for pk in kinds:
        target = ContentType.objects.get_for_id(pk).model_class()
        if target is None:
            continue
        yield from _rows(
            f"SELECT format('{model._meta.label} of {target._meta.label} %s, which is not there', t.\"{key}\")"
            f' FROM "{model._meta.db_table}" t WHERE t."{kind}" = {pk} AND NOT EXISTS'
            f' (SELECT 1 FROM "{target._meta.db_table}" o WHERE o."{target._meta.pk.column}"::text = t."{key}"::text)'
        )


def publications() -> Iterator[str]:
    """A page half published: its row and its published version apart, or published without a line in its history."""
    yield from _rows(
        """
        SELECT format('page %s says “%s”, its published version “%s”', page.id, page.title, revision.content ->> 'title')
        FROM wagtailcore_page page JOIN wagtailcore_revision revision ON revision.id = page.live_revision_id
        WHERE page.live AND page.title <> revision.content ->> 'title'
        UNION ALL
        SELECT format('page %s has versions, is published, and none of them is', page.id)
        FROM wagtailcore_page page
        WHERE page.live AND page.live_revision_id IS NULL AND page.latest_revision_id IS NOT NULL
            AND page.alias_of_id IS NULL AND page.first_published_at IS NOT NULL
        UNION ALL
        SELECT format('page %s is published, its history does not say so', page.id)
        FROM wagtailcore_page page
        WHERE page.live AND page.live_revision_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM wagtailcore_pagelogentry entry WHERE entry.revision_id = page.live_revision_id
                AND entry.page_id = page.id AND entry.action NOT IN ('wagtail.edit', 'wagtail.create'))
        UNION ALL
        SELECT format('page %s is withdrawn, one of its versions is said to be published', page.id)
        FROM wagtailcore_page page WHERE NOT page.live AND page.live_revision_id IS NOT NULL
        UNION ALL
        SELECT format('page %s is published, and its version %s waits for an hour that is past', page.id, revision.id)
        FROM wagtailcore_page page JOIN wagtailcore_revision revision ON revision.id = page.live_revision_id
        WHERE revision.approved_go_live_at IS NOT NULL
        UNION ALL
        SELECT format('page %s has a newer version than the one it knows', page.id)
        FROM wagtailcore_page page JOIN wagtailcore_revision revision ON revision.object_id = page.id::text
            AND revision.base_content_type_id = (
                SELECT id FROM django_content_type WHERE app_label = 'wagtailcore' AND model = 'page')
        WHERE revision.id > coalesce(page.latest_revision_id, 0)
        """
    )


def workflows() -> Iterator[str]:
    """A page that is published and still waits for approval; a workflow without a step, or with two."""
    yield from _rows(
        """
        SELECT format('page %s waits for approval of the version that is published', page.id)
        FROM wagtailcore_workflowstate state
        JOIN wagtailcore_taskstate task ON task.id = state.current_task_state_id
        JOIN wagtailcore_page page ON page.id::text = state.object_id AND page.live_revision_id = task.revision_id
        WHERE state.status = 'in_progress'
        UNION ALL
        SELECT format('workflow %s is under way without a step', state.id) FROM wagtailcore_workflowstate state
        WHERE state.status = 'in_progress' AND state.current_task_state_id IS NULL
        UNION ALL
        SELECT format('%s workflows are under way for page %s', count(*), object_id) FROM wagtailcore_workflowstate
        WHERE status IN ('in_progress', 'needs_changes') GROUP BY object_id HAVING count(*) > 1
        """
    )


def search_entries() -> Iterator[str]:
    """A page that the search does not know, or that it shows although it is gone, and that nobody is to read again."""
    yield from _rows(
        """
        SELECT format('the search shows page %s, which is not published', entry.page_id) FROM resources_indexentry entry
        WHERE NOT entry.gone
            AND NOT EXISTS (SELECT 1 FROM wagtailcore_page page WHERE page.id = entry.page_id AND page.live)
            AND NOT EXISTS (SELECT 1 FROM resources_indexpending pending WHERE pending.page_id = entry.page_id)
        """
    )


def groupements() -> Iterator[str]:
    """A groupement without its site, home, collection, workflow or groups; a home or a site of nobody."""
    yield from _rows(
        """
        SELECT format('groupement %s is not whole', groupement.code) FROM regions_groupement groupement
        LEFT JOIN wagtailcore_site site ON site.id = groupement.site_id
        LEFT JOIN home_groupementhomepage home ON home.page_ptr_id = site.root_page_id
        WHERE site.id IS NULL OR home.page_ptr_id IS NULL OR home.groupement_id <> groupement.id
            OR groupement.collection_id IS NULL OR groupement.workflow_id IS NULL
            OR NOT EXISTS (SELECT 1 FROM regions_rolegroup one WHERE one.groupement_id = groupement.id)
            OR (SELECT numchild FROM wagtailcore_page page WHERE page.id = site.root_page_id) < 6
        UNION ALL
        SELECT format('site %s leads to a page that is nobody''s', site.hostname) FROM wagtailcore_site site
        WHERE NOT site.is_default_site
            AND NOT EXISTS (SELECT 1 FROM regions_groupement groupement WHERE groupement.site_id = site.id)
        UNION ALL
        SELECT format('workflow %s is nobody''s', workflow.name) FROM wagtailcore_workflow workflow
        WHERE workflow.name LIKE 'Publication – %'
            AND NOT EXISTS (SELECT 1 FROM regions_groupement one WHERE one.workflow_id = workflow.id)
            AND NOT EXISTS (SELECT 1 FROM regions_nationaloffice one WHERE one.workflow_id = workflow.id)
        """
    )


def imports() -> Iterator[str]:
    """A line said to be done without its page, a page that no line says it made, two pages of one line."""
    yield from _rows(
        """
        SELECT format('line %s of import %s was made, and has no page', line, origin_id)
        FROM resources_contactimportrow WHERE outcome IN ('created', 'changed') AND page_id IS NULL
        UNION ALL
        SELECT format('contact %s comes from an import that does not say so', contact.page_ptr_id)
        FROM resources_contactpage contact WHERE contact.source = 'tableau importé' AND NOT EXISTS (
            SELECT 1 FROM resources_contactimportrow one
            WHERE one.page_id = contact.page_ptr_id AND one.outcome IN ('created', 'kept', 'undone'))
        UNION ALL
        SELECT format('contact %s was made by %s lines', page_id, count(*)) FROM resources_contactimportrow
        WHERE outcome = 'created' GROUP BY page_id HAVING count(*) > 1
        UNION ALL
        SELECT format('event %s of import %s was made, and has no page', number, origin_id)
        FROM resources_eventimportrow WHERE outcome = 'created' AND page_id IS NULL
        UNION ALL
        SELECT format('event %s was made, and its source does not know it', page_id) FROM resources_eventimportrow line
        WHERE outcome = 'created' AND NOT EXISTS (
            SELECT 1 FROM resources_importedevent entry WHERE entry.page_id = line.page_id)
        UNION ALL
        SELECT format('%s pages of the event %s of one source', count(*), key) FROM resources_importedevent
        GROUP BY source_id, key HAVING count(*) > 1
        """
    )


def events() -> Iterator[str]:
    """A published event that calendars are not told of, or without its dates; a withdrawn one that still is told."""
    yield from _rows(
        """
        SELECT format('event %s is published, and calendars are not told', page.id)
        FROM resources_eventpage event JOIN wagtailcore_page page ON page.id = event.page_ptr_id
        WHERE page.live AND NOT EXISTS (SELECT 1 FROM resources_eventpublication told
            WHERE told.page_id = page.id AND told.withdrawn_at IS NULL)
        UNION ALL
        SELECT format('event %s is not published, and calendars are told that it is on', told.page_id)
        FROM resources_eventpublication told WHERE told.withdrawn_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM wagtailcore_page page WHERE page.id = told.page_id AND page.live)
        UNION ALL
        SELECT format('event %s is published, and has no date', page.id)
        FROM resources_eventpage event JOIN wagtailcore_page page ON page.id = event.page_ptr_id
        WHERE page.live AND NOT EXISTS (
            SELECT 1 FROM resources_eventoccurrence one WHERE one.event_id = event.page_ptr_id)
        """
    )


def under_way() -> Iterator[str]:
    """What a transaction writes for itself, and must never be seen."""
    yield from _rows(
        """
        SELECT format('transaction %s left its mark', xact) FROM core_publicchange
        WHERE xact <> pg_current_xact_id()::text::bigint
        """
    )


def files(media: Path) -> Iterator[str]:
    """A file that no row names, or a row whose file is not there."""
    named: dict[str, str] = {}
    for model in _own_tables():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.FileField):
                for name in model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True):
                    named[str(name)] = f"{model._meta.label}.{field.name}"
    there = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()} if media.exists() else set()
    yield from (f"file {name} is nobody's" for name in sorted(there - named.keys()))
    yield from (
        f"{owner} names {name}, which is not there"
        for name, owner in sorted(named.items())
        if name not in there and not default_storage.exists(name)
    )


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    trees,
    specific_rows,
    addresses,
    foreign_keys,
    generic_keys,
    publications,
    workflows,
    search_entries,
    groupements,
    imports,
    events,
    under_way,
)


def _own_tables() -> list[type[models.Model]]:
    # A swapped page model would have another table than Wagtail's: not here, and the queries above say so.
    if swapper.is_swapped("wagtailcore", "Page"):
        raise NotImplementedError
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy and not model._meta.swapped]


def _rows(query: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        yield from [text for (text,) in cursor.fetchall()]
