"""Filter forms read whatever they are given: what they cannot read is left out, and never breaks a listing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.http import urlencode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from home.forms import MAX_LENGTH, FinderForm
from regions.places import place_for
from resources.contacts.forms import ContactFilterForm
from resources.contacts.selectors import contacts
from resources.events import selectors as events
from resources.events.forms import EventFilterForm
from resources.filters import MAX_TEXT_LENGTH
from resources.guides.forms import GuideFilterForm
from resources.guides.selectors import guides
from resources.library.forms import LibraryFilterForm
from resources.library.selectors import resources
from resources.listing import paginate
from resources.partners.forms import PartnerFilterForm
from resources.partners.selectors import partners

LISTINGS = {
    "guides": (GuideFilterForm, guides),
    "contacts": (ContactFilterForm, contacts),
    "partners": (PartnerFilterForm, partners),
    "events": (EventFilterForm, events.listed),
    "resources": (LibraryFilterForm, resources),
}
NAMES = ("q", "theme", "audience", "situation", "place", "side", "category", "mode", "period", "view", "month", "kind")
VALUES = st.one_of(
    st.text(max_size=150),
    st.sampled_from(
        ["", "\x00", "'", "%", "_", "\\", "month", "past", "onsite", "29", "2027-03", "life", "\ud7ff", "a" * 101]
    ),
)
QUESTIONS = st.lists(st.tuples(st.sampled_from((*NAMES, "page", "level", "x")), VALUES), max_size=6)
bounded = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("name", sorted(LISTINGS))
@bounded
@given(question=QUESTIONS)
def test_filters__any_question__give_a_list(world, name, question):
    form_class, select = LISTINGS[name]
    request = RequestFactory().get("/", headers={"host": world.host(world.a)})
    request.GET = QueryDict(urlencode(question))
    place = place_for(request)
    form = form_class(request.GET)
    assert len(form.notices) == len(form.errors)
    assert all(form.chosen(field) in (None, "") for field in form.errors)
    assert len(paginate(select(place, form), request)) >= 0


@bounded
@given(text=st.text(max_size=80))
def test_month__any_text__is_a_first_day_or_left_out(db, text):
    form = EventFilterForm(QueryDict(urlencode({"view": "month", "month": text})))
    assert isinstance(form.first_day, dt.date)
    assert form.first_day.day == 1
    assert 2000 <= form.first_day.year <= 2100


@bounded
@given(text=st.text(max_size=90))
def test_finder__any_text__gives_a_bounded_question(text):
    form = FinderForm(QueryDict(urlencode({"q": text})))
    assert len(form.question) <= MAX_LENGTH


def test_text_filter__longest_question__is_read_and_one_more_character_is_not(db):
    assert GuideFilterForm(QueryDict(f"q={'a' * MAX_TEXT_LENGTH}")).chosen("q") == "a" * MAX_TEXT_LENGTH
    too_long = GuideFilterForm(QueryDict(f"q={'a' * (MAX_TEXT_LENGTH + 1)}"))
    assert too_long.chosen("q") is None
    assert len(too_long.notices) == 1
    assert not too_long.is_filtering
