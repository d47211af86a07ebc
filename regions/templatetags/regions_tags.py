"""Template tags of the federation."""

from __future__ import annotations

from django import template
from django.utils.safestring import mark_safe

from regions.links import localize

register = template.Library()


class LocalLinksNode(template.Node):
    """What stands between ``{% local_links %}`` and ``{% endlocal_links %}``."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> str:
        html = self.nodelist.render(context)
        place = context.get("place")
        # The text was rendered, and escaped, by the templates inside; only addresses of ours replace others.
        return mark_safe(localize(html, place)) if place else html


@register.tag
def local_links(parser: template.base.Parser, token: template.base.Token) -> LocalLinksNode:
    """Lead the links of the enclosed text to where the reader stands; see :mod:`regions.links`."""
    nodelist = parser.parse(("endlocal_links",))
    parser.delete_first_token()
    return LocalLinksNode(nodelist)
