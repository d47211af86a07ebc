"""Telephone numbers: typed as French people write them, stored in E.164, shown in groups of two.

Source: ITU-T E.164; parsing and formatting by ``phonenumbers`` (Google's libphonenumber).
"""

from __future__ import annotations

import re

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

DEFAULT_REGION = "FR"
MAX_LENGTH = 20
# Numbers that are shown in groups of two without asking the library, which takes its time: not 08, grouped otherwise.
_FRENCH = re.compile(r"\+33([1-79])(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)


def to_e164(value: str) -> str:
    """Return ``value`` as an E.164 number, reading it as a French one when it has no country prefix.

    Raises:
        ValidationError: when the text cannot be a telephone number.
    """
    text = value.strip()
    if not text:
        return ""
    try:
        number = phonenumbers.parse(text[:64], DEFAULT_REGION)
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_("Write a telephone number such as 02 98 00 00 00."), code="invalid") from error
    # "possible" rather than "valid": the numbers reserved for fiction are not allocated, and operators
    # open new ranges faster than the library's tables follow.
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(_("Write a telephone number such as 02 98 00 00 00."), code="invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def to_national(value: str) -> str:
    """Return an E.164 number as a French reader expects it: ``02 98 00 00 00``, or ``+32 2 555 12 12``."""
    if not value:
        return ""
    if plain := _FRENCH.fullmatch(value):
        return "0" + " ".join(plain.groups())
    try:
        number = phonenumbers.parse(value, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return value
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == phonenumbers.country_code_for_region(DEFAULT_REGION)
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)


class PhoneFormField(forms.CharField):
    """Form field: accepts any French writing of a number and gives back E.164."""

    def prepare_value(self, value):
        return to_national(value) if value else value

    def clean(self, value):
        return to_e164(super().clean(value))


class PhoneField(models.CharField):
    """A telephone number stored in E.164, as a string of at most 20 characters."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def clean(self, value, model_instance):
        return to_e164(super().clean(value or "", model_instance))

    def formfield(self, **kwargs):
        # The typed text may be longer than the stored number: spaces, dots, brackets.
        return super().formfield(**{"form_class": PhoneFormField, **kwargs, "max_length": 40})
