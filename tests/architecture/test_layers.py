"""The import contracts of pyproject.toml, so that a test run is enough to see one broken."""

import subprocess
import sys
from pathlib import Path

from mara_site.run.quality import IMPORT_LINTER

ROOT = Path(__file__).resolve().parents[2]


def test_imports__every_room__go_downward_only():
    # In a process of its own: import-linter reconfigures the logs of the one that calls it.
    command = [sys.executable, "-c", IMPORT_LINTER]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert "0 broken" in outcome.stdout
