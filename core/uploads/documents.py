"""Documents: what begins a file must be what its name says, and an archive must not unfold into much.

Sources: the magic numbers of each format (PDF 32000-1, ECMA-376, OpenDocument 1.3 part 2, ISO 14496-12, RFC 5545).
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.documents.fields import WagtailDocumentField

HEAD = 64 * 1024  # bytes that are looked at
MAX_PARTS = 5_000
MAX_UNZIPPED = 400 * 1024 * 1024
MAX_RATIO = 200  # how many times smaller a part may have become
MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<body", b"<iframe")

OTHER_KIND = _("What this file holds is not what its name says (.%(extension)s). Save it again in that format.")
BOMB = _("This file unfolds into far too much: send it in another form.")
DAMAGED = _("This file is damaged: open it, save it again, and send the new file.")
MACROS = _("This file holds macros, which may do harm: save it without them, and send the new file.")
LONG_NAME = _("The name of this file is too long: give it a shorter one.")
MAX_NAME = 120


class DocumentFileField(WagtailDocumentField):
    """Wagtail's field, which believes the name; here the content is looked at."""

    def to_python(self, data):
        """The file.

        Raises:
            ValidationError: with a sentence, for a file that is too heavy, of another kind, or unfolds into too much.
        """
        file = super().to_python(data)
        if file is not None:
            check(file)
        return file


def check(file) -> None:
    """Refuse a document that is not what its name says.

    Raises:
        ValidationError: with a sentence.
    """
    if len(file.name) > MAX_NAME:
        raise ValidationError(LONG_NAME, code="long_name")
    extension = PurePath(file.name).suffix.lower().removeprefix(".")
    file.seek(0)
    head = file.read(HEAD)
    looks_right = _KINDS.get(extension, lambda head: False)
    if not looks_right(head):
        raise ValidationError(OTHER_KIND % {"extension": extension}, code="other_kind")
    if head.startswith(b"PK"):
        _check_archive(file, extension)
    file.seek(0)


def _check_archive(file, extension: str) -> None:
    """Refuse what would fill a disk or a memory once unzipped, and what is of another kind. Nothing is unzipped."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, LookupError) as error:
        raise ValidationError(DAMAGED, code="damaged") from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNZIPPED:
        raise ValidationError(BOMB, code="bomb")
    if any(part.file_size > 1024**2 and part.file_size > MAX_RATIO * max(1, part.compress_size) for part in parts):
        raise ValidationError(BOMB, code="bomb")
    names = {part.filename for part in parts}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise ValidationError(MACROS, code="macros")
    needed = _INSIDE.get(extension)
    if needed and not any(name.startswith(needed) for name in names):
        raise ValidationError(OTHER_KIND % {"extension": extension}, code="other_kind")


def _is_text(head: bytes) -> bool:
    """Words, in whatever coding, that no browser would take for a page."""
    plain = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    utf_16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return bool(head) and (utf_16 or b"\x00" not in head) and not plain.startswith(MARKUP)


def _is_sound(head: bytes) -> bool:
    return head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)


def _is_archive(head: bytes) -> bool:
    return head.startswith(b"PK\x03\x04")


_KINDS: dict[str, Callable[[bytes], bool]] = {
    "csv": _is_text,
    "txt": _is_text,
    "ics": lambda head: _is_text(head) and b"BEGIN:VCALENDAR" in head.upper(),
    "pdf": lambda head: b"%PDF-" in head[:1024],
    "mp3": _is_sound,
    "mp4": lambda head: head[4:8] == b"ftyp",
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"), _is_archive),
}
_INSIDE = {
    "docx": "word/",
    "xlsx": "xl/",
    "pptx": "ppt/",
    **dict.fromkeys(("odt", "ods", "odp"), "content.xml"),
}
