"""Communes for pages that know JavaScript: suggestions while one types, and the commune of a position."""

from __future__ import annotations

import json
import math

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from core.geo.communes import Commune, find, nearest

LONGEST_POSITION = 200  # bytes of {"latitude": 48.39, "longitude": -4.49}
FARTHEST_KM = 60  # further from any commune than this is at sea, or abroad


def as_suggestion(commune: Commune) -> dict[str, str]:
    """A commune as ``combobox.js`` shows it: what is written in the field, and the line under the name."""
    postcodes = commune.postcodes[0] if len(commune.postcodes) == 1 else ""
    detail = " · ".join(part for part in (postcodes, commune.departement_name) if part)
    label = f"{commune.name} ← {commune.former_name}" if commune.former_name else commune.name
    return {"value": commune.label, "label": label, "detail": detail}


@require_safe
@cache_control(public=True, max_age=86400)
def suggestions(request: HttpRequest) -> JsonResponse:
    """The communes that the letters typed in ``q`` may begin; the same for everybody."""
    found = find(request.GET.get("q", ""))
    return JsonResponse({"results": [as_suggestion(commune) for commune in found]})


@csrf_exempt  # it changes nothing, and the page that asks may come from a cache without a token
@require_POST
@never_cache
def of_position(request: HttpRequest) -> JsonResponse:
    """The commune nearest to a position that the visitor offers: in the body, for journals keep addresses."""
    if len(request.body) > LONGEST_POSITION:
        return JsonResponse({}, status=400)
    try:
        asked = json.loads(request.body)
        latitude, longitude = float(asked["latitude"]), float(asked["longitude"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return JsonResponse({}, status=400)
    if not (math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        return JsonResponse({}, status=400)
    commune = nearest(latitude, longitude)
    distance = commune.kilometres_to(latitude, longitude)
    if distance is None or distance > FARTHEST_KM:
        return JsonResponse({}, status=404)
    return JsonResponse(as_suggestion(commune))
