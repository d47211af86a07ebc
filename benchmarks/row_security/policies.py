"""A policy for each table: whose a row is, read from the models; a table that says nothing of it is named.

The role ``mara_scoped`` has every right and is held by the policies; the owner of the tables is not. What somebody
reaches is in variables of the session, written when the role is taken (``scope.py``).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model
from wagtail.models import Page

ROLE = "mara_scoped"
FUNCTIONS = f"""
DO $$ BEGIN CREATE ROLE {ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT USAGE ON SCHEMA public TO {ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE};
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {ROLE};
CREATE SCHEMA IF NOT EXISTS mara_scope; GRANT USAGE ON SCHEMA mara_scope TO {ROLE};

CREATE OR REPLACE FUNCTION mara_scope.words(k text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
 $$ SELECT string_to_array(nullif(current_setting('mara.' || k, true), ''), ',') $$;
CREATE OR REPLACE FUNCTION mara_scope.has(k text, v bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
 $$ SELECT coalesce(v::text = ANY(mara_scope.words(k)), false) $$;
CREATE OR REPLACE FUNCTION mara_scope.below(k text, p text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
 $$ SELECT EXISTS (SELECT 1 FROM unnest(mara_scope.words(k)) r WHERE p ^@ r) $$;
CREATE OR REPLACE FUNCTION mara_scope.above(p text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
 $$ SELECT EXISTS (SELECT 1 FROM unnest(mara_scope.words('paths')) r WHERE r ^@ p) $$;
CREATE OR REPLACE FUNCTION mara_scope.nation() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
 $$ SELECT coalesce(current_setting('mara.nation', true), '') = '1' $$;
CREATE OR REPLACE FUNCTION mara_scope.me(u bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
 $$ SELECT coalesce(u::text = current_setting('mara.person', true), false) $$;

-- These look past the policies: whose a page is does not depend on who asks.
CREATE OR REPLACE FUNCTION mara_scope.own_page(i bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS
 $$ SELECT mara_scope.has('review', i)
       OR EXISTS (SELECT 1 FROM wagtailcore_page p WHERE p.id = i AND mara_scope.below('paths', p.path)) $$;
CREATE OR REPLACE FUNCTION mara_scope.own_key(k uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS
 $$ SELECT EXISTS (SELECT 1 FROM wagtailcore_page p
                   WHERE p.translation_key = k AND mara_scope.below('paths', p.path)) $$;
CREATE OR REPLACE FUNCTION mara_scope.own_object(t integer, i text) RETURNS boolean LANGUAGE sql STABLE
 SECURITY DEFINER AS
 $$ SELECT CASE WHEN (SELECT app_label || '.' || model FROM django_content_type WHERE id = t) = 'wagtailcore.page'
                THEN mara_scope.own_page(i::bigint) ELSE true END $$;
CREATE OR REPLACE FUNCTION mara_scope.reserved(p text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS
 $$ SELECT EXISTS (SELECT 1 FROM wagtailcore_pageviewrestriction r JOIN wagtailcore_page q ON q.id = r.page_id
                   WHERE p ^@ q.path) $$;
CREATE OR REPLACE FUNCTION mara_scope.colleague(u bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS
 $$ SELECT mara_scope.me(u)
       OR EXISTS (SELECT 1 FROM users_user_groups g WHERE g.user_id = u AND mara_scope.has('groups', g.group_id))
       OR NOT EXISTS (SELECT 1 FROM users_user_groups g JOIN regions_rolegroup r ON r.group_id = g.group_id
                      WHERE g.user_id = u AND (r.groupement_id IS NOT NULL OR r.zone_id IS NOT NULL)) $$;
CREATE OR REPLACE FUNCTION mara_scope.own_workflow(w bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS
 $$ SELECT EXISTS (SELECT 1 FROM wagtailcore_workflowpage p WHERE p.workflow_id = w AND mara_scope.own_page(p.page_id))
       OR EXISTS (SELECT 1 FROM wagtailcore_workflowstate s JOIN django_content_type t ON t.id = s.base_content_type_id
                  WHERE s.workflow_id = w AND t.model = 'page' AND mara_scope.has('review', s.object_id::bigint)) $$;
CREATE OR REPLACE FUNCTION mara_scope.own_task(t bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS
 $$ SELECT EXISTS (SELECT 1 FROM wagtailcore_workflowtask x WHERE x.task_id = t
                   AND mara_scope.own_workflow(x.workflow_id)) $$;
"""
PUBLISHED = {
    # What anybody reads on a public page is read in the administration too: previews, calendars, inherited guides.
    "open": "live AND NOT mara_scope.reserved(path)",
    # As on stock Wagtail's study: the nation's alone, and not while its next version waits.
    "strict": "live AND NOT has_unpublished_changes AND mara_scope.below('national', path)"
    " AND NOT mara_scope.reserved(path)",
}
RECORD = "mara_scope.has('{ids}', groupement_id) OR (groupement_id IS NULL AND mara_scope.nation())"
OWN_PAGE = "mara_scope.own_page(page_id)"
# Tables whose rows are somebody's, beside those that their models tell.
OWN = {
    "wagtailcore_revision": "mara_scope.own_object(base_content_type_id, object_id)",
    "wagtailcore_workflowstate": "mara_scope.own_object(base_content_type_id, object_id)",
    "wagtailcore_taskstate": "EXISTS (SELECT 1 FROM wagtailcore_workflowstate w WHERE w.id = workflow_state_id)",
    "wagtailcore_workflow": "mara_scope.own_workflow(id)",
    "wagtailcore_task": "mara_scope.own_task(id)",
    "wagtailcore_groupapprovaltask": "mara_scope.own_task(task_ptr_id)",
    "wagtailcore_comment": OWN_PAGE,
    "wagtailcore_commentreply": "EXISTS (SELECT 1 FROM wagtailcore_comment c WHERE c.id = comment_id)",
    "wagtailcore_pagelogentry": OWN_PAGE,
    "wagtailcore_modellogentry": "mara_scope.me(user_id)",
    "wagtailcore_pagesubscription": f"mara_scope.me(user_id) OR {OWN_PAGE}",
    "wagtailcore_collection": "depth = 1 OR mara_scope.below('collections', path)",
    "core_image": "EXISTS (SELECT 1 FROM wagtailcore_collection c WHERE c.id = collection_id)",
    "core_document": "EXISTS (SELECT 1 FROM wagtailcore_collection c WHERE c.id = collection_id)",
    "core_rendition": "EXISTS (SELECT 1 FROM core_image i WHERE i.id = image_id)",
    "wagtailcore_uploadedfile": "mara_scope.me(uploaded_by_user_id)",
    "wagtailadmin_editingsession": "mara_scope.me(user_id) OR mara_scope.own_page(object_id::bigint)",
    "wagtailadmin_formstate": "mara_scope.me(user_id)",
    "wagtailredirects_redirect": "mara_scope.nation()",
    "wagtailsearchpromotions_query": "mara_scope.nation()",
    "wagtailsearchpromotions_searchpromotion": "mara_scope.nation()",
    "users_user": "mara_scope.colleague(id)",
    "users_devicereset": "mara_scope.me(person_id)",
    "regions_mandate": "mara_scope.me(person_id) OR mara_scope.has('answered', groupement_id)",
    "regions_invitation": "mara_scope.has('answered', groupement_id)",
    "exchanges_callbackrequest": RECORD.format(ids="answered") + " OR mara_scope.has('answered', stand_in_id)"
    " OR (mara_scope.nation() AND level = 'nation')",
    "exchanges_checkround": RECORD.format(ids="answered") + " OR mara_scope.has('answered', stand_in_id)",
    "exchanges_correction": RECORD.format(ids="groupements") + " OR mara_scope.nation()",
    "search_querycount": RECORD.format(ids="answered") + " OR mara_scope.nation()",
    "resources_framelook": "mara_scope.has('groupements', groupement_id)",
    "dashboards_labelevent": "true",
    "exchanges_checklink": "EXISTS (SELECT 1 FROM exchanges_checkround r WHERE r.id = round_id)",
    "exchanges_checkitem": "EXISTS (SELECT 1 FROM exchanges_checkround r WHERE r.id = round_id)",
    "resources_contactimportrow": "EXISTS (SELECT 1 FROM resources_contactimport r WHERE r.id = origin_id)",
    "resources_eventimportrow": "EXISTS (SELECT 1 FROM resources_eventimport r WHERE r.id = origin_id)",
    "resources_importedevent": "EXISTS (SELECT 1 FROM resources_eventsource r WHERE r.id = source_id)",
    "wagtail_localize_translationsource": "mara_scope.own_key(object_id)",
    "wagtail_localize_translation": "EXISTS (SELECT 1 FROM wagtail_localize_translationsource s WHERE s.id = source_id)",
    "wagtail_localize_stringsegment": "EXISTS (SELECT 1 FROM wagtail_localize_translationsource s"
    " WHERE s.id = source_id)",
    "wagtail_localize_overridablesegment": "EXISTS (SELECT 1 FROM wagtail_localize_translationsource s"
    " WHERE s.id = source_id)",
    "wagtail_localize_translationlog": "EXISTS (SELECT 1 FROM wagtail_localize_translationsource s"
    " WHERE s.id = source_id)",
    "resources_indexentry": "EXISTS (SELECT 1 FROM wagtailcore_page p WHERE p.id = page_id)",
}


def statements(variant: str) -> Iterator[str]:
    """Every statement that puts the policies in place."""
    yield "SET CONSTRAINTS ALL IMMEDIATE"
    yield FUNCTIONS
    for table, condition in conditions(variant).items():
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        yield f'DROP POLICY IF EXISTS mara ON "{table}"'
        yield f'CREATE POLICY mara ON "{table}" TO {ROLE} USING ({condition}) WITH CHECK ({condition})'
    yield "SET CONSTRAINTS ALL DEFERRED"


def conditions(variant: str) -> dict[str, str]:
    """The condition of each table that has one."""
    seen = f"mara_scope.below('paths', path) OR mara_scope.above(path) OR mara_scope.has('review', id) OR ({PUBLISHED[variant]})"
    return {model._meta.db_table: found for model in models() if (found := _condition(model, seen))}


def models() -> list[type[Model]]:
    found = (model for model in apps.get_models(include_auto_created=True) if model._meta.managed)
    return [model for model in found if not model._meta.proxy]


def _condition(model: type[Model], seen: str) -> str | None:
    from regions.models import GroupementRecord

    table = model._meta.db_table
    if table in OWN:
        return OWN[table]
    if model is Page:
        return seen
    if issubclass(model, GroupementRecord):
        return RECORD.format(ids="groupements" if model.contributors_see_it else "answered")
    # A type of page, a row of a page, what links it to a theme: with the page, by the first key that leads to one.
    for field in model._meta.local_concrete_fields:
        target = field.remote_field and field.remote_field.model
        if isinstance(target, type) and issubclass(target, Page) and not table.startswith("wagtailcore_"):
            return f'EXISTS (SELECT 1 FROM wagtailcore_page p WHERE p.id = "{field.column}")'
    return None
