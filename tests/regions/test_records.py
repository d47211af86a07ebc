"""The base of what cannot be a page: rows of one's own places, and 404 for every other."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from regions.models import Groupement
from tests.sample_records.models import SampleRecord

pytestmark = pytest.mark.django_db
ALL = {"a", "b", "nation", "neighbour"}
SEES = {
    "referent_a": {"a"},
    "referent_b": {"b"},
    "contributor_a": set(),
    "zone_a": {"a", "neighbour"},
    "editor": {"nation"},
    "admin": ALL,
    "member": set(),
}


@pytest.fixture
def records(world):
    places = {"a": world.a, "b": world.b, "neighbour": world.neighbour, "nation": None}
    return {
        name: SampleRecord.objects.create(title=f"zq{name}", note="=1+1", groupement=place)
        for name, place in places.items()
    }


@pytest.mark.parametrize("who", SEES)
def test_for_user__each_role__gives_the_records_of_its_places(world, records, who):
    found = SampleRecord.objects.for_user(world.people[who])
    assert {row.title.removeprefix("zq") for row in found} == SEES[who]


def test_for_user__visitor_or_closed_account__gives_nothing(world, records):
    closed = world.people["referent_a"]
    closed.is_active = False
    assert not SampleRecord.objects.for_user(AnonymousUser()).exists()
    assert not SampleRecord.objects.for_user(closed).exists()


def test_for_user__records_open_to_contributors__gives_them_theirs(world, records, monkeypatch):
    monkeypatch.setattr(SampleRecord, "contributors_see_it", True)
    found = SampleRecord.objects.for_user(world.people["contributor_a"])
    assert [row.title for row in found] == ["zqa"]


def test_list__of_a_referent__shows_and_exports_their_own_only(signed_in, records):
    client = signed_in("referent_a")
    for query in ("", "?q=zq", "?export=csv", f"?groupement={records['b'].groupement_id}"):
        response = client.get(reverse("samplerecord:index") + query)
        body = response.getvalue().decode()
        assert response.status_code == 200
        assert "zqb" not in body
        assert "zqnation" not in body
        assert "Lot-et-Garonne" not in body
    assert "zqa" in client.get(reverse("samplerecord:index")).content.decode()


def test_export__a_cell_that_begins_a_formula__is_text(signed_in, records):
    body = signed_in("referent_a").get(reverse("samplerecord:index") + "?export=csv").getvalue().decode()
    assert "'=1+1" in body


@pytest.mark.parametrize("screen", ["edit", "delete", "inspect"])
def test_screen__record_of_another__is_the_page_of_a_number_that_does_not_exist(signed_in, records, screen):
    client = signed_in("referent_a")
    ghost = client.get(reverse(f"samplerecord:{screen}", args=[987654]))
    for name in ("b", "neighbour", "nation"):
        for method in ("get", "post"):
            response = getattr(client, method)(reverse(f"samplerecord:{screen}", args=[records[name].pk]))
            assert response.status_code == 404
        assert client.get(reverse(f"samplerecord:{screen}", args=[records[name].pk])).content == ghost.content
    assert SampleRecord.objects.count() == len(ALL)
    assert client.get(reverse(f"samplerecord:{screen}", args=[records["a"].pk])).status_code == 200


def test_screens__without_the_guard__are_still_closed(signed_in, records, monkeypatch):
    from regions.admin.guard.middleware import AdminGuardMiddleware

    monkeypatch.setattr(AdminGuardMiddleware, "process_view", lambda *args: None)
    client = signed_in("referent_a")
    for screen in ("edit", "delete", "inspect"):
        assert client.get(reverse(f"samplerecord:{screen}", args=[records["b"].pk])).status_code == 404
    assert signed_in("contributor_a").get(reverse("samplerecord:index")).status_code == 404


def test_form__a_place_out_of_reach__is_refused(signed_in, world, records):
    client, mine = signed_in("referent_a"), records["a"]
    url = reverse("samplerecord:edit", args=[mine.pk])
    for place in (world.b.pk, ""):
        response = client.post(url, {"title": "x", "note": "", "page": "", "groupement": place})
        assert response.status_code == 200
    mine.refresh_from_db()
    assert (mine.title, mine.groupement_id) == ("zqa", world.a.pk)
    assert client.post(url, {"title": "x", "note": "", "page": "", "groupement": world.a.pk}).status_code == 302


def test_add__by_a_referent__belongs_to_their_groupement(signed_in, world, records):
    client = signed_in("referent_a")
    for place, answer in ((world.b.pk, 200), (world.home(world.b).pk, 200), (world.a.pk, 302)):
        data = {"title": "zqnew", "note": "", "page": "", "groupement": place}
        assert client.post(reverse("samplerecord:add"), data).status_code == answer
    assert Groupement.objects.get(pk=SampleRecord.objects.get(title="zqnew").groupement_id) == world.a
