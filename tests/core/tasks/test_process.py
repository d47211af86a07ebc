"""The worker as a process: known to PostgreSQL while it lives, gone when it is killed, ending when it is asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from core.tasks import presence
from core.tasks.worker import TOO_LONG

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60  # seconds; a loaded machine is slow to start Django


def address() -> str:
    """Of the database of this test run, for another process."""
    known = connection.settings_dict
    host = known["HOST"] or known["OPTIONS"].get("host", "")
    server = f"{known['USER']}:{quote(known['PASSWORD'])}@" if known["PASSWORD"] else f"{known['USER']}@"
    port = f"&port={known['PORT']}" if known["PORT"] else ""
    return f"postgresql://{server}/{known['NAME']}?host={quote(host, safe='')}{port}"


@pytest.fixture
def start(tmp_path):
    children = []

    def run(place: str) -> subprocess.Popen:
        variables = {"DJANGO_SETTINGS_MODULE": "mara_site.settings.demo", "MARA_TASKS": place}
        variables |= {"DATABASE_URL": address(), "MARA_MEDIA_ROOT": str(tmp_path)}
        command = [sys.executable, "-m", "mara_site.run.worker"]
        environment = {**os.environ, **variables}
        child = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True, stderr=subprocess.PIPE, text=True
        )
        children.append(child)
        return child

    yield run
    for child in children:
        child.kill()
        child.communicate()
    other = connection.copy()  # what the worker wrote is committed, and would be there for the next tests
    try:
        with other.cursor() as cursor:
            cursor.execute("DELETE FROM hosting_pulse WHERE name = 'worker'")
    finally:
        other.close()


def wait_until(is_so) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.2)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_worker__started_then_ended__is_known_while_it_lives_and_no_longer(start, number):
    before = presence.living()
    child = start("database")
    assert wait_until(lambda: len(presence.living() - before) == 1)
    child.send_signal(number)
    assert child.wait(PATIENCE) == (0 if number == signal.SIGTERM else -signal.SIGKILL)
    assert wait_until(lambda: presence.living() == before)


def test_worker__where_tasks_are_done_at_once__waits_rather_than_be_started_again_for_ever(start):
    child = start("immediate")
    assert any("MARA_TASKS" in line for line in child.stderr)
    child.terminate()
    assert child.wait(PATIENCE) == 0


def test_task__that_lasts_too_long__ends_with_its_worker():
    code = "import django; django.setup(); import time; from core.tasks.worker import _no_longer_than as limit\n"
    code += "with limit(0.2, 'slow'): time.sleep(60)"
    variables = {"DJANGO_SETTINGS_MODULE": "mara_site.settings.demo", "DATABASE_URL": address()}
    outcome = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **variables}, capture_output=True, check=False
    )
    assert outcome.returncode == TOO_LONG
    assert b"slow" in outcome.stderr
