"""Filters for texts that are read on paper."""

from __future__ import annotations

import re

from django import template

register = template.Library()

_ICON = re.compile(r'<svg class="icon.*?</svg>', re.DOTALL)
_HEADING = re.compile(r"(</?)h([1-6])\b")
LOWEST = 6


@register.filter(is_safe=True)
def for_paper(html: str, deeper: int = 0) -> str:
    """A rendered text without icons, all folded parts open, its headings some levels deeper (at most ``h6``)."""
    html = _ICON.sub("", str(html)).replace("<details>", "<details open>")
    return _HEADING.sub(lambda found: f"{found[1]}h{min(int(found[2]) + deeper, LOWEST)}", html)
