"""Addresses and menu entries of the screens about people, below /admin/."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from regions import delegation
from regions.admin import devices, kept_mail, network_state, site_tasks, team
from regions.permissions import user_can_manage_network

urlpatterns = [
    path("equipe/", team.TeamIndexView.as_view(), name="team_index"),
    path("equipe/nation/", team.TeamView.as_view(), name="team_nation"),
    path("equipe/<str:kind>/<int:pk>/", team.TeamView.as_view(), name="team"),
    path("equipe/mandat/<int:pk>/role/", team.RoleChangeView.as_view(), name="team_role"),
    path("equipe/mandat/<int:pk>/fin/", team.MandateEndView.as_view(), name="team_end"),
    path("equipe/invitation/<int:pk>/retirer/", team.InvitationWithdrawView.as_view(), name="team_withdraw"),
    path("etat-du-reseau/", network_state.NetworkStateView.as_view(), name="network_state"),
    path("mandats-qui-finissent/", network_state.EndingMandatesView.as_view(), name="ending_mandates"),
    path("courriels/", kept_mail.KeptMailView.as_view(), name="kept_mail"),
    path("taches/", site_tasks.SiteTasksView.as_view(), name="site_tasks"),
    path("appareils-perdus/", devices.DeviceResetsView.as_view(), name="device_resets"),
    path("appareils-perdus/<int:pk>/", devices.DeviceResetAnswerView.as_view(), name="device_reset_answer"),
]


class TeamMenuItem(MenuItem):
    """“Équipe”, for whoever keeps one."""

    def is_shown(self, request) -> bool:
        user = request.user
        return delegation.team_groupements(user).exists() or delegation.team_zones(user).exists()


class NetworkMenuItem(MenuItem):
    """For national administrators."""

    def is_shown(self, request) -> bool:
        return user_can_manage_network(request.user)


def menu_items() -> list[MenuItem]:
    """The entries of the main menu."""
    return [
        TeamMenuItem(_("Team"), reverse("team_index"), name="team", icon_name="group", order=60),
        NetworkMenuItem(
            _("State of the network"), reverse("network_state"), name="network-state", icon_name="list-ul", order=590
        ),
    ]
