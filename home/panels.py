"""The first screen after sign-in: the person's own work, in a few lines and large buttons."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from regions import scope
from regions.models import Groupement
from regions.permissions import user_can_manage_network
from regions.places import HOME_PATH_LENGTH, SECTION_DEPTH

MAX_HOMES = 3
MAX_ROWS = 6
# What one adds most often: page type, section it goes into, label.
QUICK_ADDS = (
    ("resources.EventPage", "resources.EventCalendarPage", gettext_noop("Add an event"), "date"),
    ("resources.ContactPage", "resources.ContactListingPage", gettext_noop("Add a contact"), "user"),
    ("resources.NewsPage", "resources.NewsIndexPage", gettext_noop("Write a news item"), "edit"),
)


@dataclass
class Task:
    """One line of “to do”: what, why, and where to do it."""

    title: str
    reason: str
    url: str


def quick_adds(home: Page) -> list[dict]:
    """The large buttons of a home: each opens the form of a new page in the right section."""
    sections = {
        page.specific_class._meta.label: page
        for page in Page.objects.filter(path__startswith=home.path, depth=SECTION_DEPTH)
        if page.specific_class
    }
    buttons = []
    for model_name, section_name, label, icon in QUICK_ADDS:
        section = sections.get(section_name)
        if section is None:
            continue
        app_label, model = model_name.lower().split(".")
        url = reverse("wagtailadmin_pages:add", args=[app_label, model, section.pk])
        buttons.append({"label": _(label), "icon": icon, "url": url})
    return buttons


def tasks(home: Page, user) -> list[Task]:
    """What waits in a home: texts to check again, drafts not published, the oldest first.

    Who may only add pages is told of their own.
    """
    found = []
    today = timezone.localdate()
    keeps_all = home.permissions_for_user(user).can_edit()
    mine = Q() if keeps_all else Q(owner=user)
    for name in ("ContactPage", "GuidePage", "PartnerPage", "ResourcePage"):
        model = apps.get_model("resources", name)
        overdue = model.objects.filter(mine, path__startswith=home.path, live=True, next_check_on__lt=today)
        found += [
            Task(page.title, _("to be checked again"), reverse("wagtailadmin_pages:edit", args=[page.pk]))
            for page in overdue.order_by("next_check_on")[:MAX_ROWS]
        ]
    drafts = Page.objects.filter(mine, path__startswith=home.path).filter(
        Q(live=False) | Q(has_unpublished_changes=True)
    )
    found += [
        Task(
            page.get_admin_display_title(),
            _("draft not published"),
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
        )
        for page in drafts.order_by("latest_revision_created_at")[:MAX_ROWS]
    ]
    return found[:MAX_ROWS]


def next_events(home: Page) -> list[dict]:
    """The next events of a home, with the address of their form."""
    model = apps.get_model("resources", "EventPage")
    rows = model.objects.filter(path__startswith=home.path, live=True).upcoming().order_by("starts_at")[:MAX_ROWS]
    return [{"event": row, "url": reverse("wagtailadmin_pages:edit", args=[row.pk])} for row in rows]


class TodoPanel(Component):
    """“À faire”: for each home that the person holds, add, see, finish."""

    name = "todo"
    template_name = "home/admin/todo_panel.html"
    order = 10

    def get_context_data(self, parent_context):
        request = parent_context["request"]
        homes = scope.main_homes(request.user)
        shown = homes[:MAX_HOMES]
        shown_keys = {home.pk for home in shown}
        others = [home for home in scope.held_homes(request.user) if home.pk not in shown_keys]
        groupements = {
            groupement.root_path: groupement
            for groupement in Groupement.objects.filter(roots__in=homes)
            .select_related("site")
            .annotate(root_path=F("roots__path"))
        }
        managed = set(scope.managed_groupements(request.user).values_list("pk", flat=True))
        return {
            "places": [
                self._place(home, groupements.get(home.path[:HOME_PATH_LENGTH]), managed, request.user)
                for home in shown
            ],
            "others": [
                {
                    "title": f"{home.title} – {home.locale.get_display_name()}",
                    "url": reverse("wagtailadmin_explore", args=[home.pk]),
                }
                for home in others
            ],
            "manages_network": user_can_manage_network(request.user),
            "first_name": request.user.first_name,
        }

    def _place(self, home: Page, groupement, managed: set[int], user) -> dict:
        may_edit = home.permissions_for_user(user).can_edit()
        holds = groupement is not None and groupement.pk in managed
        return {
            "home": home,
            "title": groupement.name if groupement else _("National site"),
            "language": home.locale.get_display_name() if home.locale_id else "",
            "site_url": home.full_url,
            "explore_url": reverse("wagtailadmin_explore", args=[home.pk]),
            "edit_url": reverse("wagtailadmin_pages:edit", args=[home.pk]) if may_edit else "",
            "coordinates_url": reverse("groupement_coordinates", args=[groupement.pk]) if holds else "",
            "quick_adds": quick_adds(home),
            "tasks": tasks(home, user),
            "events": next_events(home),
        }
