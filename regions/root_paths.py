"""Where the sites begin, read in one statement however many there are, and kept a second by each process.

Wagtail asks one statement for each site, then keeps the list in the shared cache, and reads and unpickles it again for
each page whose address is shown without the request: fifty times on a screen of the explorer, a query each where the
cache is in the database (https://github.com/wagtail/wagtail/issues/14620; of the statements speaks
https://github.com/wagtail/wagtail/issues/9756). There is no hook: both methods of ``Site`` are replaced here, and
nowhere else.

To remove when Wagtail reads them together and once for a request. ``tests/regions/test_root_paths.py`` compares both.
"""

from __future__ import annotations

import time
from types import SimpleNamespace

from django.conf import settings
from django.db import connection
from wagtail.models import Site
from wagtail.models.sites import SiteRootPath

BELIEVED_FOR = 1.0  # seconds: after a site has changed elsewhere

# Written out: with a thousand sites the objects would take longer than the rows.
_SQL = """
SELECT site.id, site.hostname, site.port, page.url_path, locale.language_code
FROM wagtailcore_site site JOIN wagtailcore_page root ON root.id = site.root_page_id
JOIN wagtailcore_page page ON page.{column} = root.{column}
JOIN wagtailcore_locale locale ON locale.id = page.locale_id
ORDER BY root.url_path DESC, site.is_default_site DESC, site.hostname, page.path
"""
_IN_LANGUAGES, _ALONE = _SQL.format(column="translation_key"), _SQL.format(column="id")
_root_url = Site.root_url.fget

WAGTAILS = Site.get_site_root_paths, Site.clear_site_root_paths_cache
# The list, and until when it is believed by the process's own clock. Replaced whole: threads share it.
_last: tuple[list[SiteRootPath], float] = ([], 0.0)


def known() -> list[SiteRootPath]:
    """``Site.get_site_root_paths()``: the same list, in the same order."""
    global _last
    paths, until = _last
    now = time.monotonic()
    if now >= until:
        paths = read()
        _last = (paths, now + BELIEVED_FOR)
    return list(paths)


def forget() -> None:
    """``Site.clear_site_root_paths_cache()``: a site, or the root of one, was just saved by this process."""
    global _last
    _last = ([], 0.0)
    WAGTAILS[1]()


def read() -> list[SiteRootPath]:
    """Each site with its root in each language, the most specific first."""
    is_translated = getattr(settings, "WAGTAIL_I18N_ENABLED", False)
    with connection.cursor() as cursor:
        cursor.execute(_IN_LANGUAGES if is_translated else _ALONE)
        return [
            SiteRootPath(site, url_path, _root_url(SimpleNamespace(hostname=hostname, port=port)), language)
            for site, hostname, port, url_path, language in cursor.fetchall()
        ]


def install() -> None:
    """Have Wagtail ask here; called once, when the applications are ready."""
    Site.get_site_root_paths = staticmethod(known)
    Site.clear_site_root_paths_cache = staticmethod(forget)
