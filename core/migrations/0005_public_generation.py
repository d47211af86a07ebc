"""The number that moves with everything visitors may see (docs/adr/0080)."""

from django.db import migrations, models

CREATE_FUNCTIONS = """
CREATE OR REPLACE FUNCTION core_note_shown() RETURNS trigger AS $$
BEGIN
    -- The arguments are columns that visitors never see.
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0 THEN
        IF to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO core_publicchange (xact) VALUES (pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION core_move_generation() RETURNS trigger AS $$
BEGIN
    DELETE FROM core_publicchange WHERE xact = NEW.xact;
    INSERT INTO core_publicgeneration AS current (id, number)
    VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
    ON CONFLICT (id) DO UPDATE SET number = greatest(current.number + 1, excluded.number);
    RETURN NULL;
END $$ LANGUAGE plpgsql;

CREATE CONSTRAINT TRIGGER core_move_generation AFTER INSERT ON core_publicchange
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core_move_generation();

INSERT INTO core_publicgeneration (id, number)
VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) ON CONFLICT DO NOTHING;
"""

DROP_FUNCTIONS = """
DROP FUNCTION IF EXISTS core_move_generation() CASCADE;
DROP FUNCTION IF EXISTS core_note_shown() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_made_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicChange",
            fields=[
                ("xact", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="PublicGeneration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
            ],
        ),
        # The tables' own triggers are made after each migrate.
        migrations.RunSQL(CREATE_FUNCTIONS, DROP_FUNCTIONS),
    ]
