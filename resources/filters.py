"""Filters of listings: plain GET forms that ignore what they cannot read, and say so."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.text import fold

MAX_TEXT_LENGTH = 100


class TextField(forms.CharField):
    """Free words; at most 100 characters are a question, more are rubbish."""

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "max_length": MAX_TEXT_LENGTH, "strip": True, **kwargs})
        self.widget.attrs["type"] = "search"


class TermField(forms.ModelChoiceField):
    """One entry of a closed national list, by its code."""

    def __init__(self, model, **kwargs):
        kwargs = {"required": False, "to_field_name": "code", "empty_label": _("All"), **kwargs}
        super().__init__(model.objects.all(), **kwargs)

    def to_python(self, value):
        # A NUL character cannot be sent to PostgreSQL.
        if isinstance(value, str) and "\x00" in value:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class FilterForm(forms.Form):
    """Base of all filters: what is not understood is left out, with a sentence that says so."""

    use_required_attribute = False

    def __init__(self, data, **kwargs):
        super().__init__(data, **{"label_suffix": "", "auto_id": "filtre_%s", **kwargs})
        self.is_valid()
        for name in self.errors:
            self.cleaned_data[name] = None

    @property
    def notices(self) -> list[str]:
        """One sentence for each choice that was left out."""
        return [
            gettext("“%(field)s” was not understood and has been left out.") % {"field": self.fields[name].label}
            for name in self.errors
            if name in self.fields
        ]

    @property
    def is_filtering(self) -> bool:
        """Whether the visitor chose anything."""
        return any(self.cleaned_data.get(name) for name in self.fields)

    def chosen(self, name: str):
        """What the visitor chose for a field; ``None`` or an empty value for nothing."""
        return self.cleaned_data.get(name)


def matching(queryset: QuerySet, text: str, *fields: str) -> QuerySet:
    """Narrow a queryset to the rows that hold every word of ``text`` in one of ``fields``."""
    for word in text.split()[:8]:
        condition = Q()
        for field in fields:
            condition |= Q(**{f"{field}__icontains": word})
        queryset = queryset.filter(condition)
    return queryset


def folded_match(queryset: QuerySet, text: str, field: str) -> QuerySet:
    """Narrow a queryset to the rows whose folded ``field`` holds every word of ``text``, accents apart."""
    for word in fold(text).split()[:8]:
        queryset = queryset.filter(**{f"{field}__contains": word})
    return queryset
