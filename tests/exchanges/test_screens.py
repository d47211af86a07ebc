"""“Demandes” in the editing screens: the list, the buttons, and nobody else's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from exchanges import services
from exchanges.models import CallbackRequest
from tests.helpers import count_queries, page_html

LIST = "callbackrequest:index"


def one(request, act: str = "inspect") -> str:
    return reverse(f"callbackrequest:{act}", args=[request.pk])


def test_list__of_a_referent__what_waits_first_and_nothing_of_others(world, signed_in, make):
    make(world.a, name="Zqclose", state="closed")
    make(world.a, name="Zqattend", received_at=timezone.now() - dt.timedelta(days=9))
    make(world.b, name="Zqautre")
    make(None, name="Zqnation")
    page = page_html(signed_in("referent_a").get(reverse(LIST)))
    assert page.index("Zqattend") < page.index("Zqclose")
    assert "depuis 9 jours" in page
    assert "Zqautre" not in page
    assert "Zqnation" not in page


def test_list__filtered_by_state__keeps_that_state(world, signed_in, make):
    make(world.a, name="Zqclose", state="closed")
    make(world.a, name="Zqattend")
    page = page_html(signed_in("referent_a").get(reverse(LIST) + "?state=closed"))
    assert "Zqclose" in page
    assert "Zqattend" not in page


def test_list__three_or_thirty__costs_the_same(world, signed_in, make):
    client = signed_in("zone_a")
    client.get(reverse(LIST))  # the first request of a day reads the mandates
    for number in range(3):
        make(world.a, name=f"Personne {number}", taken_by=world.people["referent_a"], state="taken")
    before = count_queries(lambda: page_html(client.get(reverse(LIST))))
    for number in range(27):
        make(world.neighbour, name=f"Autre {number}", taken_by=world.people["zone_a"], state="taken")
    assert count_queries(lambda: page_html(client.get(reverse(LIST)))) == before


def test_menu_and_first_screen__somebody_waits__say_how_many_and_who(world, signed_in, make):
    make(world.a, name="Zqattend")
    make(world.a, state="taken")
    make(world.b, name="Zqautre")
    page = page_html(signed_in("referent_a").get(reverse("wagtailadmin_home")))
    assert "Demandes (1)" in page
    assert "Zqattend" in page
    assert "Zqautre" not in page
    assert "Zqattend" not in page_html(signed_in("contributor_a").get(reverse("wagtailadmin_home")))


def test_request__opened__shows_how_to_call_and_what_about(world, signed_in, make):
    page = page_html(signed_in("referent_a").get(one(make(world.a, about="<b>Zqsujet</b>", doubts=["links"]))))
    assert 'href="tel:+33639980012"' in page
    assert "&lt;b&gt;Zqsujet&lt;/b&gt;" in page
    assert "plusieurs liens" in page


def test_buttons__take_close_and_put_back__change_the_state(world, signed_in, make):
    client, request, me = signed_in("referent_a"), make(world.a), world.people["referent_a"]
    client.post(one(request, "take"))
    request.refresh_from_db()
    assert (request.state, request.taken_by) == ("taken", me)
    client.post(one(request, "close"), {"note": "Rappelée, rendez-vous jeudi."})
    request.refresh_from_db()
    assert (request.state, request.closed_by, request.note) == ("closed", me, "Rappelée, rendez-vous jeudi.")
    client.post(one(request, "release"))
    request.refresh_from_db()
    assert (request.state, request.taken_by, request.closed_by) == ("received", None, None)


def test_take__taken_by_somebody_else__says_by_whom_and_changes_nothing(world, signed_in, make):
    request = make(world.a)
    assert services.take(request=request, by=world.people["zone_a"])
    page = page_html(signed_in("referent_a").post(one(request, "take"), follow=True))
    assert "déjà de cette demande" in page
    request.refresh_from_db()
    assert request.taken_by == world.people["zone_a"]


def test_close__note_too_long__keeps_the_request_open(world, signed_in, make):
    request = make(world.a)
    page_html(signed_in("referent_a").post(one(request, "close"), {"note": "a" * 2001}, follow=True))
    request.refresh_from_db()
    assert request.state == "received"


@pytest.mark.parametrize("act", ["inspect", "take", "release", "close", "delete"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_screen__request_of_another__is_the_page_of_a_number_that_does_not_exist(world, signed_in, make, act, method):
    request, client = make(world.b, name="Zqautre"), signed_in("referent_a")
    ghost = getattr(client, method)(reverse(f"callbackrequest:{act}", args=[987654]))
    answer = getattr(client, method)(one(request, act))
    assert (answer.status_code, ghost.status_code) == (404, 404)
    assert answer.content == ghost.content
    request.refresh_from_db()
    assert request.state == "received"


def test_delete__by_its_referent__leaves_no_name_in_the_journal(world, signed_in, make):
    from wagtail.models import ModelLogEntry

    request = make(world.a, name="Zqattend")
    assert signed_in("referent_a").post(one(request, "delete")).status_code == 302
    assert not CallbackRequest.objects.exists()
    assert not ModelLogEntry.objects.filter(label__contains="Zq").exists()


def test_export__of_a_referent__has_their_own_only(world, signed_in, make):
    make(world.a, name="=Zqattend")
    make(world.b, name="Zqautre")
    body = signed_in("referent_a").get(reverse(LIST) + "?export=csv").getvalue().decode()
    assert "'=Zqattend" in body
    assert "Zqautre" not in body
