"""Several web processes, each with its own folder or none: what one publishes or withdraws, the others know."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]


class Process:
    """A process of the site."""

    def __init__(self, folder: Path) -> None:
        command = [
            sys.executable,
            "-m",
            "tests.resources.index.process",
            connection.settings_dict["NAME"],
            str(folder),
        ]
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "mara_site.settings.test"}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __call__(self, *request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate(timeout=30)


@pytest.fixture
def processes(world, tmp_path):
    """Two machines with their folders, and one whose folder is a file."""
    (tmp_path / "file").write_text("")
    started = [Process(tmp_path / name) for name in ("one", "two", "file")]
    yield started
    for process in started:
        process.close()


def test_processes__what_one_publishes_withdraws_or_reserves__the_others_answer_at_once(world, processes):
    editor, other, without = processes
    host = world.host(world.a)

    def answers(text: str) -> list[str]:
        """What the others find; the same with and without a folder."""
        first, second = other("ask", host, text), without("ask", host, text)
        assert first == second
        return first

    number = editor("add", host, "Girouette zqdeux")
    try:
        assert [process("engine") for process in processes] == ["tantivy", "tantivy", "PostgreSQL"]
        assert answers("girouette") == ["Girouette zqdeux"]
        editor("publish", number, "Anémomètre zqdeux")
        assert (answers("girouette"), answers("anemometre")) == ([], ["Anémomètre zqdeux"])
        editor("reserve", number)
        assert answers("anemometre") == []
        editor("open_again", number)
        assert answers("zqdeux") == ["Anémomètre zqdeux"]
        editor("unpublish", number)
        assert answers("zqdeux") == []
        other("publish", number, "Baromètre zqdeux")
        assert editor("ask", host, "barometre") == answers("barometre") == ["Baromètre zqdeux"]
    finally:
        editor("remove", number)
    assert answers("zqdeux") == []
