"""What is shipped to servers: scripts that parse, a configuration that nginx takes, units that systemd takes."""

from __future__ import annotations

import http.server
import os
import re
import threading

import pytest

from mara_site import env_check
from mara_site.env import VARIABLES
from tests.mara_site.deploying import DEPLOY, front_folder, needs, run

SCRIPTS = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and path.read_bytes().startswith(b"#!/bin/sh"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.relative_to(DEPLOY).as_posix())
def test_script__its_syntax__is_that_of_a_plain_shell(script):
    assert os.access(script, os.X_OK) or script.parent.name == "nginx"
    outcome = run("sh", "-n", script)
    assert outcome.returncode == 0, outcome.stderr


@needs("nginx")
@needs("openssl")
def test_front_server__shipped_configuration__is_taken_by_nginx(tmp_path):
    outcome = run("nginx", "-t", "-c", front_folder(tmp_path) / "nginx.conf")
    assert outcome.returncode == 0, outcome.stderr


def test_front_server__what_it_writes_down__names_nobody():
    log_format = re.search(r"log_format mara .*?;\n", (DEPLOY / "nginx" / "mara.conf").read_text(), re.DOTALL)
    assert log_format
    for personal in (
        "remote_addr",
        "request_uri",
        "$uri",
        "args",
        '$request"',
        "http_referer",
        "user_agent",
        "cookie",
    ):
        assert personal not in log_format.group()


@needs("systemd-analyze")
def test_units__shipped__are_taken_by_systemd(tmp_path):
    for unit in (DEPLOY / "systemd").iterdir():
        # What they run is not on this machine.
        text = re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(
            re.sub(r"^(WorkingDirectory|EnvironmentFile)=.*\n", "", text, flags=re.MULTILINE)
        )
    (tmp_path / "mara-web@8001.service").write_text((tmp_path / "mara-web@.service").read_text())
    names = [path for path in tmp_path.iterdir() if "@." not in path.name]
    outcome = run("systemd-analyze", "verify", *names)
    said = [line for line in outcome.stderr.splitlines() if "mara" in line]
    assert said == []


def test_variables__of_the_shipped_file__are_complete_and_known(monkeypatch):
    text = (DEPLOY / "mara.env.example").read_text()
    for name, value in {"HOST": "mara.example.org", "SECRET": "k" * 70, "BACKUP_PASSWORD": "p" * 20}.items():
        text = text.replace(f"@{name}@", value)
    given = dict(re.findall(r'^([A-Z0-9_]+)="?([^"\n]*)"?$', text, re.MULTILINE))
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert env_check.problems(given) == []
    commented = set(re.findall(r"^# ([A-Z0-9_]+)=", text, re.MULTILINE))
    assert commented <= set(VARIABLES)


def test_containers__their_variables__are_known():
    text = (DEPLOY / "compose.yml").read_text() + (DEPLOY / "compose.env.example").read_text()
    text += (DEPLOY / "Dockerfile").read_text()
    assert set(re.findall(r"MARA_[A-Z0-9_]+", text)) - set(VARIABLES) - env_check.OF_TOOLS == set()


class Alive(http.server.BaseHTTPRequestHandler):
    """An instance that is well."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        """Say nothing."""


@needs("curl")
@pytest.mark.parametrize("comes_back", [True, False])
def test_rolling_restart__one_after_the_other__stops_at_one_that_does_not_come_back(tmp_path, comes_back):
    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Alive) for _number in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    ports = [str(server.server_address[1]) for server in servers]
    if not comes_back:
        servers[0].shutdown()
        servers[0].server_close()
    told = tmp_path / "told"
    (tmp_path / "restart").write_text(
        f'#!/bin/sh\necho "restart $1" >> {told}\ngrep -c fail_timeout {tmp_path}/upstream.conf >> {told}\n'
    )
    (tmp_path / "restart").chmod(0o755)
    variables = {"MARA_ETC": str(tmp_path), "MARA_PORTS": " ".join(ports), "MARA_RESTART": f"{tmp_path}/restart "}
    variables |= {"MARA_RELOAD": "true", "MARA_DRAIN": "0", "MARA_PATIENCE": "1"}
    outcome = run(DEPLOY / "rolling-restart.sh", env={**os.environ, **variables})
    for server in servers:
        server.server_close()
    lines = told.read_text().splitlines()
    if comes_back:
        assert outcome.returncode == 0, outcome.stderr
        assert lines == [f"restart {ports[0]}", "1", f"restart {ports[1]}", "1"]
        shipped = (DEPLOY / "nginx" / "upstream.conf").read_text().partition("upstream mara")
        for ours, theirs in zip(("8001", "8002"), ports, strict=True):
            shipped = tuple(part.replace(ours, theirs) for part in shipped)
        assert (tmp_path / "upstream.conf").read_text() == "".join(shipped[1:])
    else:
        assert outcome.returncode == 1
        assert "ne revient pas" in outcome.stderr
        assert lines == [f"restart {ports[0]}", "1"]


def programs_of(text: str) -> set[str]:
    """The programs of `deploy/bin` that a file runs."""
    return set(re.findall(r"deploy/bin/(\w+)", text))


def test_programs__each_of_them__runs_under_systemd_and_in_containers():
    known = {path.name for path in (DEPLOY / "bin").iterdir()}
    units = "".join(path.read_text() for path in (DEPLOY / "systemd").iterdir())
    assert programs_of(units) == known
    containers = (DEPLOY / "compose.yml").read_text() + (DEPLOY / "Dockerfile").read_text()
    assert programs_of(containers) == known
    wanted = set(re.findall(r"mara-(\w+)[@.]", (DEPLOY / "systemd" / "mara.target").read_text()))
    assert wanted == known
    restarted = (DEPLOY / "install.sh").read_text() + (DEPLOY / "rolling-restart.sh").read_text()
    assert all(f"mara-{name}" in restarted for name in known), "an upgrade leaves none of them on the old version"


def test_worker__however_often_a_task_ends_it__is_started_again():
    unit = (DEPLOY / "systemd" / "mara-worker.service").read_text()
    assert "Restart=always" in unit
    assert "StartLimitIntervalSec=0" in unit
    assert "MemoryMax=" in unit
