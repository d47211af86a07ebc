"""What a walk remembers of the database is what the database would answer."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from wagtail.contrib.redirects.models import Redirect

from regions.models import Groupement
from tests.isolation.matrix.memory import Memory
from tests.isolation.matrix.walk import undone

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return list(Groupement.objects.order_by("pk").values_list("name", flat=True))


def test_memory__the_same_question__is_asked_once(world):
    asked = []

    def note(execute, sql, *rest):
        asked.append(sql)
        return execute(sql, *rest)

    with Memory().kept(), connection.execute_wrapper(note):
        assert names() == names()
    assert len(asked) == 1


def test_memory__after_a_write__is_not_asked_until_the_write_is_taken_back(world):
    memory = Memory()
    with memory.kept():
        before = names()
        with undone():
            Groupement.objects.filter(pk=world.a.pk).update(name="Renommé")
            assert "Renommé" in names() != before
        memory.begin()
        assert names() == before


def test_memory__permissions_given_in_a_cell__are_held_at_once_and_no_longer(world):
    from django.contrib.auth.models import Permission

    memory, people = Memory(), get_user_model().objects
    person = world.people["member"].pk

    def holds() -> bool:
        return people.get(pk=person).has_perm("core.add_image")

    with memory.kept():
        assert not holds()
        with undone():
            people.get(pk=person).user_permissions.add(
                Permission.objects.get(codename="add_image", content_type__app_label="core")
            )
            assert holds()
        memory.begin()
        assert not holds()


def test_memory__a_redirection_made_in_a_cell__is_followed_at_once_and_no_longer(world, signed_in):
    memory, client, path = Memory(), signed_in("admin"), "/admin/rien-ici"

    def answer() -> int:
        return client.get(f"{path}/").status_code

    with memory.kept():
        assert answer() == answer() == 404
        with undone():
            Redirect.objects.create(old_path=path, redirect_link="/ailleurs/")
            assert answer() == 301
        memory.begin()
        assert answer() == 404


def test_memory__somebody_shut_out_in_a_cell__is_out_at_once_and_no_longer(world, signed_in):
    memory, client = Memory(), signed_in("referent_a")
    with memory.kept():
        assert client.get("/admin/").status_code == 200
        with undone():
            get_user_model().objects.filter(pk=world.people["referent_a"].pk).update(is_active=False)
            assert client.get("/admin/").status_code == 302
        memory.begin()
        assert client.get("/admin/").status_code == 200


def test_memory__a_broken_transaction__is_not_answered_for(world):
    from django.db.transaction import TransactionManagementError

    with Memory().kept(), undone():
        names()
        connection.needs_rollback = True
        with pytest.raises(TransactionManagementError):
            names()
