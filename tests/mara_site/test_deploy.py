"""What is shipped to servers: scripts that parse, a configuration that nginx takes, units that systemd takes."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from mara_site import env_check
from mara_site.env import VARIABLES

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SCRIPTS = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and path.read_bytes().startswith(b"#!/bin/sh"))
VALUES = {"HOST": "mara.example.org", "HTTP": "8080", "HTTPS": "8443"}


def run(*command: str | Path, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)


def needs(program: str):
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} est absent de cette machine")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.relative_to(DEPLOY).as_posix())
def test_script__its_syntax__is_that_of_a_plain_shell(script):
    assert os.access(script, os.X_OK) or script.parent.name == "nginx"
    outcome = run("sh", "-n", script)
    assert outcome.returncode == 0, outcome.stderr


@pytest.fixture
def front(tmp_path):
    """The front server's configuration, filled in for a folder of this test."""
    for name in ("names.d", "tls", "cache", "log"):
        (tmp_path / name).mkdir()
    values = {**VALUES, "ETC": tmp_path, "CACHE": tmp_path / "cache", "LOG": tmp_path / "log"}
    values |= {"STATIC": tmp_path, "MEDIA_PARENT": tmp_path, "ACME": tmp_path}
    text = (DEPLOY / "nginx" / "mara.conf").read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    assert not re.findall(r"@[A-Z_]+@", text)
    shutil.copy(DEPLOY / "nginx" / "upstream.conf", tmp_path)
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=mara", "-keyout", str(tmp_path / "tls/privkey.pem")]
    run(*command, "-out", tmp_path / "tls/fullchain.pem")
    (tmp_path / "site.conf").write_text(text)
    main = f"pid {tmp_path}/pid;\nerror_log {tmp_path}/log/error.log;\nevents {{}}\n"
    main += f"http {{ include {tmp_path}/site.conf; }}\n"
    (tmp_path / "nginx.conf").write_text(main)
    return tmp_path


@needs("nginx")
@needs("openssl")
def test_front_server__shipped_configuration__is_taken_by_nginx(front):
    outcome = run("nginx", "-t", "-c", front / "nginx.conf")
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
        f'#!/bin/sh\necho "restart $1" >> {told}\ngrep -c backup {tmp_path}/upstream.conf >> {told}\n'
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
        assert lines == [f"restart {ports[0]}", "2", f"restart {ports[1]}", "2"]
        assert "backup" not in (tmp_path / "upstream.conf").read_text()
    else:
        assert outcome.returncode == 1
        assert "ne revient pas" in outcome.stderr
        assert lines == [f"restart {ports[0]}", "2"]
