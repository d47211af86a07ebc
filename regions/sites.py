"""The site that a request is for, and the national one: read together, with what pages ask next.

Wagtail reads both to choose, keeps one, and is asked for the other again. What is chosen here is put where Wagtail
keeps its own choice, so that it asks no more. To remove when ``Site.find_for_request`` gives the default site too
(``wagtail.models.sites.get_site_for_hostname`` reads it already).
"""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.models import Site

from regions.structure import hostname_of, sites_of, structure_of

# The editing screens and the sign-in: on one host, so that a session is worth nothing on the others. They ask little
# of what pages ask.
NATIONAL_ONLY = ("/admin/", "/compte/")
_CHOSEN, _NATIONAL = "_wagtail_site", "_mara_national_site"


def find_site(request: HttpRequest) -> Site | None:
    """The site of a request, as Wagtail chooses it: host and port, else host, else the default site."""
    if not hasattr(request, _CHOSEN):
        hostname, port = hostname_of(request), request.get_port()
        screens = request.path_info.startswith(NATIONAL_ONLY)
        sites = list(sites_of(hostname)) if screens else structure_of(request).sites
        setattr(request, _CHOSEN, _choose(sites, hostname, port))
        setattr(request, _NATIONAL, next((site for site in sites if site.is_default_site), None))
    return getattr(request, _CHOSEN)


def national_site(request: HttpRequest) -> Site:
    """The nation's site.

    Raises:
        Site.DoesNotExist: before the network is made.
    """
    site = getattr(request, _CHOSEN, None)
    if site is not None and site.is_default_site:
        return site
    return getattr(request, _NATIONAL, None) or Site.objects.select_related("root_page").get(is_default_site=True)


def _choose(sites: list[Site], hostname: str, port: str) -> Site | None:
    """The rule of ``wagtail.models.sites.get_site_for_hostname``, on rows already read."""
    same_host = [site for site in sites if site.hostname == hostname]
    exact = [site for site in same_host if str(site.port) == str(port)]
    default = [site for site in sites if site.is_default_site]
    if exact:
        return exact[0]
    if default and default[0] in same_host:
        return default[0]
    if len(same_host) == 1:
        return same_host[0]
    return default[0] if default else None
