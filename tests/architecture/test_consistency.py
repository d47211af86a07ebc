"""Conventions of the house that a reader would check by hand: templates, markup, words of the interface."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
ROOMS = ("mara_site", "demo", "dashboards", "search", "exchanges", "home", "resources", "regions", "users", "core")
HTML = sorted(TEMPLATES.rglob("*.html"))
PUBLIC = [path for path in HTML if not {"admin", "wagtailadmin", "email"} & set(path.relative_to(TEMPLATES).parts)]
PYTHON = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.relative_to(ROOT).parts
)

# Where markup is said to be safe, each with its reason written beside it in the code.
MARK_SAFE_ALLOWED = {
    "core/templatetags/core_tags.py",
    "regions/admin/scoped/rows.py",
    "regions/templatetags/regions_tags.py",
    "resources/index/extracts.py",
}
# Templates that a library looks up by a name which appears nowhere in our code.
FOUND_BY_CONVENTION = re.compile(r"^(account|mfa|wagtailadmin)/|^(403|404|429|500)\.html$")
BANNED_WORDS = ("slug", "alias", "locale", "snippet")


def name(path: Path, folder: Path = ROOT) -> str:
    return path.relative_to(folder).as_posix()


def text_of(paths) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def page_templates() -> set[str]:
    from tests.factories import catalogue

    names = set()
    for label in catalogue.LABELS:
        app, model = label.split(".")
        names.add(f"{app}/{re.sub('(?<!^)(?=[A-Z])', '_', model).lower()}.html")
    return names


def test_templates__each_of_them__is_used():
    everything = text_of(HTML) + text_of(PYTHON)
    known = page_templates()
    unused = [
        name(path, TEMPLATES)
        for path in HTML
        if name(path, TEMPLATES) not in known
        and not FOUND_BY_CONVENTION.search(name(path, TEMPLATES))
        and f'"{name(path, TEMPLATES)}"' not in everything
    ]
    assert unused == []


def test_templates__included_and_extended__exist():
    wanted = re.compile(r"""{% (?:include|extends) ["']([^"']+)["']|template=["']([^"']+\.html)["']""")
    for path in HTML:
        for found in wanted.findall(path.read_text(encoding="utf-8")):
            assert get_template(next(filter(None, found))), f"{name(path)} asks for {found}"


def test_safe_markup__declared_in_code__is_on_the_list():
    declares = re.compile(r"mark_safe\(|SafeString\([^)]|\|safe\b|\{% autoescape off|format_html\(\s*f[\"']")
    found = {name(path) for path in [*PYTHON, *HTML] if declares.search(path.read_text(encoding="utf-8"))}
    assert found - MARK_SAFE_ALLOWED == set()
    assert MARK_SAFE_ALLOWED - found == set(), "the list allows what is no longer there"


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: name(path, TEMPLATES))
def test_public_template__its_markup__suits_the_strict_policy(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handler"
    assert not re.search(r"<style\b", text), "style element"
    for script in re.findall(r"<script\b[^>]*>", text):
        data = 'type="application/json"' in script  # read by a script, never run
        assert "src=" in script or data, f"inline script: {script}"
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", text), "address of a third party"
    assert "javascript:" not in text
    assert not re.search(r"<img\b(?![^>]*\balt=)", text), "image without alternative"


def test_french_catalogue__words_of_the_trade__are_not_used():
    catalogue = polib.pofile(str(ROOT / "mara_site" / "locale" / "fr" / "LC_MESSAGES" / "django.po"))
    banned = re.compile(rf"\b({'|'.join(BANNED_WORDS)})s?\b", re.IGNORECASE)
    said = {
        entry.msgid: text
        for entry in catalogue
        if not entry.obsolete
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        # « locale » is also the French for what is near: only the noun is banned.
        if banned.search(re.sub(r"\blocales?\b", "", text, flags=re.IGNORECASE))
    }
    assert said == {}
    assert not [entry.msgid for entry in catalogue if re.search(r"\bla locale\b|\bune locale\b", entry.msgstr)]


def test_code__left_for_later__is_nowhere():
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|lorem ipsum", re.IGNORECASE)
    sources = [*PYTHON, *HTML, *(ROOT / "mara_site" / "static" / "mara").glob("*/*.[cj]s*")]
    found = [
        f"{name(path)}: {match.group()}"
        for path in sources
        if (match := re.search(later.pattern, path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_code__its_output__is_never_printed():
    printing = re.compile(r"^\s*print\(|\bbreakpoint\(\)|\bpdb\b", re.MULTILINE)
    assert [name(path) for path in PYTHON if printing.search(path.read_text(encoding="utf-8"))] == []


def test_code__banned_habits__are_not_there():
    for path in PYTHON:
        text = path.read_text(encoding="utf-8")
        assert path.name != "utils.py", name(path)
        assert not re.search(r"except Exception:\s*\n\s*pass", text), name(path)
        assert not re.search(r"\b_\(f[\"']|gettext(_lazy)?\(f[\"']", text), f"{name(path)}: f-string to translate"
        if "settings" not in path.parts:
            assert not re.search(r"^from \S+ import \*", text, re.MULTILINE), name(path)


def test_tests__their_names__say_unit_situation_expectation():
    wrong = [
        f"{name(path)}: {found}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for found in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
        if not re.fullmatch(r"test_[a-z0-9_]+?__[a-z0-9_]+", found)
    ]
    assert wrong == []
