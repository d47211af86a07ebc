"""“État du réseau”: every groupement with its référents, state, last activity and end of mandate; fifty at once."""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections import defaultdict
from collections.abc import Iterable

from django import forms
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.models import Page

from core.tasks import keeping
from regions.admin import finding
from regions.admin.access import NetworkManagerMixin
from regions.admin.team import team_url
from regions.models import Groupement, Mandate, Zone
from regions.places import HOME_DEPTH, HOME_PATH_LENGTH
from regions.roles import RoleCode
from users import mail_queue

SOON_DAYS = 60
QUIET_DAYS = 180
VACANT, QUIET, ENDING = "vacant", "quiet", "ending"


class StateForm(forms.Form):
    """What is looked for among the groupements; what cannot be read is left out."""

    q = forms.CharField(label=_("Name"), max_length=120, required=False)
    zone = forms.ModelChoiceField(
        Zone.objects.all(), label=_("Zone"), to_field_name="code", required=False, empty_label=_("All")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            (VACANT, _("without référent")),
            (ENDING, _("mandate that ends within sixty days")),
            (QUIET, _("nothing written for six months")),
        ],
    )

    @property
    def found(self) -> QuerySet[Groupement]:
        """The groupements that are looked for, by name."""
        self.is_valid()
        rows, chosen = Groupement.objects.order_by("name", "pk"), self.cleaned_data
        if words := chosen.get("q"):
            rows = finding.named(rows, words)
        if zone := chosen.get("zone"):
            rows = rows.filter(zone=zone)
        narrow = {VACANT: vacant, QUIET: quiet, ENDING: ending}.get(chosen.get("state", ""))
        return narrow(rows) if narrow else rows


def _referents() -> QuerySet[Mandate]:
    return Mandate.objects.current().filter(role=RoleCode.REFERENT)


def vacant(rows: QuerySet[Groupement]) -> QuerySet[Groupement]:
    """Those that nobody leads."""
    led = _referents().filter(groupement=OuterRef("pk"))
    return rows.filter(Q(status=Groupement.Status.VACANT) | ~Exists(led))


def ending(rows: QuerySet[Groupement]) -> QuerySet[Groupement]:
    """Those of which the last référent's mandate ends soon."""
    led = _referents().filter(groupement=OuterRef("pk"))
    beyond = Q(ends_on__isnull=True) | Q(ends_on__gt=timezone.localdate() + dt.timedelta(days=SOON_DAYS))
    return rows.filter(Exists(led), ~Exists(led.filter(beyond)))


def quiet(rows: QuerySet[Groupement]) -> QuerySet[Groupement]:
    """Those in which nothing was written for long."""
    since = timezone.now() - dt.timedelta(days=QUIET_DAYS)
    written = Page.objects.filter(depth__gte=HOME_DEPTH, latest_revision_created_at__gte=since).order_by()
    return rows.exclude(
        roots__path__in=written.annotate(home_path=Substr("path", 1, HOME_PATH_LENGTH)).values("home_path")
    )


def last_activity(paths: Iterable[str]) -> dict[str, dt.datetime]:
    """The moment of the last draft or publication below each of these homes, by tree path; one query."""
    below = [Q(path__startswith=path) for path in paths]
    if not below:
        return {}
    rows = (
        Page.objects.filter(functools.reduce(operator.or_, below))
        .annotate(home_path=Substr("path", 1, HOME_PATH_LENGTH))
        .values("home_path")
        .annotate(last=Max("latest_revision_created_at"))
        .order_by()
    )
    return {row["home_path"]: row["last"] for row in rows}


def state_rows(groupements: list[Groupement]) -> list[dict]:
    """One row for each of these groupements; the same number of queries for three and for fifty."""
    referents: dict[int, list[Mandate]] = defaultdict(list)
    current = _referents().filter(groupement__in=groupements).select_related("person")
    for mandate in current.order_by("ends_on", "pk"):
        referents[mandate.groupement_id].append(mandate)
    activity = last_activity(root.path for groupement in groupements for root in groupement.roots.all())
    today, now = timezone.localdate(), timezone.now()
    rows = []
    for groupement in groupements:
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
    """Every groupement at a glance, and how to find one."""

    template_name = "regions/admin/network_state.html"

    def get_context_data(self, **kwargs):
        form = StateForm(self.request.GET)
        found = form.found.select_related("zone").prefetch_related("roots")
        page = finding.page_of(found, self.request.GET.get("page"))
        everything = Groupement.objects.all()
        return super().get_context_data(
            form=form,
            is_filtered=any(form.cleaned_data.values()),
            page=page,
            asked=finding.asked_beside_page(self.request.GET),
            rows=state_rows(list(page)),
            total=everything.count(),
            vacant=vacant(everything).count(),
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
