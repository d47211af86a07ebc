"""A page of ours as a PDF, by WeasyPrint in a process of its own: bounded in time, and nice to the visitors.

WeasyPrint needs pango, a library of the system. Where it is missing, :func:`is_available` says no, once in the log,
and those who ask serve the same page for the browser to print.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

logger = logging.getLogger(__name__)

CHILD = [sys.executable, "-m", "core.pdf.child"]
HOW = "sudo apt install libpango-1.0-0 libpangoft2-1.0-0"
# All that the program needs to know of its surroundings: none of our secrets.
ENVIRONMENT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR")
# Pictures made for pages; what was uploaded stays where it is (documents/, original_images/).
MEDIA_FOLDER = "images/"


class CannotMakeError(Exception):
    """The PDF could not be made: it took too long, or the program failed (the log says why)."""


def is_available() -> bool:
    """Whether this machine makes PDF files. ``MARA_PDF = False`` says no in its place."""
    try:
        return settings.MARA_PDF and _finds_pango()
    except subprocess.TimeoutExpired:
        return False  # a machine that is too busy to answer; asked again the next time


@cache
def _finds_pango() -> bool:
    outcome = _run([*CHILD, "--check"])
    if outcome.returncode:
        reason = (outcome.stderr.decode(errors="replace").strip().splitlines() or ["?"])[-1]
        logger.warning("livrets are served as pages to print, not as PDF: pango is missing (%s). %s", HOW, reason)
    return outcome.returncode == 0


def to_pdf(html: str, address: str) -> bytes:
    """Lay a whole page out as a tagged PDF (PDF/UA-1).

    Args:
        html: the document. What it links to is taken from our static files and pictures, and from nowhere else.
        address: its absolute address, which relative links start from.

    Raises:
        CannotMakeError: after ``MARA_PDF_SECONDS``, or when the program fails.
    """
    asked = {"html": html, "address": address, "folders": folders(address)}
    try:
        outcome = _run(CHILD, json.dumps(asked).encode())
    except subprocess.TimeoutExpired as error:
        raise CannotMakeError(f"not made after {settings.MARA_PDF_SECONDS} s: {address}") from error
    complaints = outcome.stderr.decode(errors="replace").strip()
    if outcome.returncode or not outcome.stdout.startswith(b"%PDF-"):
        raise CannotMakeError(f"{address}: {complaints[-2000:]}")
    if complaints:
        logger.info("made with remarks: %s: %s", address, complaints[:2000])
    return outcome.stdout


def _run(command: list[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the program, stopped after ``MARA_PDF_SECONDS``."""
    return subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env={name: value for name in ENVIRONMENT if (value := os.environ.get(name)) is not None},
        input=given,
        capture_output=True,
        timeout=settings.MARA_PDF_SECONDS,
        check=False,
    )


def folders(address: str) -> list[tuple[str, str]]:
    """Which addresses are read from which folders: the beginning of the address, the folder."""
    host = urlsplit(address)
    origin = f"{host.scheme}://{host.netloc}"
    static = [settings.STATIC_ROOT] if Path(settings.STATIC_ROOT).is_dir() else []
    static += [storage.location for finder in get_finders() for storage in getattr(finder, "storages", {}).values()]
    media = Path(settings.MEDIA_ROOT) / MEDIA_FOLDER
    return [
        *((_absolute(settings.STATIC_URL, origin), str(folder)) for folder in static),
        (_absolute(settings.MEDIA_URL + MEDIA_FOLDER, origin), str(media)),
    ]


def _absolute(url: str, origin: str) -> str:
    return url if urlsplit(url).netloc else origin + url
