"""What a backup holds, with the digests that prove it: written last, read and verified before anything is restored."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mara_site.run.console import CannotRunError

FORMAT = 1
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"  # the same digests, for `sha256sum --check`: readable without this software
DUMP = "database.dump"
MEDIA = "media"
_BLOCK = 1024 * 1024


@dataclass(frozen=True)
class File:
    """One file: its size in bytes and its digest; ``modified`` in seconds since 1970."""

    bytes: int
    sha256: str
    modified: float = 0


@dataclass(frozen=True)
class Table:
    """One table: how many rows, and a digest of them all that does not depend on their order."""

    rows: int
    md5: str


@dataclass
class Manifest:
    """The description of one backup."""

    made_at: str
    release: str
    server: str  # version of PostgreSQL
    key: str  # fingerprint of the secret key: with another one, second proofs cannot be read
    dump: File
    tables: dict[str, Table] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    media: dict[str, File] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """The rows of all the tables."""
        return sum(table.rows for table in self.tables.values())

    @property
    def size(self) -> int:
        """The bytes of its files."""
        return sum(file.bytes for _name, file in self.files())

    def files(self) -> Iterator[tuple[str, File]]:
        """Every file of the backup but the manifest, by its path inside the folder."""
        yield DUMP, self.dump
        for name, file in self.media.items():
            yield f"{MEDIA}/{name}", file

    def write(self, folder: Path) -> None:
        """Write the manifest and the list of digests into the folder of the backup."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        _write(folder / MANIFEST, text)
        lines = [f"{file.sha256}  {_escaped(name)}" for name, file in self.files() if "\n" not in name]
        lines.append(f"{digest_of(folder / MANIFEST).sha256}  {MANIFEST}")
        _write(folder / SUMS, "\n".join(lines) + "\n")


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup.

    Raises CannotRunError when the folder holds no backup, or one of a later format.
    """
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if data["format"] > FORMAT:
            raise CannotRunError(
                f"La sauvegarde {folder.name} vient d'une version plus récente du site : installez-la d'abord."
            )
        data["dump"] = File(**data["dump"])
        data["tables"] = {name: Table(**table) for name, table in data["tables"].items()}
        data["media"] = {name: File(**file) for name, file in data["media"].items()}
        manifest = Manifest(**data)
        sums = (folder / SUMS).read_text(encoding="utf-8")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotRunError(f"Le dossier {folder} ne contient pas de sauvegarde lisible.") from error
    if f"{digest_of(folder / MANIFEST).sha256}  {MANIFEST}\n" not in sums:
        raise CannotRunError(
            f"La sauvegarde {folder.name} est abîmée : sa description a changé. Rien n'a été restauré."
        )
    return manifest


def verify(folder: Path, manifest: Manifest) -> None:
    """Compare each file of a backup with its digest.

    Raises CannotRunError naming the first files that are missing or differ.
    """
    wrong = [name for name, file in manifest.files() if not _is_whole(folder / name, file)]
    if wrong:
        names = ", ".join(wrong[:3])
        raise CannotRunError(
            f"La sauvegarde {folder.name} est abîmée : {len(wrong)} fichier(s) manquent ou ont changé ({names}…). "
            "Rien n'a été restauré : prenez-en une autre."
        )


def digest_of(path: Path) -> File:
    """Return the size and the digest of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    status = path.stat()
    return File(status.st_size, digest.hexdigest(), status.st_mtime)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _is_whole(path: Path, file: File) -> bool:
    if not path.is_file() or path.stat().st_size != file.bytes:
        return False
    return digest_of(path).sha256 == file.sha256


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\")
