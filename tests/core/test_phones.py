"""Telephone numbers: typed as one likes, stored in E.164, shown as the French write them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from core.phones import MAX_LENGTH, PhoneFormField, to_e164, to_national
from regions.models import Groupement

TYPED = {
    "02 98 00 00 00": ("+33298000000", "02 98 00 00 00"),
    "0298000000": ("+33298000000", "02 98 00 00 00"),
    "02.98.00.00.00": ("+33298000000", "02 98 00 00 00"),
    "02-98-00-00-00": ("+33298000000", "02 98 00 00 00"),
    " 02 98 00 00 00 ": ("+33298000000", "02 98 00 00 00"),
    "02\u00a098\u00a000\u00a000\u00a000": ("+33298000000", "02 98 00 00 00"),
    "+33 2 98 00 00 00": ("+33298000000", "02 98 00 00 00"),
    "+33 (0)2 98 00 00 00": ("+33298000000", "02 98 00 00 00"),
    "0033298000000": ("+33298000000", "02 98 00 00 00"),
    "06 39 98 12 34": ("+33639981234", "06 39 98 12 34"),
    "01 99 00 00 01": ("+33199000001", "01 99 00 00 01"),
    "+32 2 555 12 12": ("+3225551212", "+32 2 555 12 12"),
    "+262 262 12 34 56": ("+262262123456", "+262 262 12 34 56"),
    "": ("", ""),
    "   ": ("", ""),
}
REFUSED = ("abc", "12", "02 98", "+", "0" * 60, "02 98 00 00 00 00 00 00", "tel:", "\x00", "=1+1", "<b>02</b>")


@pytest.mark.parametrize("typed", TYPED, ids=lambda typed: typed or "nothing")
def test_phone__as_typed__is_stored_and_shown_as_the_table_says(typed):
    stored = to_e164(typed)
    shown = to_national(stored).replace("\u00a0", " ")
    assert (stored, shown) == TYPED[typed]
    assert len(stored) <= MAX_LENGTH


@pytest.mark.parametrize("typed", REFUSED)
def test_phone__not_a_number__is_refused(typed):
    with pytest.raises(ValidationError):
        to_e164(typed)


@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=80))
def test_phone__any_text__is_a_number_or_refused(text):
    try:
        stored = to_e164(text)
    except ValidationError:
        return
    assert stored == "" or (stored[0] == "+" and stored[1:].isdigit() and stored.isascii())
    assert to_e164(to_national(stored)) == stored, "what is shown can be typed again"


def test_phone__in_a_form__is_cleaned_and_shown_again_in_french():
    field = PhoneFormField(required=False)
    assert field.clean("02 98 00 00 00") == "+33298000000"
    assert field.prepare_value("+33298000000") == "02 98 00 00 00"
    assert field.clean("") == ""
    with pytest.raises(ValidationError):
        field.clean("rien")


def test_phone__of_a_model__is_cleaned_before_it_is_saved():
    groupement = Groupement(code="x", name="X", phone="02 98 00 00 00")
    groupement.full_clean(validate_unique=False, validate_constraints=False)
    assert groupement.phone == "+33298000000"


def test_phone__stored_long_ago_and_odd__is_shown_as_it_is():
    assert to_national("n'importe quoi") == "n'importe quoi"
    assert to_national("") == ""
