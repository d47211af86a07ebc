from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from exchanges.checking import history
from exchanges.checking.screens import CheckRoundViewSet, ChecksMenuItem, ChecksPanel, notes_on
from exchanges.corrections import proposing
from exchanges.corrections import urls as correction_urls
from exchanges.corrections.screens import CorrectionsMenuItem, CorrectionsPanel, CorrectionViewSet
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
    panels[:0] = [RequestsPanel(), CorrectionsPanel(), ChecksPanel()]


@hooks.register("register_admin_viewset")
def register_checks():
    return CheckRoundViewSet()


@hooks.register("register_admin_menu_item")
def checks_in_menu():
    return ChecksMenuItem(_("Checks"), reverse("checkround:index"), name="checks", icon_name="circle-check", order=7)


@hooks.register("register_log_actions")
def register_history_of_checks(actions):
    history.register(actions)


@hooks.register("before_edit_page")
def corrections_asked(request, page):
    """Above the form of a page: what somebody said is to be corrected there."""
    if request.method == "GET":
        for item in notes_on(page):
            sentence = gettext("To correct (%(title)s): %(note)s") % {"title": item.title, "note": item.note}
            messages.warning(request, sentence)


@hooks.register("register_admin_viewset")
def register_corrections():
    return CorrectionViewSet()


@hooks.register("register_admin_urls")
def register_proposing():
    return correction_urls.urlpatterns


@hooks.register("register_admin_menu_item")
def corrections_in_menu():
    return CorrectionsMenuItem(
        _("Corrections"), reverse("correction:index"), name="corrections", icon_name="edit", order=7
    )


hooks.register("frame_blocks_beside", proposing.beside_blocks)
hooks.register("frame_tabs", proposing.tabs)
