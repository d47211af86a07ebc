"""Each model says whether visitors see its rows; those they see have triggers that say when they change."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings as site_settings
from django.db import connection
from wagtail.models import get_page_models

from core.page_cache import triggers, withdrawals
from tests.helpers import count_queries


def labels_of_models() -> set[str]:
    every = apps.get_models(include_auto_created=True)
    return {model._meta.label for model in every if model._meta.managed and not model._meta.proxy}


def test_models__each_of_them__is_said_to_be_shown_or_never():
    shown, never = site_settings.MARA_SHOWN, set(site_settings.MARA_NEVER_SHOWN)
    assert not shown & never
    assert labels_of_models() - shown - never == set(), (
        "say in mara_site/settings/page_cache.py whether visitors see it"
    )
    assert (shown | never) - labels_of_models() - {"demo.LoadedContent"} == set(), "these models are no more"
    assert all(site_settings.MARA_NEVER_SHOWN.values()), "each with its reason"


def test_models__every_page_type__is_shown():
    assert {model._meta.label for model in get_page_models()} <= site_settings.MARA_SHOWN


def test_triggers__in_the_database__are_those_of_the_shown_models(db):
    with connection.cursor() as cursor:
        assert triggers.present(cursor) == triggers.wanted()
    assert count_queries(triggers.install) <= 4, "what is there is left alone"


def test_triggers__of_a_model_said_never_to_be_shown__are_taken_away(db, settings):
    settings.MARA_NEVER_SHOWN = settings.MARA_NEVER_SHOWN | {"resources.Theme": "for this test"}
    triggers.install()
    with connection.cursor() as cursor:
        assert "resources_theme" not in {trigger.table for trigger in triggers.present(cursor)}


def test_unseen_columns__of_the_settings__exist():
    for label, columns in site_settings.MARA_UNSEEN_COLUMNS.items():
        known = {field.column for field in apps.get_model(label)._meta.local_fields}
        assert set(columns) <= known, label


def test_withdrawing_columns__of_the_settings__exist():
    for label, columns in site_settings.MARA_WITHDRAWING.items():
        assert label in site_settings.MARA_SHOWN
        known = {field.column for field in apps.get_model(label)._meta.local_fields}
        assert set(columns) <= known, label


def test_withdrawing_columns__how_to_reach_somebody__are_found_in_every_shown_model():
    found = {model._meta.label: set(withdrawals.columns_of(model) or ()) for model in triggers.shown_models()}
    assert found["resources.ContactPhone"] == {"number"}
    assert found["resources.ContactPage"] == {"contact_name", "email"}
    assert found["regions.Groupement"] == {"contact_name", "phone", "email"}
    assert found["resources.EventPage"] >= {"contact_name", "contact_phone", "contact_email"}
    assert found["resources.LocalNote"] == {"contact"}
    assert found["resources.Theme"] == set()
