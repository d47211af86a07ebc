"""“Pilotage”: who opens it, what each sees, what its filters say, its export, its text page, its rules."""

from __future__ import annotations

import uuid

import pytest
from wagtail.models import ModelLogEntry

from dashboards import labels
from dashboards.models import Label, LabelEvent, LabelRules
from exchanges.models import CallbackRequest
from regions.models import Groupement
from tests import html
from tests.factories import frames
from tests.helpers import count_queries, page_html

BOARD, TEXTS, LABELS, RULES = (
    "/admin/pilotage/",
    "/admin/pilotage/textes/",
    "/admin/pilotage/label/",
    "/admin/pilotage/label/regles/",
)
EXPORT = "/admin/pilotage/export/csv/"
PILOTS = ("zone_a", "zone_b", "editor", "admin")


@pytest.fixture
def national(world):
    national = frames.frame(world.national, "Se loger", body=[frames.slot("s1"), frames.optional("o1")])
    frames.complement(world.home(world.a), national, frames.given({"s1": "a"}))
    given = frames.given(left_out={"page": "Raison du Lot."})
    frames.complement(world.home(world.b), national, given)
    return national


def text_url(national) -> str:
    return f"{TEXTS}{national.translation_key}/"


@pytest.mark.parametrize("name", ["referent_a", "referent_b", "contributor_a"])
def test_screens__whoever_pilots_nothing__are_absent_and_not_in_the_menu(world, national, signed_in, name):
    client = signed_in(name)
    for address in (BOARD, TEXTS, LABELS, RULES, EXPORT, text_url(national)):
        assert client.get(address).status_code == 404, address
    assert "/admin/pilotage/" not in page_html(client.get("/admin/"))


@pytest.mark.parametrize(
    ("name", "seen", "unseen"),
    [
        ("zone_a", ["Finistère", "Morbihan"], ["Lot-et-Garonne", "Raison du Lot."]),
        ("zone_b", ["Lot-et-Garonne", "Raison du Lot."], ["Finistère", "Morbihan"]),
        ("editor", ["Finistère", "Morbihan", "Lot-et-Garonne", "Raison du Lot."], []),
        ("admin", ["Finistère", "Morbihan", "Lot-et-Garonne", "Raison du Lot."], []),
    ],
)
def test_screens__each_pilot__sees_their_groupements_only(world, national, signed_in, name, seen, unseen):
    labels.follow()
    client = signed_in(name)
    export = b"".join(client.get(EXPORT).streaming_content).decode()
    shown = page_html(client.get(text_url(national))) + export
    for words in seen:
        assert words in shown
    for address in (BOARD, TEXTS, LABELS, text_url(national)):
        answer = page_html(client.get(address))
        assert not [words for words in unseen if words in answer], address
    assert not [words for words in unseen if words in export]


def test_board__its_table__names_rows_columns_and_states_in_words(world, national, signed_in):
    page = html.parse(signed_in("editor").get(BOARD))
    assert page.select("thead th[scope=col]")[-1].get_text(strip=True) == "Se loger"
    assert len(page.select("tbody th[scope=row]")) == 3
    states = [cell.text for cell in page.select("td")]
    assert len([state for state in states if "complet" in state and "à compléter" not in state]) == 1
    assert len([state for state in states if "non concerné" in state]) == 1


def test_board__links__lead_only_where_the_person_may_go(world, national, signed_in):
    answers = f"/admin/trame/{world.a.pk}/{national.translation_key}/"
    assert answers in page_html(signed_in("zone_a").get(BOARD))
    assert signed_in("zone_a").get(answers).status_code == 200
    assert answers not in page_html(signed_in("editor").get(BOARD))
    assert text_url(national) in page_html(signed_in("editor").get(BOARD))


@pytest.mark.parametrize("query", ["zone=ailleurs", "state=nul%00", "frame=42", "language=xx", "order=%F0%9F%A6%86"])
def test_board__rubbish__is_left_out_and_said(world, national, signed_in, query):
    answer = page_html(signed_in("editor").get(f"{BOARD}?{query}"))
    assert "n’a pas été compris" in answer or "laissé de côté" in answer
    assert "Finistère" in answer


def test_board__a_zone_that_is_not_theirs__is_rubbish(world, national, signed_in):
    answer = page_html(signed_in("zone_a").get(f"{BOARD}?zone=sud"))
    assert "Lot-et-Garonne" not in answer
    assert "Finistère" in answer


