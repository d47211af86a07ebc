"""Publishes new pages by the dozen: the rows that Wagtail writes page by page, in a few statements for all of them.

``add_child()``, ``save_revision()`` and ``publish()`` cost a hundred statements a page, most of which read again what
was just written. :func:`plant` leaves the same rows: pages, revisions, log, index of references, search index. It is
for pages that the site makes by itself, whole and from known texts; what somebody wrote is saved by Wagtail.
``tests/regions/test_planting.py`` compares every table with what Wagtail's own steps leave, and knows who listens to a
page that is saved.
"""

from regions.planting.pages import Seedling, plant

__all__ = ["Seedling", "plant"]
