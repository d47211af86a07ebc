"""Words that cannot occur by chance: each tells whose it is, and whether the public may read it.

``zqbsdraftx`` is a secret (``s``) of the groupement b, of the kind *draft*; ``zqapeventx`` is published
(``p``) by the groupement a. Lower-case letters only: a slug, a search or a file name leaves them whole. Only the
words that the ground wrote count: among the thousands of random tokens of a walk, one may look like them.
"""

from __future__ import annotations

import io
import re
import zipfile

A, B, NATION = "a", "b", "n"
OWNERS = (A, B, NATION)
_LIKE_A_WORD = re.compile(rb"zq[abn][ps][a-z]+?x(?![a-z])")
_IN_TEXT = re.compile(_LIKE_A_WORD.pattern.decode(), re.IGNORECASE)
_written: set[str] = set()
# Compressed answers: spreadsheets are archives.
_ARCHIVE = b"PK\x03\x04"
LARGEST_ENTRY = 5 * 1024 * 1024


def secret(owner: str, kind: str) -> str:
    return _word(owner, "s", kind)


def public(owner: str, kind: str) -> str:
    return _word(owner, "p", kind)


def _word(owner: str, reach: str, kind: str) -> str:
    word = f"zq{owner}{reach}{kind}x"
    _written.add(word)
    return word


def found_in(*texts: bytes | str) -> set[str]:
    """The canaries that texts contain, whatever their case; archives are looked into."""
    found = set()
    for text in texts:
        data = text.encode() if isinstance(text, str) else text
        if data.startswith(_ARCHIVE):
            data = _unzipped(data)
        found |= {match.decode() for match in _LIKE_A_WORD.findall(data.lower())}
    return found & _written


def without(text: str) -> str:
    """The text with a plain word in the place of each canary: what one sends, one is shown again."""
    return _IN_TEXT.sub("zq", text)


def owner_of(canary: str) -> str:
    return canary[2]


def is_secret(canary: str) -> bool:
    return canary[3] == "s"


def _unzipped(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"\n".join(archive.open(name).read(LARGEST_ENTRY) for name in archive.namelist())
