"""The French of the interface: complete, well set, free of jargon, and gathered from the code as it is."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize
from django.utils.translation.trans_real import DjangoTranslation

from mara_site import catalogs

ROOT = Path(__file__).resolve().parents[2]
[FOLDER] = catalogs.LOCALE_FOLDERS
CATALOGUE = FOLDER / "fr" / "LC_MESSAGES" / "django.po"
REMEDY = "run `make messages`, then translate what is new in mara_site/locale"

PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])|%%|%([a-z])")
# The feminine of “local” is French; the technical noun is not.
JARGON = re.compile(r"\b(slugs?|alias|snippets?|(?:la|une|les|des|cette) locales?|back-?office|front-?end)\b", re.I)
FAMILIAR = re.compile(r"\b(tu|ta|tes|toi)\b", re.I)
MISSET = re.compile(r"['\"“”]|(?<![\u00a0\u202f])[;?!»](?!\w)|(?<![\u00a0\w]):(?!\w)|\w:(?!\w)|«(?!\u00a0)")

CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
CONTEXT_CALLS = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
LITERAL = r"""(u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))"""
TEMPLATE_CALL = re.compile(rf"(?<!\w)(?:(?:_|n?gettext)\(|n?pgettext\({LITERAL}, ?){LITERAL}")


def entries() -> list[polib.POEntry]:
    return list(polib.pofile(str(CATALOGUE)))


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def wrong(is_wrong) -> list[str]:
    """The French texts of the catalogue for which ``is_wrong`` holds."""
    return [text for entry in entries() for text in translations(entry) if is_wrong(text)]


def in_python(source: str) -> set[tuple[str | None, str]]:
    """What a Python source asks to translate: (context, text)."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if name in CALLS and texts:
            found.add((None, texts[0]))
        elif name in CONTEXT_CALLS and len(texts) > 1:
            found.add((texts[0], texts[1]))
    return found


def in_template(source: str) -> set[tuple[str | None, str]]:
    """What a template asks to translate, in Django's own reading of it: (context, text)."""
    calls = TEMPLATE_CALL.findall(templatize(source))
    return {(ast.literal_eval(context) if context else None, ast.literal_eval(text)) for context, text in calls}


def in_the_project() -> set[tuple[str | None, str]]:
    rooms = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]
    found = set()
    for room in rooms:
        for path in room.rglob("*.py"):
            found |= in_python(path.read_text())
    for folder in [*rooms, ROOT / "templates"]:
        for path in [*folder.rglob("*.html"), *folder.rglob("*.txt")]:
            found |= in_template(path.read_text())
    return found


def test_catalogue__every_text__is_translated_for_certain():
    doubtful = [entry.msgid for entry in entries() if entry.fuzzy or entry.obsolete or not entry.translated()]
    assert doubtful == [], REMEDY


def test_catalogue__every_text_of_the_code__is_there_and_no_other():
    known = {(entry.msgctxt, entry.msgid) for entry in entries()}
    found = in_the_project()
    assert len(found) > 100
    assert (found - known, known - found) == (set(), set()), REMEDY


def test_catalogue__placeholders__are_those_of_the_english():
    different = []
    for entry in entries():
        english = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
        allowed = set().union(*(set(PLACEHOLDER.findall(text)) for text in english))
        different += [text for text in translations(entry) if set(PLACEHOLDER.findall(text)) != allowed]
    assert different == []


def test_catalogue__every_text__says_it_without_jargon_and_politely():
    assert wrong(lambda text: JARGON.search(text) or FAMILIAR.search(text)) == []


def test_catalogue__every_text__is_set_as_french_is():
    assert wrong(MISSET.search) == []


def test_catalogue__every_text__keeps_the_spaces_at_both_ends():
    assert wrong(lambda text: text != text.strip() or "  " in text) == []


def test_catalogue__its_header__counts_zero_as_one():
    metadata = polib.pofile(str(CATALOGUE)).metadata
    assert metadata["Language"] == "fr"
    assert metadata["Plural-Forms"] == "nplurals=2; plural=(n > 1);"


def test_catalogue__among_those_of_the_libraries__has_the_last_word(tmp_path, settings):
    source = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    shutil.copy(CATALOGUE, source)
    catalogs.compile_stale([tmp_path])
    settings.LOCALE_PATHS = [tmp_path]
    french = DjangoTranslation("fr")
    for entry in entries():
        if entry.msgid_plural:
            said = [french.ngettext(entry.msgid, entry.msgid_plural, number) for number in (0, 1, 2, 1_000_000)]
            one, many = translations(entry)
            assert said == [one, one, many, many]
        elif not entry.msgctxt:
            assert french.gettext(entry.msgid) == entry.msgstr


@pytest.mark.parametrize(
    ("text", "is_misset"),
    [
        ("Où en êtes-vous\u00a0?", False),
        ("« ici »".replace(" ", "\u00a0"), False),
        ("L’adresse\u00a0: 14\u00a0h", False),
        ("Où en êtes-vous ?", True),
        ("L'adresse", True),
        ("Attention!", True),
        ("Source: ici", True),
        ("« ici »", True),
    ],
)
def test_misset__what_a_hurried_hand_types__is_seen(text, is_misset):
    assert bool(MISSET.search(text)) is is_misset


def test_in_template__every_way_to_translate__is_read():
    source = (
        '{% load i18n %}{% translate "Print" %}{% include "x.html" with label=_("Themes") %}'
        "{% blocktranslate trimmed with a=b %}\nBy {{ a }}\n{% endblocktranslate %}"
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
        '{% translate "May" context "month" %}'
    )
    assert in_template(source) == {
        (None, "Print"), (None, "By %(a)s"), (None, "%(n)s day"), ("month", "May"), (None, "Themes"),
    }  # fmt: skip
