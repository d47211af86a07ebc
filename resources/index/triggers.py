"""The database notes by itself which pages change: whatever changes them, a form, a loader or a line of SQL.

Two kinds of triggers: on Wagtail's own tables, made by the first migration of the index, and on the table
of each searched page type, made after each ``migrate`` so that a new type is noted as soon as it exists.
"""

from __future__ import annotations

from django.db import connections

PAGE_COLUMNS = (
    "title, slug, live, path, url_path, expire_at, locale_id, content_type_id, last_published_at, first_published_at"
)

CREATE_FUNCTIONS = """
CREATE OR REPLACE FUNCTION resources_note_page() RETURNS trigger AS $$
BEGIN
    INSERT INTO resources_indexpending (page_id) VALUES (COALESCE(NEW.id, OLD.id));
    RETURN NULL;
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION resources_note_typed_page() RETURNS trigger AS $$
BEGIN
    INSERT INTO resources_indexpending (page_id) VALUES (NEW.page_ptr_id);
    RETURN NULL;
END $$ LANGUAGE plpgsql;

-- A complement that is reserved, or opened again, changes what the national page shows at its place.
CREATE OR REPLACE FUNCTION resources_note_restriction() RETURNS trigger AS $$
BEGIN
    INSERT INTO resources_indexpending (page_id)
    SELECT unnest(ARRAY[entry.page_id, entry.base_id])
    FROM resources_indexentry entry JOIN wagtailcore_page page ON page.id = COALESCE(NEW.page_id, OLD.page_id)
    WHERE entry.path LIKE page.path || '%' AND entry.base_id IS NOT NULL;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
"""

CREATE_TRIGGERS = f"""
CREATE TRIGGER resources_note_page_rows AFTER INSERT OR DELETE ON wagtailcore_page
    FOR EACH ROW EXECUTE FUNCTION resources_note_page();
CREATE TRIGGER resources_note_page_columns AFTER UPDATE OF {PAGE_COLUMNS} ON wagtailcore_page
    FOR EACH ROW EXECUTE FUNCTION resources_note_page();
CREATE TRIGGER resources_note_restriction AFTER INSERT OR UPDATE OR DELETE ON wagtailcore_pageviewrestriction
    FOR EACH ROW EXECUTE FUNCTION resources_note_restriction();
"""

DROP_ALL = """
DROP TRIGGER IF EXISTS resources_note_page_rows ON wagtailcore_page;
DROP TRIGGER IF EXISTS resources_note_page_columns ON wagtailcore_page;
DROP TRIGGER IF EXISTS resources_note_restriction ON wagtailcore_pageviewrestriction;
DROP FUNCTION IF EXISTS resources_note_page() CASCADE;
DROP FUNCTION IF EXISTS resources_note_typed_page() CASCADE;
DROP FUNCTION IF EXISTS resources_note_restriction() CASCADE;
"""


def create_for_page_types(sender=None, using: str = "default", **kwargs) -> None:
    """Have the table of each searched page type noted too; repeated at will."""
    from resources.index.reading import searched_models

    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('resources_note_typed_page')")
        if cursor.fetchone()[0] is None:
            return  # the migration of the index is not applied yet
        tables = set(connection.introspection.table_names(cursor))
        for model in searched_models():
            table = connection.ops.quote_name(model._meta.db_table)
            if model._meta.db_table in tables:
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER resources_note_typed_page AFTER UPDATE ON {table} FOR EACH ROW "
                    "WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION resources_note_typed_page()"
                )
