"""What is shipped to servers: scripts that parse, a configuration that nginx takes, units that systemd takes."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import subprocess
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


@pytest.fixture
def roll(tmp_path):
    """Two instances that are well, and the shipped restart: how it ended, and the lists meanwhile."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def begin(address: str = "127.0.0.1") -> list[str]:
        for _number in range(2):
            servers.append(http.server.ThreadingHTTPServer((address, 0), Alive))
            threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return [str(server.server_address[1]) for server in servers]

    def restart(**variables: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
        lists = tmp_path / "lists"
        ports = [str(server.server_address[1]) for server in servers]
        (tmp_path / "restart").write_text(
            f'#!/bin/sh\n(echo "restart $1"; grep fail_timeout {tmp_path}/upstream.conf) >> {lists}\n'
        )
        (tmp_path / "restart").chmod(0o755)
        variables = {
            "MARA_PORTS": " ".join(ports),
            **variables,
            "MARA_ETC": str(tmp_path),
            "MARA_RESTART": f"{tmp_path}/restart ",
        }
        variables |= {"MARA_RELOAD": "true", "MARA_DRAIN": "0", "MARA_PATIENCE": "1"}
        outcome = run(DEPLOY / "rolling-restart.sh", env={**os.environ, **variables})
        told = re.sub(r"^ *server (\S+) .*", r"\1", lists.read_text(), flags=re.MULTILINE)
        return outcome, [" ".join(part.split()) for part in told.split("restart ")[1:]]

    restart.begin, restart.servers, restart.upstream = begin, servers, tmp_path / "upstream.conf"
    yield restart
    for server in servers:
        server.shutdown()
        server.server_close()


@needs("curl")
def test_rolling_restart__one_after_the_other__leaves_the_shipped_list(roll):
    ports = roll.begin()
    outcome, lists = roll()
    assert outcome.returncode == 0, outcome.stderr
    assert lists == [f"{ports[0]} 127.0.0.1:{ports[1]}", f"{ports[1]} 127.0.0.1:{ports[0]}"]
    shipped = (DEPLOY / "nginx" / "upstream.conf").read_text()
    for ours, theirs in zip(("8001", "8002"), ports, strict=True):
        shipped = shipped.replace(ours, theirs)
    assert roll.upstream.read_text() == shipped[shipped.index("upstream mara {") :]


@needs("curl")
def test_rolling_restart__one_that_does_not_come_back__is_where_it_stops(roll):
    ports = roll.begin()
    roll.servers[0].shutdown()
    roll.servers.pop(0).server_close()
    outcome, lists = roll(MARA_PORTS=" ".join(ports))
    assert outcome.returncode == 1
    assert "ne revient pas" in outcome.stderr
    assert lists == [f"{ports[0]} 127.0.0.1:{ports[1]}"]


@needs("curl")
def test_rolling_restart__with_instances_of_other_machines__keeps_them_and_restarts_ours_only(roll, tmp_path):
    """As the file of variables says, read as systemd does; and our own instances begin to listen elsewhere."""
    ports = roll.begin("127.0.0.2")
    (tmp_path / "mara.env").write_text(
        'MARA_LISTEN=127.0.0.2\nMARA_OTHER_INSTANCES="127.0.0.9:8001, 127.0.0.9:8002"\n'
    )
    roll.upstream.write_text((DEPLOY / "nginx" / "upstream.conf").read_text())
    outcome, lists = roll(MARA_ENV_FILE=str(tmp_path / "mara.env"))
    assert outcome.returncode == 0, outcome.stderr
    others = "127.0.0.9:8001 127.0.0.9:8002"
    assert lists == [
        f"{ports[0]} 127.0.0.1:{ports[1]} {others}",  # not restarted yet: there it listens
        f"{ports[1]} 127.0.0.2:{ports[0]} {others}",
    ]
    ours = f"127.0.0.2:{ports[0]} 127.0.0.2:{ports[1]}"
    assert re.findall(r"server (\S+) max_fails=1", roll.upstream.read_text()) == f"{ours} {others}".split()
    assert re.findall(r"server (\S+) max_fails=0 backup", roll.upstream.read_text()) == 3 * f"{ours} {others}".split()


@pytest.mark.parametrize(
    ("arguments", "variables", "address"),
    [
        (["8001"], {}, "127.0.0.1"),
        (["8001"], {"MARA_LISTEN": "10.0.0.1"}, "10.0.0.1"),
        (["8000", "0.0.0.0"], {"MARA_LISTEN": "10.0.0.1"}, "0.0.0.0"),
    ],
)
def test_instance__by_its_variables__listens_on_the_address_they_name(tmp_path, arguments, variables, address):
    for folder in ("deploy/bin", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(DEPLOY / "bin" / "web", tmp_path / "deploy/bin/web")
    (tmp_path / ".venv/bin/python").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / ".venv/bin/python").chmod(0o755)
    outcome = run(tmp_path / "deploy/bin/web", *arguments, env={"PATH": os.environ["PATH"], **variables})
    assert f"--host {address} --port {arguments[0]} " in outcome.stdout, outcome.stderr


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
