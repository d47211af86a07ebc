"""Distances: the formula in Python, and the same in SQL."""

import pytest
from django.db.models import F
from django.db.models.functions import Round

from core.geo.communes import by_code
from core.geo.distance import distance_to, kilometres, within_box
from resources.models import ContactPage
from tests.factories import pages

BREST, NOUMEA = (48.3904, -4.4861), (-22.2763, 166.4572)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(BREST, BREST, 0), (BREST, (48.8566, 2.3522), 505), (BREST, NOUMEA, 16880), ((0, 180), (0, -180), 0)],
)
def test_kilometres__known_points__is_the_known_distance(one, other, expected):
    assert kilometres(*one, *other) == pytest.approx(expected, rel=0.01, abs=1)


def test_distance_to__in_sql__is_the_same_as_in_python(world):
    home = world.home(world.a)
    quimper = by_code("29232")
    near = pages.contact(home, "Proche", latitude=quimper.latitude, longitude=quimper.longitude)
    pages.contact(home, "Sans point")
    rows = ContactPage.objects.annotate(distance=Round(distance_to(*BREST), precision=3)).order_by(
        F("distance").asc(nulls_last=True)
    )
    assert rows[0].pk == near.pk
    assert rows[0].distance == pytest.approx(quimper.kilometres_to(*BREST), abs=0.01)
    assert rows.last().distance is None


def test_within_box__rows_around__keeps_the_near_ones(world):
    home = world.home(world.a)
    near = pages.contact(home, "Proche", latitude=48.45, longitude=-4.25)
    pages.contact(home, "Loin", latitude=47.99, longitude=-4.10)
    assert list(ContactPage.objects.filter(within_box(*BREST, 25))) == [near]
