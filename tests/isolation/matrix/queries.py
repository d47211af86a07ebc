"""Query strings that make a listing say more: searches, exports, filters by somebody else's numbers."""

from __future__ import annotations

from tests.isolation.matrix.ground import Estate


def queries(name: str, other: Estate) -> list[str]:
    """The query strings to try on a pattern that carries no number."""
    ids, pages = other.ids, other.pages
    found = ["", "q=zq", f"q=zq{other.owner}s", "ordering=title", "p=2"]
    if "export" not in name:
        found += ["export=csv", "export=xlsx"]
    found += [
        f"owner={ids['user']}",
        f"edited_by={ids['user']}",
        f"site={ids['site']}&search_all=1",
        f"collection_id={ids['collection']}",
        "search_all=1&q=zq",
    ]
    if "choose" in name or "chosen" in name:
        found += [
            f"id={pages['draft'].pk}&id={ids['image']}&id={ids['document']}",
            f"id={ids['image']}",
            f"id={ids['closed_document']}",
            "page_type=resources.contactpage",
            "page_type=resources.partnerpage&multiple=1",
            f"target_pages[]={pages['draft'].pk}&user_perms=move_to",
            "q=zq&page_type=resources.guidepage",
            "locale=en",
        ]
    if ":pages:" in name or ":images:" in name or ":documents:" in name:
        found += [
            f"child_of={pages['section'].pk}",
            f"descendant_of={pages['home'].pk}",
            f"id={pages['draft'].pk}",
            f"id={ids['image']}",
            "for_explorer=1",
            "search=zq",
            "fields=*",
            f"translation_of={pages['translated'].pk}",
        ]
    if "tag" in name:
        found += ["term=zq", "term=a"]
    return found
