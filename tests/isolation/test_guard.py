"""The guard of the administration: every address has a rule, and a refusal looks like an absence."""

from __future__ import annotations

import pytest
from django.urls import reverse

from regions.admin.guard import rule_for
from tests.factories import pages
from tests.isolation.matrix import answers
from tests.isolation.matrix.routes import all_routes

# Answered by Wagtail with a 404 for everyone, or before the administration: no rule is needed.
WITHOUT_NAME = {"admin/login/", "admin/test404/", "admin/^.*/$"}


def test_guard__every_address_of_the_administration__has_a_rule():
    admin = [route for route in all_routes() if route.is_admin]
    assert {route.route for route in admin if not route.name} == WITHOUT_NAME
    unknown = sorted({route.name for route in admin if route.name and rule_for(route.name) is None})
    assert not unknown, f"say in regions/admin/guard/rules.py who may open: {', '.join(unknown)}"


def test_guard__a_rule__checks_every_number_of_its_address():
    for route in all_routes():
        rule = rule_for(route.name)
        if rule is None or rule.closed or not route.is_admin:
            continue
        unchecked = set(route.params) - rule.ids.keys() - rule.free
        assert not unchecked, f"{route.name}: {unchecked} opens to anybody, or to nobody"


@pytest.mark.parametrize("name", ["edit", "history", "usage", "copy", "move", "delete", "workflow_history"])
def test_guard__somebody_else_s_page__answers_as_a_number_that_does_not_exist(world, signed_in, name):
    page = pages.contact(world.home(world.b), "Adresse de B", live=False)
    client = signed_in("referent_a")
    there = client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]))
    nowhere = client.get(reverse(f"wagtailadmin_pages:{name}", args=[987_654]))
    assert there.status_code == 404
    assert answers.exactly(there) == answers.exactly(nowhere)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**12])
def test_guard__number_beyond_the_database_s__is_absent(world, signed_in, number):
    for path in (f"/admin/pages/{number}/edit/", f"/admin/images/{number}/", f"/admin/choose-page/{number}/"):
        assert signed_in("referent_a").get(path).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_guard__method_that_no_screen_sends__is_absent(world, signed_in, method):
    own = pages.contact(world.home(world.a), "Adresse de A")
    for person in ("referent_a", "admin"):
        answer = getattr(signed_in(person), method)(reverse("wagtailadmin_pages:copy", args=[own.pk]))
        assert answer.status_code == 404


def test_guard__preview_forgotten_by_its_screen__is_let_through(world, signed_in):
    own = pages.contact(world.home(world.a), "Adresse de A")
    assert signed_in("referent_a").delete(f"/admin/pages/{own.pk}/edit/preview/").status_code == 200


def test_explorer__homes_in_two_languages__are_listed_without_the_root(world, signed_in, contexts):
    from wagtail.models import Locale

    from regions import services
    from regions.models import NetworkPage

    english = Locale.objects.create(language_code="en")
    NetworkPage.objects.get().copy_for_translation(english).save_revision().publish()
    services.ensure_translated_home(world.a, english)
    client = signed_in("referent_a")
    response = client.get(reverse("wagtailadmin_explore_root"), follow=True)
    listed = {page.pk for page in response.context["pages"]}
    assert listed == set(world.a.roots.values_list("pk", flat=True))
    assert response.context["parent_page"].depth == 2


def test_explorer__one_home__opens_on_it(world, signed_in, contexts):
    response = signed_in("referent_a").get(reverse("wagtailadmin_explore_root"), follow=True)
    assert response.context["parent_page"].pk == world.home(world.a).pk


def test_page_chooser__first_opened__shows_where_the_person_writes(world, signed_in):
    pages.event(world.home(world.b), "Réunion secrète", live=False)
    client = signed_in("referent_a")
    for query in ("", "?page_type=resources.eventpage"):
        answer = client.get(reverse("wagtailadmin_choose_page") + query).json()
        assert answer["parent_page_id"] == world.home(world.a).pk
        assert "secrète" not in answer["html"]
