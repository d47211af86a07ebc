"""From an entry of the administration's search to its page, and to the titles that begin so (core.search_backend)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0005_public_generation"),
        ("wagtailsearch", "0010_add_text_fields"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RunSQL(
            # Entries name their page by a text: without this, a word that few pages hold reads all of them.
            "CREATE INDEX IF NOT EXISTS core_search_page ON wagtailcore_page (((id)::varchar(50)))",
            "DROP INDEX IF EXISTS core_search_page",
        ),
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS core_search_title ON wagtailsearch_indexentry"
            " ((left(title_text, 100)) text_pattern_ops)",
            "DROP INDEX IF EXISTS core_search_title",
        ),
    ]
