"""Screens of the records that cannot be pages: list, export, detail, change, deletion; 404 out of scope.

A subclass says its model and its columns; that is all::

    class CallbackViewSet(RecordViewSet):
        model = CallbackRequest
        actions = frozenset({"change", "delete"})
        form_fields = ("state", "note")
        list_display = ("name", "asked_on", "state")
        list_filter = ("state", "groupement")
        list_export = ("name", "phone", "asked_on")

Registered by ``register_admin_viewset``, it brings its own rules of the guard, its policy and its menu entry.
"""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.http import Http404, HttpRequest
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from regions.admin import guard
from regions.admin.guard.checks import number
from regions.admin.scoped.filters import ScopedFilters, narrowed
from regions.reach import Reach, reach_of

# What begins a formula in a spreadsheet: a cell that a stranger typed must not run in the référent's.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class RecordPolicy(BasePermissionPolicy):
    """Rights over records, read from the places a person answers for, never from Django's permissions.

    Args:
        model: a ``GroupementRecord``.
        actions: what its screens offer besides seeing: ``add``, ``change``, ``delete``.
    """

    def __init__(self, model, actions: frozenset[str]) -> None:
        super().__init__(model)
        self.actions = actions | {"view"}

    def user_has_permission(self, user, action) -> bool:
        if action not in self.actions or not user.is_authenticated or not user.is_active:
            return False
        reach = reach_of(user)
        ids = reach.groupement_ids if self.model.contributors_see_it else reach.answered_groupement_ids
        return reach.everything or reach.holds_nation or bool(ids)

    def user_has_permission_for_instance(self, user, action, instance) -> bool:
        return self.user_has_permission(user, action) and self._rows(user).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user, actions):
        return self._rows(user) if self.user_has_any_permission(user, actions) else self._rows(user).none()

    def _rows(self, user):
        return self.model._default_manager.for_user(user)


class ScopedRecordMixin:
    """A view on the caller's records only. For views of one's own as well as for those below.

    Whoever may not enter, and whatever row is out of scope, is a 404: never a refusal that says it exists.
    """

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not self.permission_policy.user_has_permission(request.user, "view"):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        """What lists begin with."""
        return self.model._default_manager.for_user(self.request.user)


class ScopedRowMixin(ScopedRecordMixin):
    """A view on one of the caller's records."""

    def get_queryset(self):
        """Where Django's views of one row look it up."""
        return self.get_base_queryset()


class ScopedFormMixin(ScopedRowMixin):
    """A form whose choices are within reach; a single place is not asked for."""

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        reach = reach_of(self.request.user)
        for field in form.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = narrowed(field.queryset, reach)
        place = form.fields.get("groupement")
        if place is not None and not reach.holds_nation:
            place.required = True
            place.empty_label = None
        return form


class RecordIndexView(ScopedRecordMixin, generic.IndexView):
    """The list and its export."""

    base_filterset_class = type("RecordFilterSet", (ScopedFilters, WagtailFilterSet), {})

    def to_row_dict(self, item):
        row = super().to_row_dict(item)
        return {
            field: f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
            for field, value in row.items()
        }


class RecordCreateView(ScopedFormMixin, generic.CreateView):
    """A record typed by whoever answers for its place."""


class RecordEditView(ScopedFormMixin, generic.EditView):
    """One record."""


class RecordDeleteView(ScopedRowMixin, generic.DeleteView):
    """Removes one record."""


class RecordInspectView(ScopedRowMixin, generic.InspectView):
    """One record, to read."""

    def get_object(self, queryset=None):
        found = self.get_base_queryset().filter(pk=number(self.pk)).first()
        if found is None:
            raise Http404
        return found


class RecordViewSet(ModelViewSet):
    """Base of the screens of a :class:`regions.models.GroupementRecord`.

    Attributes:
        actions: among ``add``, ``change``, ``delete``: what is offered besides seeing. An address that is
            not offered does not exist.
    """

    actions: frozenset[str] = frozenset({"change", "delete"})
    add_to_reference_index = False  # "where is it used" would show one's registrations to another
    copy_view_enabled = False
    search_backend_name = None
    sort_order_field = None
    index_view_class = RecordIndexView
    add_view_class = RecordCreateView
    edit_view_class = RecordEditView
    delete_view_class = RecordDeleteView
    inspect_view_class = RecordInspectView

    def on_register(self) -> None:
        register_permission_policy(self.model, RecordPolicy(self.model, self.actions), exact_class=True)
        guard.register(self.guard_rules())
        super().on_register()

    def get_permissions_to_register(self):
        """None: a model permission given to a group would open the rows of every groupement."""
        return super().get_permissions_to_register().none()

    def guard_rules(self) -> dict[str, guard.Rule]:
        """The outer wall; a subclass that adds an address adds its rule."""
        policy = RecordPolicy(self.model, self.actions)

        def enters(reach: Reach, request: HttpRequest, kwargs: Mapping) -> bool:
            return policy.user_has_permission(reach.user, "view")

        def own_record(reach: Reach, value, kwargs: Mapping) -> bool:
            pk = number(value)
            return pk is not None and self.model._default_manager.for_user(reach.user).filter(pk=pk).exists()

        rows = guard.Rule(ids={"pk": own_record}, request=enters)
        alone = guard.Rule(request=enters)
        return {
            self.get_url_name(pattern.name): rows if "pk" in pattern.pattern.regex.groupindex else alone
            for pattern in self.get_urlpatterns()
        }

    def get_common_view_kwargs(self, **kwargs):
        absent = {"history_url_name": None, "usage_url_name": None}
        absent |= {f"{name}_url_name": None for name in ("add", "edit", "delete") if not self._offers(name)}
        return super().get_common_view_kwargs(**absent | kwargs)

    def get_urlpatterns(self):
        gone = {"history", "history_results", "usage"} | {
            name for name in ("add", "edit", "delete") if not self._offers(name)
        }
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in gone]

    def _offers(self, view: str) -> bool:
        return {"edit": "change"}.get(view, view) in self.actions
