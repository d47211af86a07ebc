"""Distances as the crow flies, by the haversine formula on a sphere of radius 6,371 km."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from django.db.models import F, FloatField, Func, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt

EARTH_RADIUS_KM = 6371.0


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """The distance between two points given as latitude and longitude in decimal degrees, in kilometres."""
    (lat1, lon1), (lat2, lon2) = here, there
    half_lat, half_lon = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def distance_sql(latitude: float, longitude: float) -> Func:
    """The same, for the columns ``latitude`` and ``longitude`` of a row; null where they are."""
    lat, lon = Value(latitude, output_field=FloatField()), Value(longitude, output_field=FloatField())
    half_lat, half_lon = Radians(F("latitude") - lat) / 2.0, Radians(F("longitude") - lon) / 2.0
    chord = Power(Sin(half_lat), 2) + Cos(Radians(lat)) * Cos(Radians(F("latitude"))) * Power(Sin(half_lon), 2)
    return 2 * EARTH_RADIUS_KM * ASin(Least(Value(1.0), Sqrt(chord)))