def test_board__a_choice__narrows_the_export_too(world, national, signed_in):
    client = signed_in("editor")
    export = b"".join(client.get(f"{EXPORT}?state=complete").streaming_content).decode()
    assert "Finistère" in export
    assert "Lot-et-Garonne" not in export
    workbook = client.get("/admin/pilotage/export/xlsx/")
    assert workbook.content[:2] == b"PK"
    assert client.get("/admin/pilotage/export/pdf/").status_code == 404


def test_board__requests_answered_by_others__say_who_was_helped(world, national, signed_in):
    levels = CallbackRequest.Level
    for level in (levels.ZONE, levels.NATION, levels.GROUPEMENT):
        CallbackRequest.objects.create(
            key=uuid.uuid4(), groupement=world.b, name="N", phone="+33199000001", about="Secret", level=level
        )
    answer = page_html(signed_in("editor").get(BOARD))
    assert "2 demandes" in answer
    assert "Secret" not in answer
    assert "2 demandes" not in page_html(signed_in("zone_a").get(BOARD))


def test_screens__more_groupements_and_texts__cost_the_same(world, national, signed_in):
    client = signed_in("admin")
    addresses = (BOARD, TEXTS, text_url(national), LABELS)

    def measure() -> list[int]:
        return [count_queries(lambda address=address: page_html(client.get(address))) for address in addresses]

    labels.follow()
    measure()  # the first visit notes what never changes
    few = measure()
    for number in range(4):
        frames.frame(world.national, f"Autre {number}", body=[frames.slot("s1")])
        groupement = Groupement.objects.create(code=f"g{number}", name=f"G{number}", zone=world.zone_b)
        Label.objects.create(groupement=groupement, state=Label.State.HELD, awarded_on=frames.DAY)
        LabelEvent.objects.create(groupement=groupement, kind=LabelEvent.Kind.AWARDED)
    assert measure() == few


def test_text_page__drafts_and_reasons__are_said_without_the_draft_s_words(world, national, signed_in):
    frames.complement(world.home(world.neighbour), national, frames.given({"s1": "Mot secret."}), live=False)
    answer = page_html(signed_in("editor").get(text_url(national)))
    assert "Raison du Lot." in answer
    assert "brouillon" in answer
    assert "Mot secret." not in answer


@pytest.mark.parametrize("address", [f"{TEXTS}00000000-0000-4000-8000-000000000000/", f"{TEXTS}pas-une-cle/"])
def test_text_page__no_such_text__is_absent(world, national, signed_in, address):
    assert signed_in("editor").get(address).status_code == 404


def test_text_page__from_the_national_page__is_one_button_away(world, national, signed_in):
    edit = f"/admin/pages/{national.pk}/edit/"
    assert text_url(national) in page_html(signed_in("editor").get(edit))


def test_rules__changed_by_the_nation__are_kept_and_logged(world, signed_in):
    typed = {"name": "Groupement exemplaire", "share": 80, "months": 18, "needs_referent": "on", "grace_days": 45}
    assert signed_in("editor").post(RULES, typed).status_code == 302
    rules = LabelRules.load()
    assert (rules.name, rules.share, rules.months, rules.grace_days) == ("Groupement exemplaire", 80, 18, 45)
    entry = ModelLogEntry.objects.get(content_type__model="labelrules")
    assert entry.user == world.people["editor"]
    assert entry.data["changed"]["share"] == 80


@pytest.mark.parametrize(
    ("field", "value"), [("share", "0"), ("share", "101"), ("grace_days", "1"), ("months", "x"), ("name", "")]
)
def test_rules__a_wrong_value__is_refused_and_nothing_is_lost(world, signed_in, field, value):
    typed = {"name": "Mon label", "share": 80, "months": 18, "needs_referent": "on", "grace_days": 45, field: value}
    answer = signed_in("editor").post(RULES, typed)
    assert answer.status_code == 422
    assert LabelRules.load().share == 100
    if field != "name":
        assert "Mon label" in answer.content.decode()


@pytest.mark.parametrize("name", ["zone_a", "referent_a", "contributor_a"])
def test_rules__whoever_does_not_keep_the_nation__are_absent(world, signed_in, name):
    client = signed_in(name)
    assert client.get(RULES).status_code == 404
    assert client.post(RULES, {"share": 1}).status_code == 404
    assert LabelRules.load().share == 100
