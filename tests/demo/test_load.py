"""Loading the demonstration: all of it, once; then nothing of what people changed since."""

from __future__ import annotations

import io
import os

import pytest
from django.conf import global_settings
from django.contrib.auth import authenticate
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowState,
)
from wagtail_localize.models import Translation

from core.models import Document, Image
from dashboards.models import Label
from demo import loading, resetting
from demo.constants import PASSWORD
from demo.models import LoadedContent
from exchanges.corrections.models import Correction
from regions.models import Groupement, Mandate, NationalOffice, NetworkPage, RoleGroup
from resources.frames import completeness, keeping
from resources.frames.models import FrameChange
from resources.models import ContactPage, EventPage, GuideChapterPage, GuidePage, NewsPage, PartnerPage, ResourcePage
from tests.demonstration import GROUP

COUNTED = (ContactPage, EventPage, GuidePage, GuideChapterPage, NewsPage, PartnerPage, ResourcePage, Document, Image)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (*COUNTED, Page, Site, Mandate, Collection)}


def load() -> str:
    """Load as the command does, and return what it wrote."""
    output = io.StringIO()
    call_command("load_demo", stdout=output)
    return output.getvalue()


@pytest.mark.django_db
def test_erase__a_network_with_people__leaves_nothing_of_it(world):
    resetting.erase()
    left = (NetworkPage, Groupement, RoleGroup, Mandate, Document, Image)
    assert {model.__name__: model.objects.count() for model in left if model.objects.exists()} == {}
    # Wagtail comes with a workflow of its own; those of the groupements are gone.
    assert [workflow.name for workflow in Workflow.objects.all()] == ["Moderators approval"]
    assert GroupApprovalTask.objects.count() == Collection.objects.count() == 1
    assert Site.objects.get().is_default_site
    assert NationalOffice.load().collection is None


@pytest.fixture
def loaded(demonstration, django_db_setup, django_db_blocker, settings):
    """A copy of the loaded demonstration, as the database and the files of this process."""
    settings.MEDIA_ROOT = demonstration.folder / "media"
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # as its own process hashed them
    own = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), demonstration.copy(f"loaded_{os.getpid()}"):
        try:
            _open_database(f"loaded_{os.getpid()}")
            yield demonstration
        finally:
            _open_database(own)


@pytest.fixture
def visit_loaded(loaded):
    """Fetch an address of the copy as an anonymous visitor."""
    return lambda host, path: Client(headers={"host": host}).get(path)


def _open_database(name: str) -> None:
    """Have Django's connection open this one next, and forget what was read in another."""
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
    cache.clear()


@pytest.mark.xdist_group(GROUP)
def test_load__twice__adds_nothing_and_keeps_what_was_edited(loaded, visit_loaded):
    assert PASSWORD in loaded.printed
    _check_what_the_demonstration_promises(visit_loaded)

    before = counts()
    guide = GuidePage.objects.get(slug="faire-le-point", locale=Locale.get_default())
    guide.title = "Un titre à nous"
    guide.save_revision().publish()
    home = Groupement.objects.get(code="moselle").roots.get()
    home.intro = ""
    home.save_revision().publish()
    LoadedContent.objects.all().delete()
    assert "0 pages ajoutées" in load()
    assert counts() == before
    guide.refresh_from_db()
    home.refresh_from_db()
    assert (guide.title, home.intro) == ("Un titre à nous", "")

    call_command("load_demo", port=8123, stdout=io.StringIO())
    assert set(Site.objects.values_list("port", flat=True)) == {8123}
    assert loading.is_loaded()


def _check_what_the_demonstration_promises(visit) -> None:
    found = counts()
    least = {"ContactPage": 120, "EventPage": 60, "ResourcePage": 25, "PartnerPage": 10, "GuideChapterPage": 36}
    assert {name: found[name] for name, number in least.items() if found[name] < number} == {}
    assert Groupement.objects.count() == 8
    assert set(Groupement.objects.values_list("status", flat=True)) == set(Groupement.Status.values)
    assert Page.find_problems() == ([], [], [], [], [])
    assert NewsPage.objects.filter(live=False).count() >= 3
    assert WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS).count() == 1
    _check_frames()
    _check_english(visit)
    _check_people()


def _check_frames() -> None:
    """The common frame in use: frames, answers in every state, corrections that wait, a change to read, a label."""
    found = completeness.matrix(list(Groupement.objects.all()))
    assert len(found.frames) >= 4
    assert [info.page.title for info in found.frames if keeping.missing(info.page)] == [], "nobody keeps it"
    states = {cell.state for groupement in Groupement.objects.all() for cell in found.row(groupement)}
    assert {"complete", "partial", "review", "missing", "not_concerned"} <= states
    assert Correction.objects.filter(state=Correction.State.WAITING).count() >= 2
    assert FrameChange.objects.filter(importance="review").exists()
    assert Label.objects.filter(state=Label.State.HELD).count() == 1


def _check_english(visit) -> None:
    english = Locale.objects.get(language_code="en")
    assert Page.objects.filter(locale=english, live=True).count() == Page.objects.filter(locale=english).count() >= 20
    assert {
        translation.get_progress()[0] - translation.get_progress()[1] for translation in Translation.objects.all()
    } == {0}
    finistere = Groupement.objects.get(code="finistere")
    root = finistere.roots.get(locale=english)
    holders = set(GroupPagePermission.objects.filter(page=root).values_list("group__role_group__role", flat=True))
    assert holders == {"referent", "contributor", "zone_referent"}
    assert WorkflowPage.objects.get(page=root).workflow == finistere.workflow
    national = visit("mara.localhost", "/en/guides/decider-en-confiance/comprendre-ses-raisons/")
    assert "Running away or building" in national.content.decode()
    assert "Fuir ou construire" not in national.content.decode()


def _check_people() -> None:
    editor = authenticate(None, username="yves.lebras@example.org", password=PASSWORD)
    assert editor is not None
    contact = ContactPage.objects.descendant_of(Groupement.objects.get(code="finistere").roots.first()).first()
    assert contact.permissions_for_user(editor).can_edit()
    other = ContactPage.objects.descendant_of(Groupement.objects.get(code="herault").roots.first()).first()
    assert not other.permissions_for_user(editor).can_edit()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["load_demo", "grow_demo"])
def test_command__where_the_demonstration_is_not_installed__refuses(name, monkeypatch):
    from django.apps import apps

    monkeypatch.setattr(apps, "is_installed", lambda label: label != "demo")
    with pytest.raises(CommandError, match="pas installée"):
        call_command(name)
