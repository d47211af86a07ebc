"""“État du réseau”: every groupement with its référents, state, last activity and end of mandate."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Max
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.models import Page

from core.tasks import keeping
from regions.admin.access import NetworkManagerMixin
from regions.admin.team import team_url
from regions.models import Groupement, Mandate
from regions.places import HOME_DEPTH, HOME_PATH_LENGTH
from regions.roles import RoleCode
from users import mail_queue

SOON_DAYS = 60
QUIET_DAYS = 180


def last_activity() -> dict[str, dt.datetime]:
    """The moment of the last draft or publication below each home, by the home's tree path; one query."""
    rows = (
        Page.objects.filter(depth__gte=HOME_DEPTH)
        .annotate(home_path=Substr("path", 1, HOME_PATH_LENGTH))
        .values("home_path")
        .annotate(last=Max("latest_revision_created_at"))
        .order_by()
    )
    return {row["home_path"]: row["last"] for row in rows}


def state_rows() -> list[dict]:
    """One row for each groupement; the same number of queries for three and for a hundred."""
    referents: dict[int, list[Mandate]] = defaultdict(list)
    current = Mandate.objects.current().filter(role=RoleCode.REFERENT).select_related("person")
    for mandate in current.order_by("ends_on", "pk"):
        referents[mandate.groupement_id].append(mandate)
    activity = last_activity()
    today, now = timezone.localdate(), timezone.now()
    rows = []
    for groupement in Groupement.objects.select_related("zone").prefetch_related("roots").order_by("name"):
        held = referents[groupement.pk]
        moments = [activity[root.path] for root in groupement.roots.all() if activity.get(root.path)]
        last = max(moments, default=None)
        ends = [mandate.ends_on for mandate in held if mandate.ends_on]
        # The groupement is led as long as one of its référents is.
        ends_on = max(ends) if held and len(ends) == len(held) else None
        rows.append(
            {
                "groupement": groupement,
                "referents": [mandate.person for mandate in held],
                "is_vacant": groupement.status == Groupement.Status.VACANT or not held,
                "last": last,
                "is_quiet": last is None or (now - last).days > QUIET_DAYS,
                "ends_on": ends_on,
                "ends_soon": ends_on is not None and (ends_on - today).days <= SOON_DAYS,
                "team_url": team_url(groupement),
                "handover_url": reverse("handover", args=[groupement.pk]),
            }
        )
    return rows


class NetworkStateView(NetworkManagerMixin, TemplateView):
    """Every groupement at a glance."""

    template_name = "regions/admin/network_state.html"

    def get_context_data(self, **kwargs):
        rows = state_rows()
        return super().get_context_data(
            rows=rows,
            vacant=sum(row["is_vacant"] for row in rows),
            unsent=mail_queue.given_up().count(),
            undone=keeping.given_up().count(),
            ending=Mandate.objects.ending_within(SOON_DAYS).count(),
            **kwargs,
        )


class EndingMandatesView(NetworkManagerMixin, TemplateView):
    """The mandates that end within sixty days, the nearest first."""

    template_name = "regions/admin/ending_mandates.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        mandates = Mandate.objects.ending_within(SOON_DAYS).select_related("person", "groupement", "zone")
        rows = [
            {"mandate": mandate, "days": (mandate.ends_on - today).days, "team_url": team_url(mandate.place)}
            for mandate in mandates
        ]
        return super().get_context_data(rows=rows, days=SOON_DAYS, **kwargs)
