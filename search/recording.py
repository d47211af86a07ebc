"""Counts what visitors search, without knowing who they are: one row for each day, place and question."""

from __future__ import annotations

import logging
import re

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from core.text import fold
from regions.places import Place
from search.discretion import looks_personal
from search.models import QueryCount

logger = logging.getLogger(__name__)

# Different questions counted at one place in one day: a robot that does not say its name cannot fill the table.
MAX_QUESTIONS_A_DAY = 2000
_ROBOT = re.compile(
    r"bot|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|monitor|headless|lighthouse"
    r"|curl|wget|python|java/|libwww|httpclient|okhttp|go-http|scrapy|feed",
    re.IGNORECASE,
)
_AHEAD = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
_SQL = """
INSERT INTO {table} (day, groupement_id, language, words, asked, unanswered, found)
SELECT %(day)s, %(groupement)s, %(language)s, %(words)s, 1, %(unanswered)s, %(found)s
WHERE %(most)s > (
    SELECT count(*) FROM {table} WHERE day = %(day)s AND groupement_id IS NOT DISTINCT FROM %(groupement)s
)
ON CONFLICT (day, groupement_id, language, words) DO UPDATE
SET asked = {table}.asked + 1, unanswered = {table}.unanswered + EXCLUDED.unanswered, found = EXCLUDED.found
"""


def normalised(text: str) -> str:
    """The words of a question as they are counted: lower case, without accents, quotes and double spaces."""
    return " ".join(fold(text).replace('"', " ").replace("«", " ").replace("»", " ").split())


def is_visit(request: HttpRequest) -> bool:
    """Whether a person asks: not a robot, not a page fetched ahead or previewed, not one of the site's own people."""
    asked_ahead = any(
        word in request.META.get(name, "").lower() for name in _AHEAD for word in ("prefetch", "preview", "prerender")
    )
    browser = request.META.get("HTTP_USER_AGENT", "")
    return (
        request.method == "GET"
        and bool(browser)
        and not asked_ahead
        and not getattr(request, "is_preview", False)
        and not _ROBOT.search(browser)
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def count(request: HttpRequest, place: Place, text: str, found: int) -> None:
    """Count a question asked at a place, unless it looks personal or no visitor asked it. One statement.

    Never fails: a page of results is worth more than a figure.

    Args:
        text: what was typed.
        found: how many results were shown, promoted answers included.
    """
    words = normalised(text)
    if not words or looks_personal(text) or not is_visit(request):
        return
    values = {
        "day": timezone.localdate(),
        "groupement": place.groupement.pk if place.groupement else None,
        "language": place.locale.language_code,
        "words": words,
        "unanswered": int(found == 0),
        "found": found,
        "most": MAX_QUESTIONS_A_DAY,
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_SQL.format(table=connection.ops.quote_name(QueryCount._meta.db_table)), values)
    except DatabaseError:
        logger.warning("a search was not counted", exc_info=True)
