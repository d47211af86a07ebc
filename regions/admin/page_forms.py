"""The form of every page type: it refuses to point at what its author may not choose."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _
from wagtail.models import ReferenceIndex

from core.forms import BasePageForm
from regions.admin import references

REFUSED = _(
    "This points at something that you may not use: it belongs to another groupement, or it is not published. "
    "It was taken out of what you wrote; the rest is kept. Choose another one, then save again."
)


class GuardedPageForm(BasePageForm):
    """``base_form_class`` of the network's pages.

    What the page pointed at already stays allowed: somebody with more rights put it there.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._already = _held_by(self.instance) if self.instance.pk else set()

    def is_valid(self) -> bool:
        from regions.reach import reach_of  # here: the models import this form, and it asks the models

        valid = super().is_valid()
        if not self.is_bound or self.for_user is None:
            return valid
        reach = reach_of(self.for_user)
        if reach.everything:
            return valid
        # Whether or not the rest is right: an invalid form is shown again, with the titles of what was chosen.
        refused = self._refuse(self, reach)
        for formset in self.formsets.values():
            for form in formset.forms:
                refused = self._refuse(form, reach) or refused
        return valid and not refused

    def _refuse(self, form, reach) -> bool:
        """Put an error on each field of ``form`` that points out of reach, and take the choice out of it."""
        found = False
        for name, form_field in form.fields.items():
            field = _model_field(form.instance, name)
            if field is None or form_field.disabled:
                continue
            value = form[name].value()
            refused = [
                reference
                for reference in references.of_value(field, value)
                if reference.key not in self._already and not references.is_within(reach, reference)
            ]
            if refused:
                found = True
                kept = references.without(field, value, refused, form.get_initial_for_field(form_field, name))
                form_field.bound_data = _always(kept)
                form.add_error(name, REFUSED)
        return found


def _always(value):
    """Stands for a field's ``bound_data``: what is shown again when the form was refused."""

    def bound_data(data, initial):
        return value

    return bound_data


def _model_field(instance, name: str):
    try:
        return instance._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _held_by(instance) -> set[tuple[str, str]]:
    """What a page points at, its rows included."""
    found = set()
    for content_type_id, pk, _model_path, _content_path in ReferenceIndex._extract_references_from_object(instance):
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        found.add(references.Reference(model, str(pk)).key)
    return found
