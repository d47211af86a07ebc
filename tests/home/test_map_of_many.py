"""The map of the national home: the right groupement on each territory, for as many rows as there are territories."""

from __future__ import annotations

from home import selectors
from regions.models import Groupement
from regions.territories import TERRITORIES
from tests.factories.network import multiply_groupements
from tests.helpers import count_queries, page_html


def test_territory__covered_by_several__shows_the_last_by_name(world):
    for code, name, departements in (("a", "Armor", ["22", "29"]), ("z", "Zelande", ["22", "35"]), ("v", "Vide", [])):
        Groupement.objects.create(code=code, name=name, departements=departements)
    expected = selectors.covered_by(selectors.groupement_list())
    found = {row.covers: row for row in selectors.covering_groupements()}
    assert found == expected
    assert {code: found[code].name for code in ("22", "29", "35")} == {
        "22": "Zelande",
        "29": "Finistère",
        "35": "Zelande",
    }
    assert {code: one.accent for code, one in found.items()} == {code: one.accent for code, one in expected.items()}


def test_groupements_that_answer__are_counted_as_each_says(world):
    Groupement.objects.filter(pk=world.b.pk).update(status=Groupement.Status.VACANT)
    Groupement.objects.create(code="muet", name="Muet")
    Groupement.objects.create(code="courriel", name="Courriel", email="a@example.org")
    answering = {groupement.pk for groupement in Groupement.objects.all() if groupement.answers_itself}
    assert set(Groupement.answering().values_list("pk", flat=True)) == answering
    assert len(answering) == 3


def test_national_home__with_many_groupements__reads_no_more(world, visit):
    few = count_queries(lambda: visit(world.national_host))
    multiply_groupements(world, 200)
    Groupement.objects.filter(departements=[]).update(departements=["29", "56"])
    assert count_queries(lambda: visit(world.national_host)) == few
    assert len(selectors.covering_groupements()) <= len(TERRITORIES)
    assert "groupement-99" in page_html(visit(world.national_host))
