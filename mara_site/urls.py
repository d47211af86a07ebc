"""Addresses: services first, then sign-in and administration, then the pages of whichever Site is asked for."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.utils.translation import pgettext_lazy
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from core.geo import urls as geo_urls
from core.whole_requests import whole_or_nothing
from exchanges import urls as exchanges_urls
from exchanges.checking import urls as checking_urls
from exchanges.registrations import urls as registrations_urls
from home import urls as home_urls
from mara_site import account_urls, views
from mara_site.hosting import views as hosting_views
from regions import links, routing, sitemaps
from regions.admin import urls as scoped_admin_urls
from resources.team_calendar import urls as team_calendar_urls
from search.admin import urls as search_admin_urls

for administration in (scoped_admin_urls, search_admin_urls, wagtailadmin_urls):
    decorate_urlpatterns(administration.urlpatterns, whole_or_nothing)

handler400 = "mara_site.views.bad_request"

urlpatterns = [
    path("sante/", views.health, name="health"),
    path("pret/", hosting_views.ready, name="ready"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots),
    path("lien/<int:page_id>/", links.permanent_link, name="permanent_link"),
    path("communes/", include(geo_urls)),
    path("compte/", include(account_urls)),
    path("agenda-equipe/", include(team_calendar_urls)),
    # Wagtail's own sign-in forms would be a second door, without allauth's limits.
    path("admin/login/", views.to_login),
    path("_util/login/", views.to_login),
    path("admin/", include(scoped_admin_urls)),
    path("admin/", include(search_admin_urls)),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:path>", views.media),
    *i18n_patterns(
        path(pgettext_lazy("web address", "search/"), include("search.urls")),
        path("etre-rappele/", include(exchanges_urls)),
        path("inscription/", include(registrations_urls)),
        path("toujours-exact/", include(checking_urls)),
        path("mon-groupement/", include(home_urls)),
        re_path(wagtail_urls.serve_pattern, routing.serve, name="wagtail_serve"),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
