"""When something was last taken away from visitors (docs/adr/0083)."""

from django.db import migrations, models

FUNCTIONS = """
CREATE OR REPLACE FUNCTION core_note_withdrawn() RETURNS trigger AS $$
DECLARE
    name text;
    before jsonb;
    after jsonb := '{}';
    takes_away boolean := TG_NARGS = 0;
BEGIN
    IF TG_NARGS > 0 THEN
        -- The arguments are columns: one that was filled, and is not what it was.
        before := to_jsonb(OLD);
        IF TG_OP = 'UPDATE' THEN
            after := to_jsonb(NEW);
        END IF;
        FOREACH name IN ARRAY TG_ARGV LOOP
            takes_away := takes_away OR (
                coalesce(before ->> name, '') NOT IN ('', 'false') AND before -> name IS DISTINCT FROM after -> name
            );
        END LOOP;
    END IF;
    IF takes_away THEN
        INSERT INTO core_publicchange AS noted (xact, withdraws) VALUES (pg_current_xact_id()::text::bigint, true)
        ON CONFLICT (xact) DO UPDATE SET withdraws = true WHERE NOT noted.withdraws;
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION core_move_generation() RETURNS trigger AS $$
DECLARE
    takes_away boolean;
BEGIN
    DELETE FROM core_publicchange WHERE xact = NEW.xact RETURNING withdraws INTO takes_away;
    INSERT INTO core_publicgeneration AS current (id, number)
    VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
    ON CONFLICT (id) DO UPDATE SET
        number = greatest(current.number + 1, excluded.number),
        withdrawn = CASE WHEN takes_away THEN greatest(current.number + 1, excluded.number) ELSE current.withdrawn END;
    RETURN NULL;
END $$ LANGUAGE plpgsql;

UPDATE core_publicgeneration SET withdrawn = number;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION core_move_generation() RETURNS trigger AS $$
BEGIN
    DELETE FROM core_publicchange WHERE xact = NEW.xact;
    INSERT INTO core_publicgeneration AS current (id, number)
    VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
    ON CONFLICT (id) DO UPDATE SET number = greatest(current.number + 1, excluded.number);
    RETURN NULL;
END $$ LANGUAGE plpgsql;

DROP FUNCTION IF EXISTS core_note_withdrawn() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_admin_search_by_entry"),
    ]

    operations = [
        migrations.AddField(
            model_name="publicchange",
            name="withdraws",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="publicgeneration",
            name="withdrawn",
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunSQL(FUNCTIONS, BEFORE),
    ]
