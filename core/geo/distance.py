"""Distances on the Earth, in Python and in SQL (plain PostgreSQL, no extension)."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from django.db.models import F, FloatField, Q, Value
from django.db.models.expressions import CombinedExpression, Expression
from django.db.models.functions import Abs, ATan2, Cast, Cos, Power, Radians, Sin, Sqrt

# Mean radius (IUGG).
EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = EARTH_RADIUS_KM * radians(1)


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The distance between two points in kilometres, along the ground (haversine). Degrees in, kilometres out."""
    here, there = radians(latitude), radians(other_latitude)
    half = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half)))


def distance_to(
    latitude: float, longitude: float, *, latitude_field: str = "latitude", longitude_field: str = "longitude"
) -> CombinedExpression | Expression:
    """The SQL expression of the distance in kilometres from each row to a point; NULL where a row has none.

    ``queryset.annotate(distance=distance_to(48.39, -4.49)).order_by(F("distance").asc(nulls_last=True))``
    """
    row_latitude, row_longitude = (Cast(F(name), FloatField()) for name in (latitude_field, longitude_field))
    here = radians(latitude)
    half = Power(Sin((Radians(row_latitude) - Value(here)) / Value(2.0)), Value(2.0)) + Value(cos(here)) * Cos(
        Radians(row_latitude)
    ) * Power(Sin((Radians(row_longitude) - Value(radians(longitude))) / Value(2.0)), Value(2.0))
    # Not ASIN(LEAST(1, …)): LEAST leaves NULLs out, and a row without a point would be at the antipodes.
    return Value(2 * EARTH_RADIUS_KM) * ATan2(Sqrt(half), Sqrt(Abs(Value(1.0) - half)), output_field=FloatField())


def within_box(
    latitude: float,
    longitude: float,
    kilometres_around: float,
    *,
    latitude_field: str = "latitude",
    longitude_field: str = "longitude",
) -> Q:
    """The rows of a square around a point: holds every row nearer than ``kilometres_around``, and may use an index.

    The square stops at the 180th meridian: nobody of the network is near it on both sides at once
    (Wallis-et-Futuna lies 230 km from it).
    """
    north = kilometres_around / KM_PER_DEGREE
    farthest = min(89.0, abs(latitude) + north)
    east = min(180.0, kilometres_around / (KM_PER_DEGREE * cos(radians(farthest))))
    return Q(
        **{
            f"{latitude_field}__range": (latitude - north, latitude + north),
            f"{longitude_field}__range": (longitude - east, longitude + east),
        }
    )
