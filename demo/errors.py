"""What goes wrong with the demonstration's content, said with the place to correct."""

from __future__ import annotations

from pathlib import Path


class ContentError(ValueError):
    """A text or a table of the demonstration cannot be used as it is written.

    Args:
        source: the file at fault, as the reader will look for it.
        line: the line in that file, from 1; 0 when the whole file is at fault.
    """

    def __init__(self, source: str | Path, line: int, message: str) -> None:
        self.source, self.line, self.message = str(source), line, message
        super().__init__(f"{source}:{line}: {message}" if line else f"{source}: {message}")
