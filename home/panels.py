"""The first screen after sign-in: the person's own work, in a few lines and large buttons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import BooleanField, Case, F, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from core.models import checked_page_types
from regions import scope
from regions.models import Groupement, NationalOffice
from regions.permissions import user_can_manage_network
from regions.places import HOME_PATH_LENGTH, SECTION_DEPTH
from resources.frames import completeness, next_steps
from resources.frames.admin.standings import Standings
from resources.frames.admin.views import answers_url
from resources.frames.completeness import FRAME_MODELS

MAX_HOMES = 3
MAX_OTHERS = 30  # beyond, one finds a site by its name rather than in a list
MAX_ROWS = 6
READ = MAX_ROWS + 1  # one more than is shown says that there are others
# What one adds most often: page type, section it goes into, label.
QUICK_ADDS = (
    ("resources.EventPage", "resources.EventCalendarPage", gettext_noop("Add an event"), "date"),
    ("resources.ContactPage", "resources.ContactListingPage", gettext_noop("Add a contact"), "user"),
    ("resources.NewsPage", "resources.NewsIndexPage", gettext_noop("Write a news item"), "edit"),
)
# What visitors miss most when a groupement has none of its own: page type, section, label.
TO_WRITE = (
    ("resources.ContactPage", "resources.ContactListingPage", gettext_noop("A first useful address near you")),
    ("resources.EventPage", "resources.EventCalendarPage", gettext_noop("A first meeting or permanence")),
    ("resources.PartnerBranchPage", "resources.PartnerIndexPage", gettext_noop("Where a partner receives near you")),
    ("resources.NewsPage", "resources.NewsIndexPage", gettext_noop("A first news item")),
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
    """What waits in a home: texts to check again, events without place or contact, drafts; the oldest first.

    A few of each kind, more than are shown together.
    Who may only add pages is told of their own.
    """
    found = []
    today = timezone.localdate()
    keeps_all = home.permissions_for_user(user).can_edit()
    mine = Q() if keeps_all else Q(owner=user)
    due = [
        model.objects.filter(mine, path__startswith=home.path, live=True, next_check_on__lt=today)
        .order_by()
        .values_list("next_check_on", "pk", "title")
        for model in checked_page_types()
    ]
    found += [
        Task(title, _("to be checked again"), reverse("wagtailadmin_pages:edit", args=[pk]))
        for _day, pk, title in due[0].union(*due[1:], all=True).order_by("next_check_on", "pk")[:READ]
    ]
    found += [
        Task(event.title, _missing_in(event), reverse("wagtailadmin_pages:edit", args=[event.pk]))
        for event in _incomplete_events(home, mine)
    ]
    unfinished = Q(live=False) | Q(has_unpublished_changes=True)
    # An empty guide that only holds answers is published with the first of them: nobody has to think of it.
    drafts = Page.objects.filter(mine, unfinished, path__startswith=home.path).exclude(guidepage__only_completes=True)
    answering = Q(*((f"{name.lower()}__only_completes", True) for name in FRAME_MODELS), _connector=Q.OR)
    drafts = drafts.annotate(is_answers=Case(When(answering, then=True), default=False, output_field=BooleanField()))
    found += [
        Task(
            page.get_admin_display_title(),
            _("draft not published"),
            reverse("frame_of_page" if page.is_answers else "wagtailadmin_pages:edit", args=[page.pk]),
        )
        for page in drafts.order_by("latest_revision_created_at")[:READ]
    ]
    return found


def pages_to_write(groupement: Groupement, standings: Standings) -> list[dict]:
    """The pages that every groupement must have and in which this one has written nothing, each with its screen."""
    if not completeness.is_expected(groupement):
        return []
    return [
        {"label": cell.frame.page.title, "url": answers_url(groupement, cell.frame.page)}
        for cell in standings.of([groupement]).row(groupement)
        if getattr(cell.frame.page, "must_be_completed", False) and cell.state == completeness.State.MISSING
    ]


def frame_tasks(groupements: Iterable[Groupement], standings: Standings) -> dict[int, Task]:
    """What the national pages still ask of each groupement of which anything is expected, in one line.

    By the groupement's primary key; none for those that are up to date. Read for all of them at once.
    """
    expected = [groupement for groupement in groupements if completeness.is_expected(groupement)]
    lines: dict[int, Task] = {}
    if not expected:
        return lines
    found = standings.of(expected)
    for groupement in expected:
        steps = [step for cell in found.row(groupement) for step in next_steps.next_steps(cell)]
        if steps:
            title = ngettext(
                "Trame commune: %(number)d small step", "Trame commune: %(number)d small steps", len(steps)
            )
            reason = ngettext(
                "about %(number)d minute", "about %(number)d minutes", minutes := next_steps.minutes(steps)
            )
            url = reverse("frames_of", args=[groupement.pk])
            lines[groupement.pk] = Task(title % {"number": len(steps)}, reason % {"number": minutes}, url)
    return lines


def _incomplete_events(home: Page, mine: Q) -> list:
    """The events to come of which visitors are not told where to go, or whom to ask."""
    model = apps.get_model("resources", "EventPage")
    nowhere = Q(place_name="", address="", commune="", online_url="")
    nobody = Q(contact_name="", contact_phone="", contact_email="")
    events = model.objects.filter(mine, nowhere | nobody, path__startswith=home.path, live=True)
    return list(events.soonest_first()[:READ])


def _missing_in(event) -> str:
    return _("nobody to ask yet") if event.is_on_site or event.is_online else _("no place yet")


def not_written_yet(home: Page) -> list[dict]:
    """What visitors of a groupement do not find yet, each with the page where one writes it."""
    own = Page.objects.filter(path__startswith=home.path, live=True)
    sections = {
        page.specific_class._meta.label: page for page in own.filter(depth=SECTION_DEPTH) if page.specific_class
    }
    found = []
    for type_name, section_name, label in TO_WRITE:
        app_label, model = type_name.lower().split(".")
        section = sections.get(section_name)
        if section and not own.filter(content_type__app_label=app_label, content_type__model=model).exists():
            url = reverse("wagtailadmin_pages:add", args=[app_label, model, section.pk])
            found.append({"label": _(label), "url": url})
    if not getattr(home.specific, "intro", ""):
        edit = reverse("wagtailadmin_pages:edit", args=[home.pk])
        found.insert(0, {"label": _("A few words of welcome on your home page"), "url": edit})
    return found


def next_events(home: Page) -> list[dict]:
    """The next events of a home, with the address of their form."""
    model = apps.get_model("resources", "EventPage")
    events = model.objects.filter(path__startswith=home.path, live=True).soonest_first()[:MAX_ROWS]
    rows = model.on_next_dates(list(events))
    return [{"event": row, "url": reverse("wagtailadmin_pages:edit", args=[row.pk])} for row in rows]


def helpers(groupements) -> list:
    """Whom to call for help: the référents of the zones, else the national cell."""
    zones = {groupement.zone_id: groupement.zone for groupement in groupements if groupement.zone_id}
    reachable = [zone for zone in zones.values() if zone.is_reachable]
    if not reachable and groupements:
        office = NationalOffice.load()
        reachable = [office] if office.is_reachable else []
    return reachable


def all_homes_url(home: Page) -> str:
    """Where the homes beside one are listed, searched and filtered."""
    return reverse("wagtailadmin_explore", args=[home.get_parent().pk])


class TodoPanel(Component):
    """“À faire”: for each home that the person holds, add, see, finish."""

    name = "todo"
    template_name = "home/admin/todo_panel.html"
    order = 10

    def __init__(self, standings: Standings) -> None:
        self.standings = standings

    def get_context_data(self, parent_context):
        request = parent_context["request"]
        homes = scope.main_homes(request.user, MAX_HOMES + MAX_OTHERS + 1)
        shown = homes[:MAX_HOMES]
        shown_keys = {home.pk for home in shown}
        held = scope.held_homes(request.user, MAX_HOMES + MAX_OTHERS + 1)
        others = [home for home in held if home.pk not in shown_keys]
        has_many = len(others) > MAX_OTHERS
        groupements = {
            groupement.root_path: groupement
            for groupement in Groupement.objects.filter(roots__in=homes)
            .select_related("site", "zone")
            .annotate(root_path=F("roots__path"))
        }
        shown_paths = {home.path for home in shown}
        speaks_of = (groupement for path, groupement in groupements.items() if path in shown_paths)
        frames_due = frame_tasks(speaks_of, self.standings)
        managed = set(scope.managed_groupements(request.user).values_list("pk", flat=True))
        return {
            "places": [
                self._place(home, groupements.get(home.path[:HOME_PATH_LENGTH]), managed, request.user, frames_due)
                for home in shown
            ],
            "others": [
                {
                    "title": f"{home.title} – {home.locale.get_display_name()}",
                    "url": reverse("wagtailadmin_explore", args=[home.pk]),
                }
                for home in others[: 0 if has_many else None]
            ],
            "all_url": all_homes_url(homes[0]) if has_many else "",
            "helpers": helpers(groupements.values()),
            "manages_network": user_can_manage_network(request.user),
            "first_name": request.user.first_name,
        }

    def _place(self, home: Page, groupement, managed: set[int], user, frames_due: dict[int, Task]) -> dict:
        may_edit = home.permissions_for_user(user).can_edit()
        holds = groupement is not None and groupement.pk in managed
        due = [frames_due[groupement.pk]] if groupement and groupement.pk in frames_due else []
        rows = [*due, *tasks(home, user)]
        to_write = [*pages_to_write(groupement, self.standings), *not_written_yet(home)] if holds else []
        return {
            "home": home,
            "title": groupement.name if groupement else _("National site"),
            "language": home.locale.get_display_name() if home.locale_id else "",
            "site_url": home.full_url,
            "explore_url": reverse("wagtailadmin_explore", args=[home.pk]),
            "edit_url": reverse("wagtailadmin_pages:edit", args=[home.pk]) if may_edit else "",
            "coordinates_url": reverse("groupement_coordinates", args=[groupement.pk]) if holds else "",
            "quick_adds": quick_adds(home),
            "tasks": rows[:MAX_ROWS],
            "has_more_tasks": len(rows) > MAX_ROWS,
            "events": next_events(home),
            "to_write": to_write,
        }
