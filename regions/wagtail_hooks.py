"""Registrations of the federation's screens and scopes."""

from django.http import Http404
from django.urls import path
from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import policy_registry

from core.page_cache import sharing
from regions import restrictions
from regions.admin import conflicts, people_urls, publishing, resent
from regions.admin.scoped.media import ScopedDocumentsAdminAPIViewSet, ScopedImagesAdminAPIViewSet
from regions.admin.scoped.pages import ScopedPageViewSet
from regions.admin.views import CoordinatesView
from regions.admin.viewsets import NetworkViewSetGroup
from regions.links import PermanentPageLinkHandler
from regions.permissions import user_can_manage_network
from regions.reach import reach_of

# What only administrators and national editors have a use for; the rest of the screens is scoped by rights.
ADMINISTRATORS_MENU = frozenset({"reports", "help"})


@hooks.register("register_admin_viewset")
def register_network():
    return NetworkViewSetGroup()


@hooks.register("register_admin_urls")
def register_coordinates():
    return [path("coordonnees/<int:pk>/", CoordinatesView.as_view(), name="groupement_coordinates")]


@hooks.register("register_admin_urls")
def register_people():
    return people_urls.urlpatterns


@hooks.register("construct_page_chooser_queryset")
def narrow_page_chooser(pages, request):
    """Links lead to one's own pages or to the nation's published ones, never to another's drafts."""
    reach = reach_of(request.user)
    # By primary key: a filter on other columns breaks the chooser's search.
    return pages if reach.everything else pages.filter(pk__in=reach.browsable.order_by().values("pk"))


# After Wagtail's own, which the registry lets the last one replace.
@hooks.register("register_admin_viewset", order=100)
def register_scoped_pages():
    return ScopedPageViewSet()


@hooks.register("construct_admin_api", order=100)
def scope_media_api(router):
    router.register_endpoint("images", ScopedImagesAdminAPIViewSet)
    router.register_endpoint("documents", ScopedDocumentsAdminAPIViewSet)


@hooks.register("construct_explorer_page_queryset")
def explore_ones_own(parent_page, pages, request):
    """Whoever holds two trees may explore them, not all that lies below their common ancestor as in Wagtail."""
    explorable = policy_registry.get_by_type(Page).explorable_instances(request.user)
    if not explorable.filter(pk=parent_page.pk).exists():
        raise Http404
    return pages


@hooks.register("construct_main_menu", order=90)
def people_in_menu(request, menu_items):
    menu_items.extend(item for item in people_urls.menu_items() if item.is_shown(request))


@hooks.register("construct_main_menu")
def hide_administrators_entries(request, menu_items):
    if not user_can_manage_network(request.user):
        menu_items[:] = [item for item in menu_items if item.name not in ADMINISTRATORS_MENU]


@hooks.register("before_serve_page", order=-20)
def offer_to_every_visitor(page, request, serve_args, serve_kwargs):
    """What a page answers is made from what is public and from its address: the page cache may keep it."""
    sharing.offer(request)


@hooks.register("before_serve_page", order=-10)
def reserve_pages(page, request, serve_args, serve_kwargs):
    restrictions.check_page(page, request)


@hooks.register("before_serve_document", order=-10)
def reserve_documents(document, request):
    restrictions.check_document(document, request)


@hooks.register("register_rich_text_features", order=100)
def write_permanent_links(features):
    features.register_link_type(PermanentPageLinkHandler)


hooks.register("register_bulk_action", publishing.PublishOnce, order=100)
hooks.register("before_create_page", resent.lead_to_the_page_made, order=100)
hooks.register("before_edit_page", conflicts.stop_silent_overwrite, order=100)
hooks.register("after_edit_page", conflicts.tell_simultaneous_save)
