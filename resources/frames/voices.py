"""On the national site: what the groupements answer to a page, some at a time.

The database chooses, counts and cuts, whatever the number of groupements that answered: three queries.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import reduce
from operator import or_

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Left
from wagtail.models import Page

from regions import visibility
from regions.models import Groupement
from regions.places import HOME_PATH_LENGTH, Place, relative_path
from resources.frames.answers import WHOLE_PAGE, Answer, Answers, Slot
from resources.frames.blocks import ANSWER, LEFT_OUT

SHOWN = 12
PARAMETER = "groupements"
LONGEST = 4  # figures in the number of a page
# Some letter outside of any mark.
WORDS = r"(^|>)[^<]*[^<[:space:]]"


def voices(national, place: Place) -> PaginatorPage:
    """The published pages in which groupements answer a national one, by name: some of them, as the address asks.

    Each has ``href`` and ``words``. Those of a groupement whose site is closed are left out: they are kept, and nobody
    could open them.
    """
    paginator = Paginator(_rows(national, place), SHOWN)
    asked = place.request.GET.get(PARAMETER, "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST else 1
    shown = paginator.page(min(max(1, number), paginator.num_pages))
    pages = visibility.present(shown.object_list, place)
    for page in pages:
        page.words = words(page.given, national.slots)
        # Read inside the national page, at its address in the groupement's subsite.
        page.href = page.href.removesuffix(relative_path(page)) + relative_path(national)
    shown.object_list = pages
    return shown


def words(given: Answers, slots: list[Slot]) -> list[Answer]:
    """What a groupement wrote to the slots that are still asked and that it does not leave out."""
    if given.whole_page:
        return []
    asked = [given.given.get(slot.id) for slot in slots if slot.id not in given.left_out]
    titles = {slot.id: slot.title for slot in slots}
    return [replace(answer, title=titles[answer.slot]) for answer in asked if answer and answer.has_words]


def _rows(national, place: Place) -> QuerySet:
    """The pages of answers in which visitors read words; the condition is :func:`words`, asked of the database."""
    model = type(national)
    rows = model.objects.filter(completes=national.translation_key, path__startswith=place.network_path, live=True)
    rows = rows.exclude(path__startswith=place.home.path)
    for path in visibility.restricted_paths(place):
        rows = rows.exclude(path__startswith=path)
    written = [_says(slot.id) & ~_leaves_out(slot.id) for slot in national.slots]
    rows = rows.filter(reduce(or_, written, Q(pk=None)), ~_leaves_out(WHOLE_PAGE))
    home = Page.objects.filter(path=OuterRef("home_path"), live=True)
    named = Groupement.objects.filter(roots__path=OuterRef("home_path")).values("name")
    rows = rows.alias(home_path=Left("path", HOME_PATH_LENGTH)).filter(Exists(home))
    return rows.annotate(groupement_name=Subquery(named[:1])).order_by("groupement_name", "path")


def _says(slot: str) -> Q:
    text = f"@.value.text like_regex {json.dumps(WORDS)}"
    given = '@.value.person_name != "" || @.value.document > 0'
    return _has(f'@.type == "{ANSWER}" && @.value.slot == {json.dumps(slot)} && ({text} || {given})')


def _leaves_out(slot: str) -> Q:
    return _has(f'@.type == "{LEFT_OUT}" && @.value.slot == {json.dumps(slot)}')


def _has(condition: str) -> Q:
    """Whether one of the blocks of the answers is so, in the database's own language for that."""
    path = Value(f"$[*] ? ({condition})")
    return Q(_Has(F("answers"), path))


class _Has(Func):
    function = "jsonb_path_exists"
    template = "%(function)s(%(expressions)s::jsonpath)"
    output_field = BooleanField()
