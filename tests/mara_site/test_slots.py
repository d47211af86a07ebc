import subprocess
import sys
from pathlib import Path

from mara_site.database.slots import SLOT_VARIABLE, any_taken, name_for_tests

ROOT = Path(__file__).resolve().parents[2]
HOLD = "import sys, pathlib; from mara_site.database.slots import name_for_tests\n"
HOLD += "print(name_for_tests(pathlib.Path(sys.argv[1])), flush=True); sys.stdin.read()"


def other_run(folder):
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", HOLD, str(folder)]
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def test_name__two_runs_at_once__differ_and_are_freed(tmp_path):
    with other_run(tmp_path) as first, other_run(tmp_path) as second:
        names = {first.stdout.readline().strip(), second.stdout.readline().strip()}
        assert names == {"test_mara_0", "test_mara_1"}
        assert any_taken(tmp_path)
    assert not any_taken(tmp_path)


def test_name__process_of_a_run__is_the_run_s(tmp_path, monkeypatch):
    monkeypatch.setenv(SLOT_VARIABLE, "7")
    assert name_for_tests(tmp_path) == "test_mara_7"
    assert not any_taken(tmp_path)
