from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from exchanges.screens import CallbackViewSet, RequestsMenuItem, RequestsPanel


@hooks.register("register_admin_viewset")
def register_requests():
    return CallbackViewSet()


@hooks.register("register_admin_menu_item")
def requests_in_menu():
    return RequestsMenuItem(
        _("Requests"), reverse("callbackrequest:index"), name="callback-requests", icon_name="mail", order=5
    )


# After the first screen was emptied of Wagtail's own panels.
@hooks.register("construct_homepage_panels", order=200)
def who_waits_first(request, panels):
    panels.insert(0, RequestsPanel())
