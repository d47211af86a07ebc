"""Screens of the network: groupements and mandates for administrators, coordinates for référents."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.views import generic

from regions import mandates, rights, scope, services
from regions.models import Groupement, Mandate


class GroupementIndexView(generic.IndexView):
    """The groupements, each with its zone without asking for it."""

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("zone")


class GroupementCreateView(generic.CreateView):
    """Makes a groupement whole, in one step."""

    def save_instance(self):
        data = dict(self.form.cleaned_data)
        return services.provision_groupement(**data)


class GroupementEditView(generic.EditView):
    """Changes a groupement; its zone's rights follow."""

    @transaction.atomic
    def save_instance(self):
        groupement = super().save_instance()
        rights.sync_groupement(groupement)
        rights.sync_reviewers(groupement)
        return groupement


class ZoneDeleteView(generic.DeleteView):
    """Removes a zone that has no groupement any more."""

    def form_valid(self, form):
        if self.object.groupements.exists():
            messages.error(self.request, _("This zone still has groupements: give them another zone first."))
            return HttpResponseRedirect(self.get_success_url())
        return super().form_valid(form)


class MandateCreateView(generic.CreateView):
    """Gives a role; access follows at once."""

    @transaction.atomic
    def save_instance(self):
        mandate = super().save_instance()
        mandates.follow(mandate)
        return mandate


class MandateEditView(generic.EditView):
    """Changes a mandate; access follows at once, for the former holder too."""

    @transaction.atomic
    def save_instance(self):
        former = Mandate.objects.select_related("person").get(pk=self.object.pk)
        mandate = super().save_instance()
        # Access follows for the former holder, and the state of the former place too.
        mandates.follow(former)
        mandates.follow(mandate)
        return mandate


class MandateDeleteView(generic.DeleteView):
    """Removes a mandate given by mistake; access goes with it."""

    @transaction.atomic
    def delete_action(self):
        mandate = Mandate.objects.select_related("person", "groupement", "zone").get(pk=self.object.pk)
        super().delete_action()
        mandates.follow(mandate)


class CoordinatesView(generic.EditView):
    """Where a référent keeps what visitors call and write to. Another's groupement is a 404."""

    model = Groupement
    template_name = "wagtailadmin/generic/form.html"
    header_icon = "mail"
    page_title = _("Our coordinates")
    index_url_name = None
    edit_url_name = "groupement_coordinates"
    success_message = _("The coordinates of “%(object)s” are up to date.")
    error_message = _("The coordinates could not be saved: see below.")
    panel = ObjectList(
        [
            *Groupement.coordinates_panels,
            FieldPanel("accent", help_text=_("The colour of your subsite.")),
        ]
    ).bind_to_model(Groupement)
    # Whether the person holds the groupement is decided in get_object().
    permission_policy = None

    def get_object(self, queryset=None):
        return get_object_or_404(scope.managed_groupements(self.request.user), pk=self.kwargs["pk"])

    def get_edit_url(self):
        return reverse(self.edit_url_name, args=[self.object.pk])

    def get_success_url(self):
        return reverse("wagtailadmin_home")

    def get_delete_url(self):
        return None

    def get_breadcrumbs_items(self):
        return [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, {"url": "", "label": self.page_title}]
