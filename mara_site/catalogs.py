"""Translations of the interface, compiled when their source changed; needs no gettext on the machine."""

from collections.abc import Iterable
from pathlib import Path

import polib

LOCALE_FOLDERS = (Path(__file__).resolve().parent / "locale",)


def compile_stale(folders: Iterable[Path] = LOCALE_FOLDERS) -> list[Path]:
    """Compile each .po file that is newer than its .mo and return those compiled."""
    compiled = []
    for folder in folders:
        for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                partial = target.with_suffix(".mo.partial")
                polib.pofile(str(source)).save_as_mofile(str(partial))
                partial.replace(target)
                compiled.append(target)
    return compiled
