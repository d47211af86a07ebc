"""What groupements proposed for the national texts, on the board and on a text's page."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from dashboards import help, suggestions
from dashboards.board import board
from exchanges.corrections import services
from exchanges.corrections.models import Correction
from regions.models import Groupement
from tests import html
from tests.factories import english, frames
from tests.helpers import assert_flat_queries, count_queries, page_html

BOARD, CORRECTIONS = "/admin/pilotage/", "/admin/corrections/"
State = Correction.State


@pytest.fixture
def national(world):
    return frames.frame(world.national, "Se loger", body=[frames.text("t1"), frames.slot("s1")])


@pytest.fixture
def propose(world, national):
    """A correction that is there already: ``propose(world.a, days=3, state="later")``."""

    def make(groupement, *, days: int = 0, page=national, **fields) -> Correction:
        sent = timezone.now() - dt.timedelta(days=days)
        given = {"page_id": page.pk, "page_title": page.title, "block": "t1", "before": frames.text("t1")}
        given |= {"remark": "Mot du bénévole.", "sent_at": sent}
        return Correction.objects.create(key=uuid.uuid4(), groupement=groupement, **given | fields)

    return make


@pytest.fixture
def accept(world, propose):
    """One that the nation accepted: the groupement is thanked on the page."""

    def make(groupement, **fields) -> Correction:
        row = propose(groupement, **fields)
        editor = world.people["editor"]
        assert services.answer(correction=row, state=State.ACCEPTED, words="", by=editor, seen=State.WAITING)
        return row

    return make


def text_url(national) -> str:
    return f"{BOARD}textes/{national.translation_key}/"


def part(answer, name: str) -> str:
    """The words of the part of a screen that is named so, on one line."""
    return " ".join(html.parse(answer).select_one(f"section[aria-labelledby={name}]").get_text(" ").split())


def links(answer, name: str) -> list[str]:
    return [a["href"] for a in html.parse(answer).select(f"section[aria-labelledby={name}] li a")]


def inspect_url(row: Correction) -> str:
    return f"{CORRECTIONS}inspect/{row.pk}/"


@pytest.mark.parametrize(
    ("name", "seen"),
    [("zone_a", "a"), ("zone_b", "b"), ("editor", "ab"), ("admin", "ab")],
)
def test_waiting__each_pilot__sees_those_of_their_groupements_and_opens_them(
    world, national, propose, signed_in, name, seen
):
    rows = {"b": propose(world.b, days=30), "a": propose(world.a, days=9)}
    wanted = [inspect_url(row) for place, row in rows.items() if place in seen]
    client = signed_in(name)
    for address in (BOARD, text_url(national)):
        answer = client.get(address)
        assert links(answer, "waiting") == wanted, address
        assert "Mot du bénévole." not in page_html(answer)
    for address in wanted:
        page_html(client.get(address))


def test_waiting__a_zone_referent_who_writes_elsewhere__sees_their_zone_alone_on_the_board(world, propose, signed_in):
    propose(world.b)
    person = world.people["zone_a"]
    person.groups.add(*world.people["referent_b"].groups.all())
    assert suggestions.waiting(Correction.objects.for_user(person)).number == 1
    assert links(signed_in("zone_a").get(BOARD), "waiting") == []


def test_waiting__each_state__shows_only_what_is_to_settle_with_its_age(world, national, propose, signed_in):
    propose(world.a, days=21, state=State.LATER)
    propose(world.a)
    for state in (State.ACCEPTED, State.DECLINED, State.WITHDRAWN):
        propose(world.neighbour, state=state)
    for address in (BOARD, text_url(national)):
        shown = part(signed_in("editor").get(address), "waiting")
        assert "2 corrections attendent une réponse." in shown
        assert "remise à plus tard · envoyée il y a 3 semaines" in shown
        assert "envoyée aujourd’hui" in shown
        assert "Morbihan" not in shown


def test_waiting__more_than_ten__shows_the_ten_oldest_and_how_many(world, national, propose, signed_in):
    rows = [propose(world.a, days=days) for days in range(12)]
    for address in (BOARD, text_url(national)):
        answer = signed_in("zone_a").get(address)
        assert links(answer, "waiting") == [inspect_url(row) for row in reversed(rows[2:])]
        assert "12 corrections attendent une réponse. Voici les 10 plus anciennes." in part(answer, "waiting")
        assert f'href="{CORRECTIONS}"' in page_html(answer)


def test_board__nothing_was_proposed__says_so(world, national, signed_in):
    for address, name in ((BOARD, "corrected"), (text_url(national), "accepted")):
        answer = signed_in("zone_a").get(address)
        assert "Aucune correction en attente." in part(answer, "waiting")
        assert "Aucune correction acceptée" in part(answer, name)
        assert f'href="{CORRECTIONS}"' not in str(html.parse(answer).select_one("[aria-labelledby=waiting]"))


def test_board__one_text_or_zone_is_chosen__keeps_the_corrections_of_it(world, national, propose, accept, signed_in):
    other = frames.frame(world.national, "Se soigner", body=[frames.text("t1"), frames.slot("s1")])
    about, elsewhere = propose(world.a), propose(world.b, page=other)
    for page in (national, other):
        accept(world.a, page=page)
    client = signed_in("editor")
    answer = client.get(f"{BOARD}?frame={national.translation_key}")
    assert links(answer, "waiting") == [inspect_url(about)]
    assert links(answer, "corrected") == [text_url(national)]
    assert links(client.get(f"{BOARD}?zone=sud"), "waiting") == [inspect_url(elsewhere)]
    assert links(client.get(f"{BOARD}?zone=sud"), "corrected") == []


def test_waiting__the_page_is_deleted__the_correction_is_still_to_settle(world, national, propose, signed_in):
    row = propose(world.a)
    national.delete()
    answer = signed_in("editor").get(BOARD)
    assert links(answer, "waiting") == [inspect_url(row)]
    assert "Se loger" in part(answer, "waiting")


def test_corrected__accepted_within_the_year__counts_by_text_the_most_first(
    world, national, propose, accept, signed_in
):
    other = frames.frame(world.national, "Se soigner", body=[frames.text("t1"), frames.slot("s1")])
    accept(world.b, page=national)
    for groupement in (world.a, world.b):
        accept(groupement, page=other)
    propose(world.a, page=national)
    old = timezone.now() - dt.timedelta(days=400)
    propose(world.a, page=national, state=State.ACCEPTED, answered_at=old)
    answer = signed_in("editor").get(BOARD)
    assert links(answer, "corrected") == [text_url(other), text_url(national)]
    assert "Se soigner 2 corrections Se loger 1 correction" in part(answer, "corrected")
    zone = signed_in("zone_a").get(BOARD)
    assert links(zone, "corrected") == [text_url(other)]
    assert "Se soigner 1 correction" in part(zone, "corrected")


def test_text_page__accepted__names_who_is_thanked_and_each_correction(world, national, accept, signed_in):
    rows = {"a": accept(world.a), "b": accept(world.b)}
    answer = signed_in("editor").get(text_url(national))
    shown = part(answer, "accepted")
    assert "« Avec l’aide des groupements Finistère et Lot-et-Garonne. »" in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert links(answer, "accepted") == [inspect_url(rows["b"]), inspect_url(rows["a"])]
    assert links(signed_in("zone_a").get(text_url(national)), "accepted") == [inspect_url(rows["a"])]


def test_text_page__the_translation_of_a_text__has_its_own_corrections(world, national, propose, signed_in):
    english.national(world.national)
    row = propose(world.a)
    translated = national.copy_for_translation(english.locale(), copy_parents=True)
    translated.save_revision().publish()
    own = propose(world.a, page=translated)
    client = signed_in("editor")
    assert links(client.get(text_url(national)), "waiting") == [inspect_url(row)]
    assert links(client.get(f"{text_url(national)}?language=en"), "waiting") == [inspect_url(own)]


def test_suggestions__more_corrections__cost_the_same(world, national, propose, accept, signed_in):
    accept(world.a)
    propose(world.a)
    client = signed_in("admin")

    def grow() -> None:
        other = frames.frame(world.national, "Se soigner", body=[frames.text("t1"), frames.slot("s1")])
        for groupement in (world.a, world.b, world.neighbour):
            propose(groupement)
            accept(groupement)
            accept(groupement, page=other)

    def visit() -> None:
        for address in (BOARD, text_url(national)):
            page_html(client.get(address))

    visit()  # the first visit notes what never changes
    assert_flat_queries(visit, grow)


def test_lists__of_the_nation__cost_one_query_each(world, national, propose, accept):
    accept(world.a)
    propose(world.b)
    everyone = Groupement.objects.order_by("name")
    found, admin = board(everyone), world.people["admin"]
    reads = (
        lambda: suggestions.waiting(suggestions.of(admin, everyone)),
        lambda: suggestions.accepted(suggestions.of(admin, everyone)),
        lambda: help.most_corrected(suggestions.of(admin, everyone), found.frames),
    )
    count_queries(reads[0])  # what the person may do is read once
    assert [count_queries(read) for read in reads] == [1, 1, 1]
