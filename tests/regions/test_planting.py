"""Pages planted together leave what Wagtail's own steps leave, in every table, for a handful of statements."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.dispatch import Signal
from wagtail.models import Page
from wagtail.signals import copy_for_translation_done, page_published, published

from home.models import GroupementHomePage
from regions import services
from regions.blueprint import SECTIONS
from regions.models import Groupement, NetworkPage
from regions.planting import Seedling, plant
from resources.models import NewsIndexPage, StandardPage
from tests.factories import polyglot
from tests.helpers import count_queries

MADE = {"code": "gironde", "name": "Gironde", "departements": ["33"]}
TRANSLATED = ("fr", "en", "de")
# Rows that nothing points at: their keys are those of the order in which they were written.
UNNAMED = {
    "auth_group_permissions",
    "resources_indexpending",
    "wagtailcore_groupcollectionpermission",
    "wagtailcore_grouppagepermission",
    "wagtailcore_pagelogentry",
    "wagtailcore_referenceindex",
    "wagtailcore_revision",
    "wagtailsearch_indexentry",
}
# Who listens to every page that is saved. Planting does not say that it saves: who does what they do instead.
LISTENERS = {
    "modelsearch.signal_handlers.post_save_signal_handler": "plant() gives pages to the search backends",
    "wagtail.signal_handlers.update_reference_index_on_save": "plant() inserts the references",
    "resources.index.signal_handlers.follow_page": "listens to publications too",
    "regions.signal_handlers.follow_groupement_root": "provisioning brings rights and workflow in line",
}


def made_by_wagtail(zone, languages) -> None:
    """What ``provision_groupement`` makes, its pages by Wagtail's own steps."""
    groupement = Groupement.objects.create(zone=zone, **MADE)
    network = NetworkPage.objects.get(locale__language_code=languages[0])
    home = GroupementHomePage(title="Gironde", slug="gironde", groupement=groupement, locale=network.locale)
    network.add_child(instance=home)
    home.save_revision().publish()
    for section in SECTIONS:
        model = apps.get_model(section.model)
        texts = {"title": str(section.title), "summary": str(section.summary), "slug": section.slug}
        page = home.add_child(instance=model(**texts, locale=home.locale, show_in_menus=True))
        page.save_revision().publish()
    services.provision_groupement(zone=zone, languages=languages, **MADE)


def tables() -> dict[str, list]:
    """Every row of every table, without keys that name nothing, moments and random numbers."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        rows = {}
        for name in names:
            cursor.execute(f'SELECT to_jsonb(t) FROM "{name}" t')
            rows[name] = [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in cursor.fetchall()]
    keys: dict[str, str] = {}
    for page in sorted(rows["wagtailcore_page"], key=lambda page: page["path"]):
        keys.setdefault(page["translation_key"], f"key of {page['path']}")
    for revision in sorted(rows["wagtailcore_revision"], key=lambda revision: revision["id"]):
        known = sum(key.startswith(f"revision of {revision['object_id']},") for key in keys.values())
        keys[f"revision {revision['id']}"] = f"revision of {revision['object_id']}, {known}"
    said = {name: [said_row(name, row, keys) for row in found] for name, found in rows.items()}
    said["resources_indexpending"] = list(set(said["resources_indexpending"]))  # noted once or ten times
    return {name: sorted(found) for name, found in said.items()}


def said_row(table: str, row: dict, keys: dict[str, str]) -> str:
    def said(name: str, value):
        if name in {"latest_revision", "latest_revision_id", "live_revision", "live_revision_id", "revision_id"}:
            return keys.get(f"revision {value}", value)
        if isinstance(value, dict):
            return {key: said(key, part) for key, part in value.items()}
        if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", value):
            return "a moment"
        return keys.get(value, value) if isinstance(value, str) else value

    return json.dumps(
        {name: said(name, value) for name, value in row.items() if (name, table in UNNAMED) != ("id", True)},
        sort_keys=True,
    )


def what_is_left_by(action: Callable[[], object]) -> dict[str, list]:
    """The tables after an action that is then undone; keys begin where they would have begun."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences")
        sequences = [(name, *_where_it_is(cursor, name)) for (name,) in cursor.fetchall()]
    with transaction.atomic():
        action()
        found = tables()
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        for sequence in sequences:
            cursor.execute("SELECT setval(%s, %s, %s)", sequence)
    return found


def _where_it_is(cursor, sequence: str) -> tuple[int, bool]:
    """A sequence's number, and whether it was given: pg_sequences hides one that was moved and not yet given."""
    cursor.execute(f"SELECT last_value, is_called FROM {sequence}")
    return cursor.fetchone()


@pytest.fixture
def told():
    """What those who wait for publications and translations are told."""
    heard: list = []

    def hear(sender, signal, **kwargs):
        page = kwargs.get("instance") or kwargs["target_obj"]
        heard.append((signal, sender, page.path, page.pk, str(kwargs.get("revision"))[:20], page.live))

    signals: list[Signal] = [page_published, published, copy_for_translation_done]
    for signal in signals:
        signal.connect(hear)
    yield heard
    for signal in signals:
        signal.disconnect(hear)


def test_planted_groupement__beside_one_made_by_wagtail__leaves_the_same_rows(world):
    with polyglot.network(world.national, TRANSLATED):
        ordinary = what_is_left_by(lambda: made_by_wagtail(world.zone_b, TRANSLATED))
        planted = what_is_left_by(
            lambda: services.provision_groupement(zone=world.zone_b, languages=TRANSLATED, **MADE)
        )
    assert set(planted) == set(ordinary)
    for name, rows in ordinary.items():
        assert planted[name] == rows, name
    assert len([row for row in ordinary["wagtailcore_page"] if "/gironde/" in row]) == 3 * 7


def test_planted_pages__published__are_told_to_those_who_wait(world, told):
    with polyglot.network(world.national, ("fr", "en")):
        told.clear()
        made = services.provision_groupement(zone=world.zone_b, languages=("fr", "en"), **MADE)
    planted = Page.objects.filter(path__startswith=made.roots.get(locale__language_code="fr").path)
    english = Page.objects.filter(path__startswith=made.roots.get(locale__language_code="en").path)
    for signal, expected in ((page_published, planted | english), (copy_for_translation_done, english)):
        assert {pk for heard, _sender, _path, pk, _revision, _live in told if heard is signal} == {
            page.pk for page in expected
        }


def test_sixty_three_pages__planted__cost_few_queries(world):
    with polyglot.network(world.national):
        make = lambda: services.provision_groupement(zone=world.zone_b, languages=polyglot.LANGUAGES, **MADE)  # noqa: E731
        assert count_queries(make) <= 130
    homes = Groupement.objects.get(code="gironde").roots.all()
    assert sum(home.numchild + 1 for home in homes) == 63
    assert Page.find_problems() == ([], [], [], [], [])


def test_listeners_of_a_saved_page__are_known():
    for model in (GroupementHomePage, NewsIndexPage):
        found = {f"{listener.__module__}.{listener.__qualname__}" for listener in post_save._live_receivers(model)[0]}
        assert found <= set(LISTENERS), f"planting pages must do what these do: {found - set(LISTENERS)}"


def test_address__taken_already__is_refused_and_nothing_is_left(world):
    home = world.home(world.a)
    home.add_child(instance=StandardPage(title="Merci", slug="merci"))
    before = Page.objects.count()
    with pytest.raises(ValidationError):
        plant([Seedling(StandardPage(title=title, slug="merci", locale=home.locale), home) for title in ("A", "B")])
    assert Page.objects.count() == before
    assert Page.find_problems() == ([], [], [], [], [])
