"""When the HTTPS certificates end, where the installation leaves a copy of them to read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from cryptography import x509


def first_to_end(place: Path) -> dt.datetime | None:
    """The end of the certificate that ends first: of one file, or of the ``.pem`` files of a folder.

    Only the first certificate of a file counts: the others are its makers'. ``None`` if none can be read.
    """
    files = sorted(place.glob("*.pem")) if place.is_dir() else [place]
    ends = [end for file in files if (end := _end(file)) is not None]
    return min(ends, default=None)


def _end(file: Path) -> dt.datetime | None:
    try:
        return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return None
