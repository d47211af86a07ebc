"""The ZIP of a groupement."""

from __future__ import annotations

import json
import zipfile
from pathlib import PurePosixPath
from typing import IO

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.text import slugify
from wagtail.models import Page

from mara_site.hosting import versions
from mara_site.hosting.export import pages, tables
from regions.models import Groupement


def write(groupement: Groupement, target: IO[bytes]) -> dict[str, int]:
    """Write a groupement whole into `target`: pages, files, people and consents; return how many of each.

    ``index.html`` to begin with, ``pages/`` to read, ``pages.json`` to take up again, ``tables/*.csv`` for
    spreadsheets, ``fichiers/`` what was uploaded. In French, whatever the language of whoever asks.
    """
    counts = {"pages": 0, "files": 0, "rows": 0}
    with translation.override("fr"), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        listed, files = [], set(tables.media_of(groupement))
        with archive.open("pages.json", "w") as stream:
            for number, page in enumerate(pages.pages_of(groupement)):
                stream.write(b"[\n" if number == 0 else b",\n")
                stream.write(json.dumps(_as_data(page), cls=DjangoJSONEncoder, ensure_ascii=False).encode())
                listed.append(page)
            stream.write(b"\n]\n" if listed else b"[]\n")
        rows = []
        for page in listed:
            name = f"pages/{page.pk}-{slugify(page.title)[:60]}.html"
            html, found = pages.with_local_files(_as_html(page, groupement))
            archive.writestr(name, html)
            files |= found
            rows.append({"page": page, "name": name, "indent": "– " * (page.depth - listed[0].depth)})
        counts["pages"] = len(rows)
        sheets = []
        for name, pieces in tables.tables_of(groupement):
            content = b"".join(pieces)
            archive.writestr(f"tables/{name}.csv", content)
            sheets.append({"name": name, "rows": max(0, content.count(b"\r\n") - 1)})
        counts["rows"] = sum(sheet["rows"] for sheet in sheets)
        missing = [name for name in sorted(files) if not _add(archive, name)]
        counts["files"] = len(files) - len(missing)
        context = {"groupement": groupement, "rows": rows, "sheets": sheets, "missing": missing}
        context |= {"made_at": timezone.now(), "release": versions.release(), "files": counts["files"]}
        archive.writestr("index.html", render_to_string("hosting/export/index.html", context))
    return counts


def file_name(groupement: Groupement) -> str:
    """The name of the ZIP, with its day."""
    return f"{groupement.code}-{timezone.localdate():%Y-%m-%d}.zip"


def _as_data(page: Page) -> dict:
    data = {"type": page._meta.label, "url": page.full_url, "live": page.live}
    data |= {"content": page.serializable_data(), "names": pages.names_of(page)}
    if page.has_unpublished_changes:
        draft = page.get_latest_revision_as_object()
        data |= {"draft": draft.serializable_data(), "draft_names": pages.names_of(draft)}
    return data


def _as_html(page: Page, groupement: Groupement) -> str:
    shown = page.get_latest_revision_as_object() if page.has_unpublished_changes and not page.live else page
    context = {"page": shown, "groupement": groupement, "fields": pages.fields_of(shown)}
    return render_to_string("hosting/export/page.html", context)


def _add(archive: zipfile.ZipFile, name: str) -> bool:
    """Put an uploaded file into the archive; tell whether it was there."""
    if not default_storage.exists(name):
        return False
    with default_storage.open(name, "rb") as source, archive.open(str(PurePosixPath("fichiers") / name), "w") as copy:
        while block := source.read(1024 * 1024):
            copy.write(block)
    return True
