"""A progress bar for a command's error stream."""

from __future__ import annotations

import sys
import time
from typing import TextIO

WIDTH = 30
STEP = 10  # per cent between two lines where the stream is no screen


class Progress:
    """Shows how far a long task has got: a bar on a screen, a line now and then in a log.

    Args:
        label: what is being done.
        total: how many units of work there are.
        stream: where to write.
    """

    def __init__(self, label: str, total: int, stream: TextIO | None = None) -> None:
        self.label, self.total, self.stream = label, total, stream or sys.stderr
        self.done = 0
        self._shown = -STEP
        self._began = time.monotonic()

    def __enter__(self) -> Progress:
        self._show()
        return self

    def __exit__(self, *error) -> None:
        if self._is_screen:
            self.stream.write("\n")
            self.stream.flush()

    def advance(self, count: int = 1) -> None:
        """Count so many more units as done."""
        self.done += count
        self._show()

    @property
    def _is_screen(self) -> bool:
        return bool(getattr(self.stream, "isatty", lambda: False)())

    def _show(self) -> None:
        percent = 100 * self.done // self.total if self.total else 100
        if percent == self._shown or (not self._is_screen and percent < self._shown + STEP):
            return
        self._shown = percent
        seconds = int(time.monotonic() - self._began)
        counts = f"{self.done:,}/{self.total:,}".replace(",", " ")
        text = f"{self.label:<14} {percent:>3} %  {counts}  {seconds} s"
        if self._is_screen:
            bar = "█" * (WIDTH * percent // 100)
            self.stream.write(f"\r{self.label:<14} {bar:<{WIDTH}} {percent:>3} %  {counts}  {seconds} s ")
        else:
            self.stream.write(f"{text}\n")
        self.stream.flush()
