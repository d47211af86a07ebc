"""The screens that are not pages: coordinates, the network, the national lists; and who has no business there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from regions.models import Groupement, Mandate, Zone
from tests.isolation.test_role_doors import client_of

COLUMNS = ("admin", "own coordinates", "other's coordinates", "network", "national lists", "people", "groups")
TRUTH = {
    "referent_a": (True, True, False, False, False, False, False),
    "contributor_a": (True, False, False, False, False, False, False),
    "zone_a": (True, True, False, False, False, False, False),
    "editor": (True, False, False, False, True, False, False),
    "admin": (True, True, True, True, True, True, False),
    "member": (False, False, False, False, False, False, False),
    "anonymous": (False, False, False, False, False, False, False),
    "referent_b": (True, False, True, False, False, False, False),
}


def addresses(world) -> dict[str, list[str]]:
    own, other = (reverse("groupement_coordinates", args=[one.pk]) for one in (world.a, world.b))
    mandate = Mandate.objects.first()
    return {
        "admin": [reverse("wagtailadmin_home")],
        "own coordinates": [own],
        "other's coordinates": [other],
        "network": [
            reverse("groupement:index"),
            reverse("groupement:add"),
            reverse("groupement:edit", args=[world.a.pk]),
            reverse("zone:index"),
            reverse("zone:edit", args=[world.zone_a.pk]),
            reverse("mandate:index"),
            reverse("mandate:add"),
            reverse("mandate:edit", args=[mandate.pk]),
            reverse("mandate:delete", args=[mandate.pk]),
        ],
        "national lists": [
            reverse("theme:index"),
            reverse("audience:add"),
            reverse("contactcategory:index"),
            reverse("nationaltag:index"),
        ],
        "people": [reverse("wagtailusers_users:index"), reverse("wagtailusers_users:add")],
        "groups": [reverse("wagtailusers_groups:index"), reverse("wagtailusers_groups:add")],
    }


@pytest.mark.parametrize("name", TRUTH)
def test_screens__each_role__open_as_the_table_says(world, name):
    client = client_of(world, name)
    wrong = []
    for column, wanted in zip(COLUMNS, TRUTH[name], strict=True):
        for address in addresses(world)[column]:
            status = client.get(address).status_code
            if (status == 200) != wanted:
                wrong.append(f"{name} × {column}: {address} answers {status}")
    assert wrong == []


def test_coordinates__of_another_groupement__are_not_found_and_not_changed(world):
    address = reverse("groupement_coordinates", args=[world.b.pk])
    ghost = reverse("groupement_coordinates", args=[999_999])
    for name in ("referent_a", "contributor_a", "zone_a", "editor"):
        client = client_of(world, name)
        assert client.get(address).status_code == 404
        assert client.get(address).content == client.get(ghost).content, "an id that exists is told apart"
        assert client.post(address, {"contact_name": "Intrus", "accent": "olive"}).status_code == 404
    assert Groupement.objects.get(pk=world.b.pk).contact_name == world.b.contact_name


def test_coordinates__of_ones_own_groupement__are_saved_and_nothing_else(world):
    client = client_of(world, "referent_a")
    sent = {
        "contact_name": "Anne Le Goff",
        "phone": "02 98 00 00 00",
        "email": "anne@example.org",
        "accent": "olive",
        "status": "vacant",
        "code": "pirate",
        "zone": world.zone_b.pk,
    }
    assert client.post(reverse("groupement_coordinates", args=[world.a.pk]), sent).status_code == 302
    saved = Groupement.objects.get(pk=world.a.pk)
    assert (saved.contact_name, saved.phone, saved.accent) == ("Anne Le Goff", "+33298000000", "olive")
    assert (saved.status, saved.code, saved.zone_id) == (world.a.status, world.a.code, world.a.zone_id)


@pytest.mark.parametrize("name", ["referent_a", "contributor_a", "zone_a", "editor", "member"])
def test_network_screens__forms_sent_by_others__change_nothing(world, name):
    client = client_of(world, name)
    before = (Groupement.objects.count(), Zone.objects.count(), Mandate.objects.count())
    sent = {"name": "Pirate", "code": "pirate", "status": "active", "accent": "olive"}
    client.post(reverse("groupement:add"), sent)
    client.post(reverse("zone:add"), sent)
    client.post(
        reverse("mandate:add"),
        {"person": world.people[name].pk, "role": "national_admin", "starts_on": "2026-01-01"},
    )
    client.post(reverse("mandate:delete", args=[Mandate.objects.first().pk]))
    assert (Groupement.objects.count(), Zone.objects.count(), Mandate.objects.count()) == before


def test_member__going_to_the_editing_screens__gets_a_clear_answer_not_a_loop(world):
    client = client_of(world, "member")
    response = client.get("/admin/", follow=True)
    assert response.status_code in {200, 403, 404}
    assert not response.wsgi_request.path.startswith("/admin/pages")


def test_sign_in__wagtails_own_doors__all_lead_to_ours(world):
    client = Client(headers={"host": world.national_host})
    for path in ("/admin/login/", "/_util/login/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, reverse("account_login"))
    assert client.get("/admin/password_reset/").status_code in {302, 404}
