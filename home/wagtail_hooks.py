"""Registrations of the first screen and of the person's own menu."""

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from home.handover import HandoverView
from home.panels import TodoPanel
from regions import scope
from regions.places import SECTION_DEPTH
from resources.frames.admin.news import NewsPanel
from resources.frames.admin.standings import Standings

SECTION_ICONS = {
    "guideindexpage": "doc-full",
    "contactlistingpage": "user",
    "partnerindexpage": "group",
    "eventcalendarpage": "date",
    "librarypage": "folder-open-inverse",
    "newsindexpage": "edit",
}


@hooks.register("register_admin_urls")
def register_handover():
    return [path("passation/<int:pk>/", HandoverView.as_view(), name="handover")]


@hooks.register("construct_homepage_panels")
def open_on_own_work(request, panels):
    """The person's own work, what is new nationally and what awaits approval; nothing of the installation."""
    kept = [panel for panel in panels if panel.name in {"workflow_pages_to_moderate", "objects_to_moderate"}]
    standings = Standings(request.user)
    panels[:] = [TodoPanel(standings), NewsPanel(standings), *kept]


@hooks.register("construct_homepage_summary_items", order=1000)
def no_installation_figures(request, items):
    """Counts of pages and images over the whole network say nothing to the one who keeps a subsite."""
    items[:] = []


@hooks.register("construct_main_menu", order=100)
def sections_in_menu(request, menu_items):
    """Who holds one subsite finds its sections in the menu, without walking through the tree."""
    home = scope.only_home(request.user)
    if home is None:
        return
    # Wagtail's own entry opens on the root of the network as soon as one holds a second language.
    menu_items[:] = [item for item in menu_items if item.name != "explorer"]
    menu_items.append(
        MenuItem(
            _("All the pages"),
            reverse("wagtailadmin_explore", args=[home.pk]),
            name="all-pages",
            icon_name="folder-open-inverse",
            order=60,
        )
    )
    sections = Page.objects.filter(path__startswith=home.path, depth=SECTION_DEPTH, show_in_menus=True)
    for order, section in enumerate(sections.select_related("content_type"), start=10):
        menu_items.append(
            MenuItem(
                section.title,
                reverse("wagtailadmin_explore", args=[section.pk]),
                name=f"section-{section.slug}",
                icon_name=SECTION_ICONS.get(section.content_type.model, "doc-empty"),
                order=order,
            )
        )
    for groupement in scope.managed_groupements(request.user)[:1]:
        menu_items.append(
            MenuItem(
                _("Our coordinates"),
                reverse("groupement_coordinates", args=[groupement.pk]),
                name="coordinates",
                icon_name="mail",
                order=50,
            )
        )


@hooks.register("insert_global_admin_css")
def admin_colours():
    return format_html('<link rel="stylesheet" href="{}">', static("mara/admin/admin.css"))


@hooks.register("insert_global_admin_js")
def typed_text_is_kept():
    """A form that could not be sent stays filled in, and says so."""
    return render_to_string("components/not_sent.html")


@hooks.register("construct_page_action_menu", order=100)
def publish_first(menu_items, request, context):
    """Who may publish finds “publish” on the large button; keeping a draft is one click further."""
    for item in menu_items:
        if item.name == "action-publish":
            menu_items.remove(item)
            menu_items.insert(0, item)
            return
