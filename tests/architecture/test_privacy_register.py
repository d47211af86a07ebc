"""Every field about a person is in the register of docs/privacy.md, and the register names no field that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from core.phones import PhoneField

REGISTER = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"
OURS = frozenset(
    {"core", "dashboards", "demo", "exchanges", "home", "hosting", "regions", "resources", "search", "users"}
)
NAMED_LIKE_A_PERSON = ("_name", "_by")
WRITTEN = re.compile(r"`(\w+\.[A-Z]\w+\.\w+)`")


def fields() -> dict[str, models.Field]:
    """Every stored field of the installation, by ``app.Model.field`` of the model that declares it."""
    return {
        f"{field.model._meta.label}.{field.name}": field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "concrete", False)
    }


def is_personal(field: models.Field) -> bool:
    """Whether a field says who somebody is, or how to reach them.

    Ties to an account count in every application; the rest in ours, where we choose the fields.
    """
    if field.is_relation:
        return field.related_model is get_user_model()
    if field.model._meta.app_label not in OURS:
        return False
    return isinstance(field, models.EmailField | PhoneField) or field.name.endswith(NAMED_LIKE_A_PERSON)


def registered() -> set[str]:
    return set(WRITTEN.findall(REGISTER.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", sorted(name for name, field in fields().items() if is_personal(field)))
def test_personal_field__whatever_its_model__is_in_the_register(name):
    assert name in registered(), f"say in docs/privacy.md why {name} is kept, and until when"


def test_register__every_field_it_names__exists():
    assert registered() - fields().keys() == set()


def test_personal_fields__those_everybody_thinks_of__are_recognised():
    found = {name for name, field in fields().items() if is_personal(field)}
    assert {"users.User.email", "regions.Mandate.person", "resources.ContactPhone.number"} <= found
    assert "resources.ContactPage.title" not in found
