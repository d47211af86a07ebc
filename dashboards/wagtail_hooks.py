"""Registrations of the screens of steering."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button

from dashboards import given
from dashboards.admin import urls
from dashboards.piloting import pilots_the_nation
from regions.parts import Spot
from resources.frames.models import FramePage


@hooks.register("register_admin_urls")
def register_steering():
    return urls.urlpatterns


@hooks.register("construct_main_menu", order=90)
def steering_in_menu(request, menu_items):
    item = urls.menu_item()
    if item.is_shown(request):
        menu_items.append(item)


@hooks.register("register_page_header_buttons")
def answers_of_groupements(page, user, view_name, next_url=None):
    """Above a national text, in the explorer and on its form: who completed it."""
    page = page.specific_deferred
    if not isinstance(page, FramePage) or not page.live or not pilots_the_nation(user):
        return
    page = page.specific
    if page.is_frame and page.is_the_nations:
        address = reverse("dashboard_text", args=[page.translation_key])
        language = "" if page.locale.is_default else f"?language={page.locale.language_code}"
        yield Button(_("In the groupements"), f"{address}{language}", icon_name="table", priority=15)


hooks.register(Spot.HOME, given.on_home)
hooks.register(Spot.FRAMES, given.above_frames)
