"""The process that makes one PDF: ``python -m core.pdf.child``, a JSON object in, the file out.

It knows neither Django nor the database, opens no connection, and reads two kinds of folders: static files and
pictures. A page that asks for anything else gets nothing in its place, and the reason on the error output.
"""

from __future__ import annotations

import json
import logging
import mimetypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

LESS_URGENT = 10  # added to the niceness: pages that visitors wait for go first
INLINE = ("data:image/svg+xml;base64,", "data:image/png;base64,")


def find_file(url: str, folders: Iterable[tuple[str, str]]) -> Path | None:
    """The file of ours at an address, ``None`` for any other address.

    Args:
        url: an absolute address, of whatever kind.
        folders: beginning of the addresses, folder; the first that has the file gives it.
    """
    parts = urlsplit(url)
    plain = f"{parts.scheme}://{parts.netloc}{unquote(parts.path)}"
    if "\x00" in plain:
        return None
    for beginning, folder in folders:
        if plain.startswith(beginning):
            root = Path(folder).resolve()
            found = (root / plain.removeprefix(beginning)).resolve()
            if found.is_relative_to(root) and found.is_file():
                return found
    return None


def make_fetcher(folders: list[tuple[str, str]]) -> Any:
    """WeasyPrint's way to read what a page links to, limited to our files and to pictures written in the page."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFiles(URLFetcher):
        def fetch(self, url: str, headers: dict | None = None):
            if url.startswith(INLINE):
                return super().fetch(url, headers)
            if found := find_file(url, folders):
                kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
                return URLFetcherResponse(url, found.read_bytes(), {"Content-Type": kind})
            raise ValueError(f"not one of our files: {url[:200]}")

    return OurFiles(allowed_protocols={"data"}, allow_redirects=False)


def main() -> int:
    """Make the PDF asked for; ``--check`` only tells whether it could."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if "--check" in sys.argv:
        return 0
    os.nice(LESS_URGENT)
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    asked = json.load(sys.stdin.buffer)
    fetcher = make_fetcher([(beginning, folder) for beginning, folder in asked["folders"]])
    document = weasyprint.HTML(string=asked["html"], base_url=asked["address"], url_fetcher=fetcher)
    document.write_pdf(sys.stdout.buffer, pdf_variant="pdf/ua-1", optimize_images=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
