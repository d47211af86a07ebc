"""What the person at the keyboard reads."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / "var"


class CannotRunError(Exception):
    """Why a command stops: one sentence in French that says what to do."""


def say(text: str = "") -> None:
    """Write one line at once, even into a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
