import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from mara_site.run import environment, quality, serve
from mara_site.run.children import Children, StopRequestedError, stop_signals_as_exceptions
from mara_site.run.console import CannotRunError

ROOT = Path(__file__).resolve().parents[2]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert condition()


def test_free_port__first_is_taken__gives_the_next():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]
        assert serve._free_port(taken) > taken


def test_children__one_with_a_child_of_its_own__leave_nobody_behind(tmp_path):
    pid_file = tmp_path / "pid"
    program = f"sleep 60 & echo $! > {pid_file}; wait"
    children = Children(dict(os.environ))
    children.start("sh", "-c", program)
    wait_until(lambda: pid_file.exists() and pid_file.read_text().strip())
    grandchild = int(pid_file.read_text())
    assert alive(grandchild)
    children.stop()
    wait_until(lambda: not alive(grandchild))


def test_children__one_that_ignores_the_request__is_ended(monkeypatch, tmp_path):
    monkeypatch.setattr("mara_site.run.children.PATIENCE", 0.3)
    children = Children(dict(os.environ))
    ignores = tmp_path / "ignores"
    children.start("sh", "-c", f"trap '' TERM; touch {ignores}; while :; do sleep 0.1; done")
    [child] = children.running
    wait_until(ignores.exists)
    children.stop()
    assert child.returncode == -signal.SIGKILL


def test_children__one_ends_by_itself__is_noticed():
    children = Children(dict(os.environ))
    children.start("sleep", "60")
    children.start("sh", "-c", "exit 3")
    assert children.wait_for_any() == 3
    children.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stop_signals__second_one_while_cleaning__changes_nothing(number):
    with stop_signals_as_exceptions():
        with pytest.raises(StopRequestedError):
            signal.raise_signal(number)
        signal.raise_signal(number)


def test_requirements_digest__one_file_changes__changes(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text("django==5.2.19\n")
    before = environment.requirements_digest(("requirements.txt",))
    (tmp_path / "requirements.txt").write_text("django==5.2.20\n")
    assert environment.requirements_digest(("requirements.txt",)) != before


def test_environment__python_without_ensurepip__says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "absent")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(CannotRunError, match=r"sudo apt install python3\.\d+-venv"):
        environment._make_environment()


def test_browser__named_by_the_environment__is_used(monkeypatch):
    monkeypatch.setenv("MARA_CHROMIUM", "/opt/chromium")
    assert quality.find_browser() == "/opt/chromium"


def test_browser__without_windows_asked_for__comes_before_the_others(monkeypatch, tmp_path):
    monkeypatch.delenv("MARA_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("chromium", quality.WINDOWLESS):
        (tmp_path / name).touch(mode=0o755)
    assert quality.find_browser(quality.WINDOWLESS) == str(tmp_path / quality.WINDOWLESS)
    assert quality.find_browser() == str(tmp_path / "chromium")


def test_browser__none_on_the_machine__is_none(monkeypatch):
    monkeypatch.delenv("MARA_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")
    assert quality.find_browser() is None


def test_pins__of_the_three_files__agree():
    pins = {}
    for name in environment.TOOLS:
        for line in (ROOT / name).read_text().splitlines():
            requirement, _, marker = line.split("  #")[0].partition(" ; ")
            package, _, version = requirement.strip().partition("==")
            assert version, f"{name}: {line} is not pinned"
            assert pins.setdefault((package, marker.strip()), version) == version


def test_commands__unknown_word__is_refused_in_one_line():
    outcome = subprocess.run(
        [sys.executable, "-m", "mara_site.run", "demo", "--prot", "8000"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 2
    assert "--prot" in outcome.stderr


def test_commands__before_the_environment_exists__need_the_standard_library_only():
    program = """
        import sys
        sys.path = [folder for folder in sys.path if "site-packages" not in folder]
        import mara_site.run.__main__, mara_site.database.__main__
        print(sorted({"django", "environ", "polib"} & set(sys.modules)))
    """
    outcome = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert outcome.stdout.strip() == "[]"
