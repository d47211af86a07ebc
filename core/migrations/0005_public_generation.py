"""The number that moves with everything visitors may see (docs/adr/0080)."""

from django.db import migrations, models

from core.page_cache import triggers


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
        migrations.RunSQL(triggers.CREATE_FUNCTIONS, triggers.DROP_FUNCTIONS),
    ]
