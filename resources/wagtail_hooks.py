"""Registrations of the content's screens: the nation's closed lists, imports, the dates of events."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets import Button

from core.models import NationalTag
from resources.contacts.importing import urls as import_urls
from resources.events.admin import urls as calendar_urls
from resources.events.importing import urls as event_import_urls
from resources.frames.admin import deleting
from resources.frames.admin import urls as frame_urls
from resources.frames.admin.approving import FramePageViewSet, ask_before_publishing
from resources.models import Audience, ContactCategory, ContactListingPage, EventCalendarPage, EventPage, Theme
from resources.team_calendar import urls as team_calendar_urls


class TermViewSet(ModelViewSet):
    """One closed list."""

    list_display = ("name", "name_en", "order")
    search_fields = ("name", "name_en")
    search_backend_name = None
    copy_view_enabled = False


class ThemeViewSet(TermViewSet):
    model = Theme
    icon = "tag"
    menu_label = _("Themes")
    exclude_form_fields = ()


class AudienceViewSet(TermViewSet):
    model = Audience
    icon = "group"
    menu_label = _("Audiences")
    exclude_form_fields = ()


class ContactCategoryViewSet(TermViewSet):
    model = ContactCategory
    icon = "list-ul"
    menu_label = _("Contact categories")
    list_display = ("name", Column("get_side_display", label=_("Side"), sort_key="side"), "order")
    list_filter = ("side",)
    exclude_form_fields = ()


class NationalTagViewSet(ModelViewSet):
    model = NationalTag
    icon = "tag"
    menu_label = _("Key words")
    panels = (FieldPanel("name"),)
    search_fields = ("name",)
    search_backend_name = None
    copy_view_enabled = False


class ReferenceListsGroup(ModelViewSetGroup):
    """The menu “Listes nationales”."""

    items = (ThemeViewSet, AudienceViewSet, ContactCategoryViewSet, NationalTagViewSet)
    menu_label = _("National lists")
    menu_icon = "list-ul"
    menu_order = 650


@hooks.register("register_admin_viewset")
def register_reference_lists():
    return ReferenceListsGroup()


@hooks.register("register_admin_urls")
def register_import_of_contacts():
    return import_urls.urlpatterns


@hooks.register("register_admin_urls")
def register_import_of_events():
    return event_import_urls.urlpatterns


@hooks.register("register_admin_viewset")
def register_pages_that_may_be_frames():
    return FramePageViewSet()


hooks.register("before_bulk_action", ask_before_publishing)
hooks.register("before_bulk_action", deleting.ask_before_taking_away)
hooks.register("before_delete_page", deleting.tell_before_deleting)


@hooks.register("register_admin_urls")
def register_frames():
    return frame_urls.urlpatterns


@hooks.register("construct_main_menu", order=90)
def own_entries_in_menu(request, menu_items):
    items = (import_urls.menu_item(), event_import_urls.menu_item(), frame_urls.menu_item())
    menu_items.extend(item for item in items if item.is_shown(request))


@hooks.register("register_page_header_buttons")
def import_from_directory(page, user, view_name, next_url=None):
    """In the explorer, above the contacts of a directory."""
    if isinstance(page.specific_deferred, ContactListingPage) and page.permissions_for_user(user).can_add_subpage():
        yield Button(
            _("Import a spreadsheet"),
            reverse("contact_import_section", args=[page.pk]),
            icon_name="upload",
            priority=15,
        )


@hooks.register("register_admin_urls")
def register_coming_dates():
    return [*calendar_urls.urlpatterns, *team_calendar_urls.admin_urlpatterns]


@hooks.register("register_log_actions")
def register_history_of_dates(actions):
    calendar_urls.register_history(actions)


@hooks.register("construct_main_menu", order=90)
def coming_dates_in_menu(request, menu_items):
    item = calendar_urls.menu_item()
    if item.is_shown(request):
        menu_items.append(item)


@hooks.register("register_page_header_buttons")
def coming_dates_from_page(page, user, view_name, next_url=None):
    """Above a calendar, and above each of its published events: to cancel or move a date without the whole form."""
    page = page.specific_deferred
    if isinstance(page, EventCalendarPage) and page.permissions_for_user(user).can_add_subpage():
        yield Button(_("Coming dates"), reverse("calendar_dates", args=[page.pk]), icon_name="date", priority=15)
    elif isinstance(page, EventPage) and page.live and page.permissions_for_user(user).can_publish():
        yield Button(_("Cancel or move a date"), reverse("event_dates", args=[page.pk]), icon_name="date", priority=15)


@hooks.register("register_page_header_buttons")
def import_from_calendar(page, user, view_name, next_url=None):
    """In the explorer, above the events of a calendar."""
    if isinstance(page.specific_deferred, EventCalendarPage) and page.permissions_for_user(user).can_add_subpage():
        yield Button(
            _("Import a calendar"),
            reverse("event_import_section", args=[page.pk]),
            icon_name="calendar-alt",
            priority=15,
        )
