"""The page of the mail: what it shows, what it takes, and what opens nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchanges.checking.models import CheckItem, CheckLink, CheckRound
from exchanges.checking.views import DOOR
from regions import services as regions_services
from regions.mandates import end_mandate_now
from regions.roles import RoleCode
from tests.exchanges.checking import OLD, contact, item_of, local_text, open_round, path_for, sent
from tests.factories import pages
from tests.helpers import count_queries, page_html

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.fixture
def asked(world):
    contact(world.home(world.b), "Zqautre")
    found = contact(world.home(world.a), "Zqmission", email="accueil@example.org")
    open_round(world.a)
    open_round(world.b)
    return found


@pytest.fixture
def visitor(world):
    return Client(headers={"host": world.host(world.a)})


def test_page__shows_what_is_asked_and_nothing_of_others(world, visitor, asked):
    local_text(world, world.a)
    answer = visitor.get(path_for(world, world.a))
    body = page_html(answer)
    assert "Zqmission" in body
    assert "accueil@example.org" in body
    assert "Zqautre" not in body
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert not answer.cookies


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_page__read_by_a_mail_scanner__changes_nothing(world, visitor, asked, method):
    path = path_for(world, world.a)
    before = list(CheckItem.objects.values()) + list(CheckLink.objects.values()) + list(CheckRound.objects.values())
    answer = getattr(visitor, method)(f"{path}?step=send&p{item_of(asked).pk}-choice=gone")
    assert answer.status_code == 200
    after = list(CheckItem.objects.values()) + list(CheckLink.objects.values()) + list(CheckRound.objects.values())
    asked.refresh_from_db()
    assert (after, asked.live, asked.checked_on) == (before, True, OLD)


def test_answers__first_a_summary_then_kept_then_thanks(world, visitor, asked):
    item, path = item_of(asked), path_for(world, world.a)
    summary = visitor.post(path, sent(item, step="review"))
    assert (summary.status_code, item_of(asked).state) == (200, "waiting")
    assert f'name="p{item.pk}-choice" value="exact"' in summary.content.decode()
    answer = visitor.post(path, sent(item), follow=True)
    assert item_of(asked).state == "exact"
    assert item_of(asked).by_link
    assert item_of(asked).answered_by == world.people["referent_a"]
    assert "referent_a Test" in page_html(answer)


def test_answers__sent_again__are_kept_once(world, visitor, asked):
    path, item = path_for(world, world.a), item_of(asked)
    visitor.post(path, sent(item, "note", "Le numéro"))
    visitor.post(path, sent(item, "gone"))
    asked.refresh_from_db()
    assert (item_of(asked).state, item_of(asked).note, asked.live) == ("note", "Le numéro", True)


def test_answers__all_the_rest__are_exact_but_for_those_chosen(world, visitor, asked):
    other = contact(world.home(world.a), "Autre")
    round_ = CheckRound.objects.get(groupement=world.a)
    CheckItem.objects.create(round=round_, page=other, title="Autre")
    path = path_for(world, world.a)
    answer = visitor.post(path, sent(item_of(asked), "note", "Le numéro", step="all"))
    words = answer.content.decode()
    assert f'name="p{item_of(other).pk}-choice" value="exact"' in words
    assert f'name="p{item_of(asked).pk}-choice" value="note"' in words


def test_answers__note_without_words__asks_for_them_and_keeps_the_rest(world, visitor, asked):
    answer = visitor.post(path_for(world, world.a), sent(item_of(asked), "note", ""))
    assert answer.status_code == 422
    assert item_of(asked).is_waiting
    assert 'role="alert"' in answer.content.decode()


def test_answers__items_of_another_groupement__are_not_taken(world, visitor, asked):
    other = CheckItem.objects.get(round__groupement=world.b)
    answer = visitor.post(path_for(world, world.a), sent(other, "gone"))
    other.refresh_from_db()
    assert (answer.status_code, other.state, other.page.live) == (422, "waiting", True)


def test_answers__from_another_site__are_not_taken(world, asked):
    visitor = Client(headers={"host": world.host(world.a), "sec-fetch-site": "cross-site"})
    assert visitor.post(path_for(world, world.a), sent(item_of(asked))).status_code == 422
    assert item_of(asked).is_waiting


def test_answers__without_a_cookie_for_forms__are_taken(world, asked):
    strict = Client(enforce_csrf_checks=True, headers={"host": world.host(world.a)})
    assert strict.post(path_for(world, world.a), sent(item_of(asked))).status_code == 302


def _ghost(visitor) -> tuple:
    answer = visitor.get(f"/toujours-exact/{'x' * 43}/")
    return answer.status_code, answer.content


def test_link__truncated_forged_elsewhere_or_over__is_the_page_of_one_that_never_was(world, visitor, asked):
    path = path_for(world, world.a)
    ghost = _ghost(visitor)
    assert ghost[0] == 404
    token = path.strip("/").rpartition("/")[2]
    for wrong in (token[:-1], f"{token}a", token.swapcase(), "a" * 500):
        answer = visitor.get(f"/toujours-exact/{wrong}/")
        assert (answer.status_code, answer.content) == ghost
    for groupement in (world.b, None):
        assert Client(headers={"host": world.host(groupement)}).get(path).status_code == 404
    CheckRound.objects.filter(groupement=world.a).update(expires_on=timezone.localdate() - dt.timedelta(days=1))
    answer = visitor.post(path, sent(item_of(asked)))
    assert (answer.status_code, answer.content, item_of(asked).state) == (*ghost, "waiting")


def test_link__mandate_ends__opens_nothing_from_that_moment(world, visitor, asked):
    path = path_for(world, world.a)
    end_mandate_now(mandate=world.people["referent_a"].mandates.get())
    assert visitor.get(path).status_code == 404


def test_link__of_a_stand_in__ends_when_a_referent_comes(world, visitor, asked):
    world.a.status, world.a.fallback = "vacant", world.b
    world.a.save()
    path = path_for(world, world.a, "referent_b")
    assert visitor.get(path).status_code == 200
    world.a.status = "active"
    world.a.save()
    assert visitor.get(path).status_code == 404


def test_link__of_another_groupement_s_mandate__opens_nothing(world, visitor, asked):
    assert visitor.get(path_for(world, world.a, "referent_b")).status_code == 404
    assert visitor.get(path_for(world, world.a, "zone_b")).status_code == 404
    assert visitor.get(path_for(world, world.a, "contributor_a")).status_code == 404
    assert visitor.get(path_for(world, world.a, "zone_a")).status_code == 200


def test_link__key__is_not_kept(world, asked):
    token = path_for(world, world.a).strip("/").rpartition("/")[2]
    assert token not in str(list(CheckLink.objects.values()))


def test_wrong_addresses__many__are_made_to_wait(world, visitor, asked):
    for _time in range(DOOR.limit):
        visitor.get("/toujours-exact/faux/")
    assert visitor.get("/toujours-exact/faux/").status_code == 429


def test_page__what_left_the_site_or_was_checked_since__is_not_asked(world, visitor, asked):
    path = path_for(world, world.a)
    asked.unpublish()
    assert "Zqmission" not in page_html(visitor.get(path))


def test_page__three_or_thirty__costs_the_same(world, visitor, asked):
    round_, path = CheckRound.objects.get(groupement=world.a), path_for(world, world.a)

    def add(number: int) -> None:
        for _rank in range(number):
            for made in (pages.contact(world.home(world.a)), pages.branch(world.home(world.a))):
                CheckItem.objects.create(round=round_, page=made, title=made.title)

    local = local_text(world, world.a)
    CheckItem.objects.create(round=round_, page=local, slot="s1", title="Texte")
    add(1)
    page_html(visitor.get(path))
    before = count_queries(lambda: page_html(visitor.get(path)))
    add(14)
    assert count_queries(lambda: page_html(visitor.get(path))) == before


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.text(max_size=90))
def test_link__any_token__is_never_an_error(world, visitor, asked, token):
    from urllib.parse import quote

    cache.clear()
    answer = visitor.get(f"/toujours-exact/{quote(token, safe='')}/")
    assert answer.status_code in {404, 302, 301}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    choice=st.one_of(st.sampled_from(["", "exact", "note", "gone"]), st.text(max_size=20)),
    note=st.text(max_size=1200),
    step=st.one_of(st.sampled_from(["review", "edit", "all", ""]), st.text(max_size=10)),
)
def test_answers__anything_typed__is_never_an_error_nor_kept_before_it_is_sent(
    world, visitor, asked, choice, note, step
):
    if step == "send":
        return
    answer = visitor.post(path_for(world, world.a), sent(item_of(asked), choice, note, step))
    assert answer.status_code in {200, 422}
    assert item_of(asked).is_waiting


def test_second_referent__sees_what_the_first_answered(world, visitor, asked):
    regions_services.grant_mandate(person=world.people["member"], role=RoleCode.REFERENT, groupement=world.a)
    visitor.post(path_for(world, world.a), sent(item_of(asked), "note", "Le numéro"))
    round_ = CheckRound.objects.get(groupement=world.a)
    from exchanges.checking import links

    mandate = world.people["member"].mandates.get(role=RoleCode.REFERENT)
    path = "/" + links.make(round_, mandate).split("/", 3)[3]
    body = page_html(visitor.get(path))
    assert "referent_a Test" in body
    assert "Le numéro" in body
