"""Registrations of the installation's screens."""

from wagtail import hooks

from mara_site.hosting.admin import urls


@hooks.register("register_admin_urls")
def register_hosting():
    return urls.urlpatterns


@hooks.register("construct_main_menu", order=90)
def hosting_in_menu(request, menu_items):
    item = urls.menu_item()
    if item.is_shown(request):
        menu_items.append(item)
