"""Which addresses may be read at all. Nothing is asked of the network here.

Refused: other than https on its usual port, names and passwords in the address, our own hosts, and whatever is not
the public internet: private, local, shared, reserved and multicast networks, and the IPv6 forms that carry an IPv4
address inside (mapped, compatible, NAT64, 6to4, Teredo), by which one would otherwise reach them.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.utils.translation import gettext as _

MAX_LENGTH = 1000
PORT = 443
_READ_AS_HTTPS = frozenset({"http", "webcal", "webcals"})
_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "192.0.0.0/24",  # of protocols (RFC 6890)
        "3fff::/20",  # documentation (RFC 9637), which Python 3.11 does not know
    )
)
# A name that is an address in disguise for the C library: 0x7f.1, 2130706433, 127.1.
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.IGNORECASE | re.ASCII)
# RFC 6761, RFC 6762, RFC 8375 and what local networks use.
_LOCAL_NAMES = (
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "home.arpa",
    "onion",
)


class UnfetchableError(Exception):
    """An address that cannot be read; its words are for whoever gave it. They never tell what a network answered."""


def is_public(address: str) -> bool:
    """Whether an IP address is of the public internet, whatever way it is written."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(ip in network for network in _REFUSED) or getattr(ip, "is_site_local", False):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def checked(address: str, *, own_hosts: Collection[str] = (), upgrade: bool = True, port: int = PORT) -> str:
    """The address to read, in its usual form.

    Args:
        own_hosts: names of ours, refused with all that is below them.
        upgrade: ``http:`` and ``webcal:`` are read as ``https:``; else refused.
        port: the only one that is allowed.

    Raises:
        UnfetchableError: with a sentence for people.
    """
    address = address.strip()
    if len(address) > MAX_LENGTH or any(ord(char) <= 32 or ord(char) == 127 or char == "\\" for char in address):
        raise UnfetchableError(_("This is not a complete address. It begins with https://."))
    try:
        parts = urlsplit(address)
        given_port = parts.port
    except ValueError as error:
        raise UnfetchableError(_("This is not a complete address. It begins with https://.")) from error
    scheme = parts.scheme.lower()
    if upgrade and scheme in _READ_AS_HTTPS:
        scheme, given_port = "https", None if given_port == 80 else given_port
    if scheme != "https":
        raise UnfetchableError(_("Only addresses that begin with https:// are read."))
    if parts.username is not None or parts.password is not None:
        raise UnfetchableError(_("This address holds a name or a password: give a public address."))
    if given_port not in (None, port):
        raise UnfetchableError(_("This address names a port: only the usual one of https is read."))
    host = _host(parts)
    if any(host == own or host.endswith(f".{own}") for own in own_hosts):
        raise UnfetchableError(_("This is an address of our own site: its events are in the calendars already."))
    netloc = f"[{host}]" if ":" in host else host
    if given_port not in (None, PORT):
        netloc += f":{given_port}"
    return urlunsplit(("https", netloc, _ascii(parts.path) or "/", _ascii(parts.query), ""))


def not_public() -> UnfetchableError:
    """What is said of every network that is not public, the same for all."""
    return UnfetchableError(_("This address is not that of a public site: it cannot be read from here."))


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        ip = None
    if ip is not None:
        if not is_public(host):
            raise not_public()
        return host
    if _NUMERIC.fullmatch(host):
        raise not_public()
    try:
        name = host.encode("idna").decode("ascii").lower()
    except (UnicodeError, ValueError) as error:
        raise UnfetchableError(_("This is not a complete address. It begins with https://.")) from error
    if not name or len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise UnfetchableError(_("This is not a complete address. It begins with https://."))
    if "." not in name or any(name == local or name.endswith(f".{local}") for local in _LOCAL_NAMES):
        raise not_public()
    return name


def _ascii(text: str) -> str:
    """What a request line may hold: anything else in the form that browsers send."""
    return "".join(char if 32 < ord(char) < 127 else _percent(char) for char in text)


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))
