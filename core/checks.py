"""Conventions of the house as Django system checks."""

from __future__ import annotations

from django.core.checks import Error, register
from wagtail.models import get_page_models

from core.models import BasePage

PROJECT_APPS = frozenset({"home", "regions", "resources"})


@register("mara")
def page_types_extend_the_base(app_configs, **kwargs) -> list[Error]:
    """Every page type of the project extends ``core.BasePage`` and says where it may live."""
    errors = []
    for model in get_page_models():
        if model._meta.app_label not in PROJECT_APPS:
            continue
        if not issubclass(model, BasePage):
            errors.append(Error(f"{model._meta.label} must extend core.models.BasePage", obj=model, id="mara.E001"))
        for attribute in ("parent_page_types", "subpage_types"):
            if attribute not in vars(model):
                errors.append(Error(f"{model._meta.label} must declare {attribute}", obj=model, id="mara.E002"))
    return errors
