"""A new process has made what is asked first before anybody asks: nobody waits for its templates and menus."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.template import engines
from django.template.loaders.base import Loader
from django.utils import timezone

from mara_site import warming
from tests.factories import pages
from tests.factories.catalogue import image
from tests.factories.world import NATIONAL_HOST


@pytest.fixture
def read_from_disk(monkeypatch) -> list[str]:
    """The templates that are read from now on, in a process that remembers none."""
    for loader in engines["django"].engine.template_loaders:
        loader.reset()
    names, read = [], Loader.get_template

    def noted(loader, name, skip=None):
        names.append(name)
        return read(loader, name, skip)

    monkeypatch.setattr(Loader, "get_template", noted)
    return names


@pytest.fixture
def people(world):
    """An administrator and a référent who have signed in."""
    found = [world.people[name] for name in ("admin", "referent_a")]
    for person in found:
        person.last_login, person.is_superuser = timezone.now(), person is found[0]
        person.save(update_fields=["last_login", "is_superuser"])
    return found


def test_first_readings__of_a_process_that_was_warmed__read_no_template(people, signed_in, client, read_from_disk):
    referent = signed_in("referent_a")
    assert warming.warm() == ["/", "/compte/connexion/", "/admin/", "/admin/"]
    assert read_from_disk, "the process remembered nothing before"
    read_from_disk.clear()
    assert client.get("/", headers={"host": NATIONAL_HOST}).status_code == 200
    assert referent.get("/admin/").status_code == 200
    assert read_from_disk == []


def test_warming__in_somebodys_name__writes_nothing(people, monkeypatch, caplog):
    def view(request):
        if request.user.is_authenticated:
            type(people[0]).objects.update(first_name="Changed")

    monkeypatch.setattr(warming, "resolve", lambda address: Match(view))
    assert warming.warm() == ["/", "/compte/connexion/"]
    assert "read-only" in caplog.text
    people[0].refresh_from_db()
    assert people[0].first_name != "Changed"


def test_warming__a_home_whose_pictures_were_never_shown__has_them_drawn(world, caplog):
    picture = image()
    pages.news(world.national, image=picture)
    assert warming.warm() == ["/", "/compte/connexion/"]
    assert picture.renditions.exists()
    assert not caplog.records


def test_warming__without_a_database__ends_at_once(people, monkeypatch, caplog):
    def away(request):
        raise OperationalError("the connection is refused")

    monkeypatch.setattr(warming, "resolve", lambda address: Match(away))
    assert warming.warm() == []
    assert caplog.text.count("the connection is refused") == 1


class Match:
    """What an address leads to."""

    args, kwargs = (), {}

    def __init__(self, view) -> None:
        self.func = view


def test_warming__nobody_has_signed_in__makes_what_visitors_read(world):
    assert warming.warm() == ["/", "/compte/connexion/"]
