"""The import contracts of pyproject.toml, so that a test run is enough to see one broken."""

from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]


def test_imports__every_room__go_downward_only(capsys):
    exit_code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)
    assert exit_code == 0, capsys.readouterr().out
