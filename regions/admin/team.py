"""“Équipe”: who keeps a place, invitations, roles, ends of mandate. Another's team is a 404."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from regions import delegation, invitations, mandates
from regions.admin import finding
from regions.admin.team_forms import InvitationForm, RoleForm
from regions.models import Groupement, Invitation, Mandate, Zone
from regions.permissions import user_can_manage_network
from regions.roles import RoleCode

NATION = "nation"


def team_url(place) -> str:
    """The address of a place's team."""
    if isinstance(place, Groupement):
        return reverse("team", args=["groupement", place.pk])
    return reverse("team", args=["zone", place.pk]) if isinstance(place, Zone) else reverse("team_nation")


def place_or_404(user, kind: str, pk: int | None):
    """The place whose team the person sees; 404 for any other, and for none."""
    if kind == "groupement":
        return get_object_or_404(delegation.team_groupements(user), pk=pk)
    if kind == "zone":
        return get_object_or_404(delegation.team_zones(user), pk=pk)
    if kind == NATION and user_can_manage_network(user):
        return None
    raise Http404


def may_keep(user, row) -> bool:
    """Whether a person may change or end a mandate, or withdraw an invitation: they could have given it."""
    return delegation.can_give(user, row.role, row.place)


class ScopedTeamView(View):
    """A screen about people that is not there for whoever it is not for, whatever the method they try."""

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        self.find()
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> None:
        """Read what the screen is about.

        Raises:
            Http404: the person does not keep it, or there is no such thing.
        """
        raise NotImplementedError


class TeamIndexView(ScopedTeamView):
    """The teams that a person keeps; straight to the only one where there is only one."""

    def find(self) -> None:
        user = self.request.user
        self.groupements = delegation.team_groupements(user).order_by("name", "pk")
        self.zones = list(delegation.team_zones(user).order_by("name"))
        self.nation = user_can_manage_network(user)
        self.first = [*self.zones, *self.groupements[:2]]
        if not self.first and not self.nation:
            raise Http404

    def get(self, request: HttpRequest) -> HttpResponse:
        if len(self.first) == 1 and not self.nation:
            return redirect(team_url(self.first[0]))
        words = request.GET.get("q", "").replace("\x00", "")[:120]
        found = finding.named(self.groupements, words) if words else self.groupements
        page = finding.page_of(found, request.GET.get("page"))
        context = {
            "words": words,
            "page": page,
            "asked": finding.asked_beside_page(request.GET),
            "nation_url": team_url(None) if self.nation else "",
            "zones": [{"name": zone.name, "url": team_url(zone)} for zone in self.zones],
            "groupements": [{"name": row.name, "url": team_url(row)} for row in page],
        }
        return render(request, "regions/admin/team_index.html", context)


class TeamView(ScopedTeamView):
    """One team: its people, its invitations, and the form of a new one."""

    def setup(self, request, *args, kind: str = NATION, pk: int | None = None, **kwargs):
        super().setup(request, *args, **kwargs)
        self.kind, self.pk = kind, pk

    def find(self) -> None:
        self.place = place_or_404(self.request.user, self.kind, self.pk)

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self._show(self._form())

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = self._form(request.POST)
        if not form.fields:
            raise Http404
        if not form.is_valid():
            return self._show(form)
        invitations.invite(place=self.place, invited_by=request.user, **form.cleaned_data)
        messages.success(request, _("An invitation is on its way to %s.") % form.cleaned_data["email"])
        return redirect(team_url(self.place))

    def _form(self, data=None) -> InvitationForm:
        roles = delegation.givable_roles(self.request.user, self.place)
        return InvitationForm(data, roles=roles)

    def _show(self, form: InvitationForm) -> HttpResponse:
        user, place = self.request.user, self.place
        givable = delegation.givable_roles(user, place)
        team = Mandate.objects.not_over().held_at(place).filter(role__in=delegation.roles_at(place))
        context = {
            "place": place,
            "title": place.name if place else _("National team"),
            "rows": [
                {
                    "mandate": mandate,
                    "is_me": mandate.person_id == user.pk,
                    "role_form": RoleForm(roles=givable, initial={"role": mandate.role}, auto_id=f"r{mandate.pk}-%s")
                    if mandate.role in givable and len(givable) > 1
                    else None,
                    "may_end": mandate.role in givable,
                }
                for mandate in team.select_related("person").order_by("role", "person__last_name", "pk")
            ],
            "invitations": [
                {"invitation": row, "may_withdraw": row.role in givable}
                for row in Invitation.objects.open().held_at(place)
            ],
            "form": form if givable else None,
            "handover_url": reverse("handover", args=[place.pk]) if isinstance(place, Groupement) else "",
            "groupements": [
                {"name": row.name, "url": team_url(row), "status": row.get_status_display()}
                for row in place.groupements.order_by("name")
            ]
            if isinstance(place, Zone)
            else [],
        }
        return render(self.request, "regions/admin/team.html", context)


class MandateView(ScopedTeamView):
    """What is done to one mandate of a team one keeps; 404 for any other."""

    def find(self) -> None:
        rows = Mandate.objects.not_over().select_related("person", "groupement", "zone")
        self.mandate = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not may_keep(self.request.user, self.mandate):
            raise Http404


class RoleChangeView(MandateView):
    """Another role in the same place, among those that one may give."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        place = self.mandate.place
        form = RoleForm(request.POST, roles=delegation.givable_roles(request.user, place))
        if not form.is_valid():
            raise Http404
        mandates.change_role(mandate=self.mandate, role=form.cleaned_data["role"], by=request.user)
        messages.success(request, _("The role is changed, and what it opens with it."))
        return redirect(team_url(place) if self._still_mine(place) else reverse("wagtailadmin_home"))

    def _still_mine(self, place) -> bool:
        """Giving up one's own role may close the page that one is on."""
        return bool(delegation.givable_roles(self.request.user, place))


class MandateEndView(MandateView):
    """The end of a mandate, with what follows from it said first."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return render(request, "regions/admin/mandate_end.html", self._context())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        place, person = self.mandate.place, self.mandate.person
        mandates.end_mandate_now(mandate=self.mandate, by=request.user)
        messages.success(request, _("The mandate of %s has ended; access ended with it.") % person)
        mine = delegation.givable_roles(request.user, place)
        return redirect(team_url(place) if mine else reverse("wagtailadmin_home"))

    def _context(self) -> dict:
        mandate = self.mandate
        others = Mandate.objects.current().held_at(mandate.place).filter(role=mandate.role).exclude(pk=mandate.pk)
        is_last = mandate.role == RoleCode.REFERENT and mandate.is_current and not others.exists()
        return {
            "mandate": mandate,
            "is_me": mandate.person_id == self.request.user.pk,
            "is_last": is_last,
            "team_url": team_url(mandate.place),
            "handover_url": reverse("handover", args=[mandate.groupement_id]) if mandate.groupement_id else "",
        }


class InvitationWithdrawView(ScopedTeamView):
    """An invitation that must no longer work."""

    http_method_names = ("post",)

    def find(self) -> None:
        rows = Invitation.objects.open().select_related("groupement", "zone")
        self.invitation = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not may_keep(self.request.user, self.invitation):
            raise Http404

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitations.withdraw(invitation=self.invitation, by=request.user)
        messages.success(request, _("The invitation no longer works."))
        return redirect(team_url(self.invitation.place))
