"""“Passation”: what a successor must know, on one page to print."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.models import Page, WorkflowState

from core.models import checked_page_types
from regions import delegation, people
from regions.models import Groupement, Invitation, Mandate
from regions.roles import RoleCode


def below(groupement: Groupement) -> Q:
    """The condition for the pages of a groupement, in every language."""
    condition = Q(pk__in=[])
    for root in groupement.roots.all():
        condition |= Q(path__startswith=root.path)
    return condition


def drafts(groupement: Groupement) -> list[Page]:
    """What is written and not published, the oldest first."""
    unpublished = Page.objects.filter(below(groupement)).filter(Q(live=False) | Q(has_unpublished_changes=True))
    return list(unpublished.order_by("latest_revision_created_at"))


def submitted(groupement: Groupement) -> set[str]:
    """Primary keys, as text, of the pages that wait for approval."""
    waiting = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
    return set(waiting.values_list("object_id", flat=True))


def due_checks(groupement: Groupement) -> list[Page]:
    """The published pages whose next check has come, the most overdue first."""
    today = timezone.localdate()
    found: list[Page] = []
    for model in checked_page_types():
        found += model.objects.filter(below(groupement), live=True, next_check_on__lte=today)
    return sorted(found, key=lambda page: page.next_check_on)


class HandoverView(TemplateView):
    """The sheet of a groupement, for its référent, the zone's and the administrators. Another's is a 404."""

    template_name = "home/admin/handover.html"

    def dispatch(self, request, *args, **kwargs):
        keepers = delegation.team_groupements(request.user)
        # Before the method is looked at: another's sheet is absent, not forbidden to be written.
        self.groupement = get_object_or_404(keepers.select_related("zone", "fallback"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        groupement = self.groupement
        waiting = submitted(groupement)
        model = apps.get_model("resources", "EventPage")
        events = model.objects.filter(below(groupement), live=True)
        team = Mandate.objects.not_over().held_at(groupement).select_related("person").order_by("role", "ends_on")
        zone = people.holders(RoleCode.ZONE_REFERENT, zone=groupement.zone) if groupement.zone_id else []
        return super().get_context_data(
            groupement=groupement,
            today=timezone.localdate(),
            drafts=[
                {
                    "title": page.get_admin_display_title(),
                    "url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
                    "is_new": not page.live,
                    "is_submitted": str(page.pk) in waiting,
                    "last": page.latest_revision_created_at,
                }
                for page in drafts(groupement)
            ],
            checks=[
                {"page": page, "url": reverse("wagtailadmin_pages:edit", args=[page.pk])}
                for page in due_checks(groupement)
            ],
            events=[
                {"event": event, "url": reverse("wagtailadmin_pages:edit", args=[event.pk])}
                for event in model.on_next_dates(list(events.soonest_first()))
            ],
            team=team,
            invitations=Invitation.objects.open().held_at(groupement),
            zone_referents=zone,
            team_url=reverse("team", args=["groupement", groupement.pk]),
            **kwargs,
        )
