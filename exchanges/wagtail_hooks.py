from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from exchanges.registrations.models import Registration
from exchanges.registrations.screens import ACTIONS, RegistrationViewSet
from exchanges.screens import CallbackViewSet, RequestsMenuItem, RequestsPanel
from regions.admin.records import RecordPolicy


@hooks.register("register_admin_viewset")
def register_requests():
    return CallbackViewSet()


@hooks.register("register_admin_menu_item")
def requests_in_menu():
    return RequestsMenuItem(
        _("Requests"), reverse("callbackrequest:index"), name="callback-requests", icon_name="mail", order=5
    )


@hooks.register("register_admin_viewset")
def register_registrations():
    return RegistrationViewSet()


class RegistrationsMenuItem(MenuItem):
    """“Inscriptions”, for those who answer for a place."""

    policy = RecordPolicy(Registration, ACTIONS)

    def is_shown(self, request) -> bool:
        return self.policy.user_has_permission(request.user, "view")


@hooks.register("register_admin_menu_item")
def registrations_in_menu():
    return RegistrationsMenuItem(
        _("Registrations"), reverse("registration:dates"), name="registrations", icon_name="group", order=6
    )


# After the first screen was emptied of Wagtail's own panels.
@hooks.register("construct_homepage_panels", order=200)
def who_waits_first(request, panels):
    panels.insert(0, RequestsPanel())
