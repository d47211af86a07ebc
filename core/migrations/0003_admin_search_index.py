"""The index of the expression by which Wagtail's search filters (see core.search_backend)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_initial"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS core_search_title_body ON wagtailsearch_indexentry USING gin ((title || body))",
            "DROP INDEX IF EXISTS core_search_title_body",
        ),
    ]
