"""Reads what the demonstration is made of: tables in TOML, texts in Markdown with a TOML front matter."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.errors import ContentError

ROOT = Path(__file__).resolve().parent
DATA, CONTENT, FILES = ROOT / "data", ROOT / "content", ROOT / "files"
GUIDES, PAGES, HOMES, COMPLEMENTS = (CONTENT / name for name in ("guides", "pages", "homes", "complements"))

FENCE = "+++"
_ORDERED = re.compile(r"^\d+-(?P<slug>[a-z0-9-]+)$")


@dataclass(frozen=True)
class Text:
    """One Markdown file: its front matter, its body, and where the body begins.

    ``key`` names the text in both languages: the identifiers of its blocks come from it.
    """

    path: Path
    key: str
    meta: dict[str, Any]
    body: str
    first_line: int

    @property
    def source(self) -> str:
        """The file, as an error message names it."""
        return (
            self.path.relative_to(ROOT.parent).as_posix() if self.path.is_relative_to(ROOT.parent) else str(self.path)
        )

    def need(self, name: str) -> Any:
        """Return an entry of the front matter that this text cannot do without."""
        if name not in self.meta:
            raise ContentError(self.source, 1, f"the front matter has no “{name}”")
        return self.meta[name]


@dataclass(frozen=True)
class GuideText:
    """A guide: its introduction and its chapters in order, each under its address."""

    slug: str
    index: Text
    chapters: tuple[tuple[str, Text], ...]


def read_text(path: Path, *, key: str) -> Text:
    """Read one Markdown file.

    Raises:
        ContentError: when the front matter is absent or is not TOML.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0].strip() != FENCE or FENCE not in lines[1:]:
        raise ContentError(path, 1, f"the file must begin with a front matter between two lines {FENCE}")
    end = lines.index(FENCE, 1)
    try:
        meta = tomllib.loads("\n".join(lines[1:end]))
    except tomllib.TOMLDecodeError as error:
        raise ContentError(path, 1, f"the front matter is not TOML: {error}") from error
    return Text(path=path, key=key, meta=meta, body="\n".join(lines[end + 1 :]), first_line=end + 2)


def read_guide(folder: Path, *, key: str) -> GuideText:
    """Read a guide's folder: ``index.md``, and ``NN-<address>.md`` for each chapter."""
    slug = _slug(folder)
    chapters = tuple(
        (_slug(path), read_text(path, key=f"{key}/{_slug(path)}"))
        for path in sorted(folder.glob("*.md"))
        if path.stem != "index"
    )
    return GuideText(slug=slug, index=read_text(folder / "index.md", key=key), chapters=chapters)


def guides(folder: Path = GUIDES) -> Iterator[GuideText]:
    """The guides of the nation in their order; with another folder, their translations."""
    for path in sorted(folder.iterdir()):
        yield read_guide(path, key=f"guides/{_slug(path)}")


def complements(groupement: str) -> Iterator[GuideText]:
    """The guides by which a groupement completes the nation's."""
    folder = COMPLEMENTS / groupement
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            yield read_guide(path, key=f"complements/{groupement}/{path.name}")


def read_table(name: str) -> dict[str, list[dict[str, Any]]]:
    """Read one of the tables of the demonstration."""
    path = DATA / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ContentError(path, 0, f"not TOML: {error}") from error


def _slug(path: Path) -> str:
    """The address of a text: its file's name without the rank."""
    found = _ORDERED.match(path.stem)
    return found["slug"] if found else path.stem
