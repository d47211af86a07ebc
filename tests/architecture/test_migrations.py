"""Models and migrations say the same thing."""

import io

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_migrations__compared_with_the_models__lack_nothing():
    output = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=output, stderr=output)
    except SystemExit:
        pytest.fail(output.getvalue())
