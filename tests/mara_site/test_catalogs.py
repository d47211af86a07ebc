import gettext
import os

from mara_site import catalogs

SOURCE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: fr\\n"

msgid "Calendar"
msgstr "Agenda"

#, fuzzy
msgid "Guide"
msgstr "Guidon"
"""


def write_source(folder):
    source = folder / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE)
    return source


def test_compile_stale__new_source__gives_its_translations_but_the_doubtful(tmp_path):
    write_source(tmp_path)
    [compiled] = catalogs.compile_stale([tmp_path])
    with compiled.open("rb") as stream:
        translations = gettext.GNUTranslations(stream)
    assert translations.gettext("Calendar") == "Agenda"
    assert translations.gettext("Guide") == "Guide"


def test_compile_stale__nothing_changed__does_nothing(tmp_path):
    write_source(tmp_path)
    catalogs.compile_stale([tmp_path])
    assert catalogs.compile_stale([tmp_path]) == []


def test_compile_stale__source_edited_since__compiles_again(tmp_path):
    source = write_source(tmp_path)
    [compiled] = catalogs.compile_stale([tmp_path])
    os.utime(compiled, (1, 1))
    assert catalogs.compile_stale([tmp_path]) == [compiled]
    assert source.exists()
