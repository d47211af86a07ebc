"""Making a groupement: whole, once, all or nothing; and it changes zones with its rights."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Collection, GroupPagePermission, Locale, Page, Site, Workflow, WorkflowPage

from regions import rights, services
from regions.blueprint import SECTIONS
from regions.models import Groupement, RoleGroup
from regions.roles import RoleCode
from tests.factories import english
from tests.helpers import page_html

COUNTED = (Groupement, Page, Site, Group, RoleGroup, Collection, Workflow, WorkflowPage, GroupPagePermission)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


def zone_roots(zone) -> set[int]:
    group = rights.group_for(RoleCode.ZONE_REFERENT, zone=zone)
    return set(GroupPagePermission.objects.filter(group=group).values_list("page_id", flat=True))


def test_groupement__just_made__has_all_its_parts(world, visit):
    made = services.provision_groupement(code="gironde", name="Gironde", departements=["33"], zone=world.zone_b)
    home = world.home(made)
    assert [page.slug for page in home.get_children()] == [section.slug for section in SECTIONS]
    assert all(page.live for page in home.get_children())
    assert (made.site.hostname, made.site.root_page_id, made.site.port) == ("gironde.mara.localhost", home.pk, 80)
    assert home.get_parent().pk == world.national.get_parent().pk
    assert made.collection.name == "Gironde"
    assert WorkflowPage.objects.get(page=home).workflow == made.workflow
    assert home.pk in zone_roots(world.zone_b)
    assert home.pk not in zone_roots(world.zone_a)
    assert "Gironde" in page_html(visit("gironde.mara.localhost"))


def test_groupement__made_again__keeps_what_was_edited(world):
    home = world.home(world.a)
    home.title = "Titre choisi par le référent"
    home.save_revision().publish()
    section = home.get_children().first()
    section.title = "Nos guides"
    section.save()
    before = counts()
    for _time in range(2):
        again = services.provision_groupement(
            code="finistere", name="Autre nom", departements=["01"], status="vacant", hostname="autre.example.org"
        )
    assert counts() == before
    again.refresh_from_db()
    assert (again.name, again.departements, again.status) == ("Finistère", ["29"], "active")
    assert again.site.hostname == "finistere.mara.localhost"
    assert Page.objects.get(pk=home.pk).title == "Titre choisi par le référent"
    assert Page.objects.get(pk=section.pk).title == "Nos guides"


def test_groupement__whose_section_was_lost__gets_it_back(world):
    home = world.home(world.a)
    home.get_children().get(slug="agenda").delete()
    services.provision_groupement(code="finistere", name="Finistère")
    assert Page.objects.get(pk=home.pk).get_children().filter(slug="agenda", live=True).count() == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"hostname": "finistere.mara.localhost"}, ValidationError),  # its Site cannot be made: pages were
        ({"languages": ("fr", "xx")}, Locale.DoesNotExist),  # the last step but one fails
        ({"code": "Pas Un Code"}, ValidationError),
        ({"code": "-gironde"}, ValidationError),
        ({"departements": ["29", "999"]}, ValidationError),
        ({"name": "Finistère"}, ValidationError),
        ({"phone": "pas un numéro"}, ValidationError),
    ],
)
def test_groupement__that_cannot_be_made__leaves_nothing_behind(world, changes, error):
    before = counts()
    with pytest.raises(error):
        services.provision_groupement(**{"code": "gironde", "name": "Gironde", **changes})
    assert counts() == before


def test_own_domain__given__answers_there_and_nowhere_else(world, visit):
    services.provision_groupement(code="gironde", name="Gironde", hostname="anciens-gironde.example.org")
    assert "Gironde" in page_html(visit("anciens-gironde.example.org"))
    assert visit("gironde.mara.localhost").status_code == 404
    leads = visit(world.national_host, "/groupements/gironde/")
    assert leads["Location"] == "http://anciens-gironde.example.org/"
    admin = visit("anciens-gironde.example.org", "/admin/")
    assert admin["Location"].startswith(f"http://{world.national_host}/")


def test_zone__changed__moves_the_rights_of_its_referent(world, signed_in):
    home = world.home(world.a)
    assert home.pk in zone_roots(world.zone_a)
    world.a.zone = world.zone_b
    world.a.save()
    rights.sync_groupement(world.a)
    assert home.pk not in zone_roots(world.zone_a)
    assert home.pk in zone_roots(world.zone_b)
    edit = reverse("wagtailadmin_pages:edit", args=[home.pk])
    assert signed_in("zone_a").get(edit).status_code in {302, 403, 404}
    assert signed_in("zone_b").get(edit).status_code == 200
    assert signed_in("referent_a").get(edit).status_code == 200


def test_zone__changed_by_the_administrators_screen__moves_the_rights_too(world, signed_in):
    data = {"name": "Finistère", "status": "active", "accent": "horizon", "zone": world.zone_b.pk}
    data |= {"departements": ["29"], "phone": "02 98 00 00 00"}
    response = signed_in("admin").post(reverse("groupement:edit", args=[world.a.pk]), data)
    assert response.status_code == 302
    assert world.home(world.a).pk in zone_roots(world.zone_b) - zone_roots(world.zone_a)


def test_administrators_screen__new_groupement__is_made_whole(world, signed_in, visit):
    data = {"name": "Gironde", "code": "gironde", "status": "setup", "accent": "olive", "departements": ["33"]}
    response = signed_in("admin").post(reverse("groupement:add"), data)
    assert response.status_code == 302
    assert "Gironde" in page_html(visit("gironde.mara.localhost", "/agenda/"))
    taken = signed_in("admin").post(reverse("groupement:add"), data | {"name": "Autre", "code": "gironde"})
    assert taken.status_code == 200, "a code already taken is said in the form"
    domain = signed_in("admin").post(
        reverse("groupement:add"), data | {"name": "Autre", "code": "autre", "hostname": "gironde.mara.localhost"}
    )
    assert domain.status_code == 200
    assert not Groupement.objects.filter(code="autre").exists()


def test_translated_root__made__gets_rights_and_workflow(world, signed_in):
    english.national(world.national)
    root = english.groupement(world.a)
    assert [page.slug for page in root.get_children()] == [section.slug for section in SECTIONS]
    assert WorkflowPage.objects.get(page=root).workflow == world.a.workflow
    edit = reverse("wagtailadmin_pages:edit", args=[root.pk])
    for name in ("referent_a", "zone_a", "admin"):
        assert signed_in(name).get(edit).status_code == 200, name
    for name in ("referent_b", "zone_b", "editor", "member"):
        assert signed_in(name).get(edit).status_code in {302, 403, 404}, name
    before = counts()
    services.ensure_translated_home(world.a, english.locale())
    assert counts() == before


def test_zone__with_groupements__is_kept_and_says_why(world, signed_in):
    zone = world.a.zone
    answer = signed_in("admin").post(reverse("zone:delete", args=[zone.pk]), follow=True)
    assert "donnez-leur d’abord une autre zone" in answer.content.decode()
    assert type(zone).objects.filter(pk=zone.pk).exists()
