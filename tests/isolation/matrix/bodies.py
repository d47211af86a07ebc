"""Plausible bodies: what the form at an address would send, plus what a forger would add."""

from __future__ import annotations

import json
import re

from bs4 import BeautifulSoup

from tests.isolation.matrix import canaries
from tests.isolation.matrix.addresses import Address
from tests.isolation.matrix.ground import Estate

LARGEST_FORM = 2_000_000
# The form alone is parsed: the menus around it are most of a screen.
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)
_POSTED = re.compile(r"""<form\b[^>]*\bmethod=["']?post""", re.IGNORECASE)


class Forms:
    """Bodies read from the forms that the network's administrator is shown; each pattern's once."""

    def __init__(self, client) -> None:
        self.client = client
        self.known: dict[str, dict] = {}

    def body(self, address: Address, own: Estate, other: Estate) -> dict:
        """A body for a POST: the fields of the form of that pattern, then the numbers of the other's things."""
        key = address.route.key
        if key not in self.known:
            self.known[key] = self._read(address.path)
        return self.known[key] | forged(own, other, address.path)

    def _read(self, path: str) -> dict:
        response = self.client.get(path)
        if response.status_code != 200 or response.streaming or len(response.content) > LARGEST_FORM:
            return {}
        text = response.content.decode(errors="replace")
        if "json" in response.headers.get("Content-Type", ""):
            data = json.loads(text)
            text = data.get("html", "") if isinstance(data, dict) else ""
        # The form may be another owner's: its words, sent back to whoever posts them, would pass for a leak.
        forms = [form for form in _FORM.findall(canaries.without(text)) if _POSTED.match(form)]
        return _fields(BeautifulSoup(forms[-1], "html.parser")) if forms else {}


def _fields(form) -> dict:
    found = {}
    for control in form.select("input[name], textarea[name], select[name]"):
        name = control["name"]
        if control.name == "textarea":
            found[name] = control.get_text()
        elif control.name == "select":
            chosen = control.select("option[selected]") or control.select("option")[:1]
            found[name] = [option.get("value", "") for option in chosen]
        elif control.get("type") in {"checkbox", "radio"}:
            if control.has_attr("checked"):
                found.setdefault(name, []).append(control.get("value", "on"))
        elif control.get("type") not in {"file", "submit", "button"}:
            found[name] = control.get("value", "")
    return found


def forged(own: Estate, other: Estate, path: str) -> dict:
    """Fields that a forged request adds; views that do not know them ignore them."""
    ids, pages = other.ids, other.pages
    forged = {
        "action-publish": "1",
        "action-workflow-action": "1",
        "next": "/admin/",
        "restriction_type": "groups",
        "groups": [ids["group"]],
        "locales": ["2"],
        "comment": "zq",
        "revision_id": str(ids["revision"]),
        # Wagtail's streams are drawn by JavaScript: in the form's HTML they have no fields.
        "body-count": "0",
    }
    if "/move/" in path or "/copy/" in path:
        forged |= {"new_parent_page": str(pages["section"].pk), "new_title": "zq", "new_slug": "zq-copie"}
    if "/bulk/" in path:
        forged |= {"chooser": str(pages["section"].pk), "collection": str(ids["collection"]), "tags": "zq"}
    if "/add" in path or "/new/" in path or "create" in path:
        forged |= {"parent_page": str(pages["section"].pk), "collection": str(ids["collection"])}
    return forged


def json_body(other: Estate) -> str:
    """A body for the API of the editing screens: put it under the other's section."""
    return json.dumps(
        {
            "destination_page_id": other.pages["section"].pk,
            "recursive": True,
            "keep_live": True,
            "locale": "en",
            "revision_id": other.ids["revision"],
            "slug": "zq-copie",
            "title": "zq",
        }
    )
