"""Until when the HTTPS certificates are good and for which names, where the installation leaves a copy to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509


def first_to_end(place: Path) -> dt.datetime | None:
    """The end of the certificate that ends first; ``None`` if none can be read."""
    return min((certificate.not_valid_after_utc for certificate in _read(place)), default=None)


def without(place: Path, hosts: Iterable[str]) -> list[str]:
    """The hosts that no certificate names, by themselves or by ``*.`` and what follows; none if none can be read."""
    certificates = _read(place)
    named = {name.lower() for certificate in certificates for name in _names(certificate)}
    return [host for host in hosts if certificates and not named & {host, f"*.{host.partition('.')[2]}"}]


def _read(place: Path) -> list[x509.Certificate]:
    """Those of one file, or of the ``.pem`` files of a folder: the first of each, for the others are its makers'."""
    read = []
    for file in sorted(place.glob("*.pem")) if place.is_dir() else [place]:
        try:
            read.append(x509.load_pem_x509_certificate(file.read_bytes()))
        except (OSError, ValueError):
            continue
    return read


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return names.get_values_for_type(x509.DNSName)
