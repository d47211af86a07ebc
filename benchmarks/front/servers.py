"""Everything that the drill runs: database, two application servers, clock, front server, mail server, small disk."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from mara_site.catalogs import compile_stale
from mara_site.database.cluster import Cluster

ROOT = Path(__file__).resolve().parents[2]
HOST = "mara.example.org"
GROUPEMENT = f"finistere.{HOST}"
DISK = 600  # megabytes, on which the drill's front server keeps pages and journals, and people's files are
# Of Debian's nginx.conf, which the shipped site is included in.
NGINX = "user root;\nworker_processes auto;\npid {folder}/nginx.pid;\nerror_log {folder}/front.log warn;\nevents {{ worker_connections 768; }}\nhttp {{ include /etc/nginx/mime.types; include {folder}/etc/site.conf; }}\n"


class Stage:
    """What runs, and how it is killed, stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cluster = Cluster(folder / "cluster")
        self.ports = free_ports(6)
        self.http, self.https, self.mail, self.redis = self.ports[2:]
        self.instances: dict[int, subprocess.Popen] = {}
        self.others: list[subprocess.Popen] = []
        self.environment = dict(os.environ)
        self.disk = folder / "disk"
        self.people: dict = {}

    # --- Setting up -------------------------------------------------------------------------------

    def set_up(self) -> None:
        folder, disk = self.folder, self.disk
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=755", "tmpfs", str(disk)],
            capture_output=True,
            text=True,
        )
        if mounted.returncode:
            raise SystemExit(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
        for name in ("disk/media", "disk/cache", "disk/log", "static", "search", "etc/names.d", "etc/tls", "acme"):
            (folder / name).mkdir(parents=True)
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": "mara_site.settings.production",
            "DJANGO_SECRET_KEY": secrets.token_urlsafe(60),
            "DATABASE_URL": self.cluster.start(),
            "MARA_NATIONAL_HOST": HOST,
            "MARA_TRUST_PROXY": "True",
            "MARA_MEDIA_ROOT": str(disk / "media"),
            "MARA_STATIC_ROOT": str(folder / "static"),
            "MARA_SEARCH_DIR": str(folder / "search"),
            "MARA_EMAIL_URL": f"smtp://127.0.0.1:{self.mail}",
            "PYTHONPATH": str(ROOT),
        }
        self.run(sys.executable, "-m", "compileall", "-q", "-x", r"/\.venv/", ROOT)  # as in a release
        compile_stale()  # a clone that served nothing yet would answer in English
        for command in (
            ["migrate", "--verbosity", "0"],
            ["createcachetable"],
            ["collectstatic", "--no-input", "--verbosity", "0"],
            ["provision_network"],
            ["provision_groupement", "finistere", "Finistère"],
        ):
            self.run(sys.executable, "manage.py", *command)
        self.people = json.loads(self.run(sys.executable, "-m", "benchmarks.front.people").splitlines()[-1])
        self._front()
        for port in self.ports[:2]:
            self.start(port)
        for port in self.ports[:2]:
            self.wait(port)
        for name in ("clock", "worker"):
            self.beside([str(ROOT / "deploy/bin" / name)], name)

    def run(self, *command: str | Path) -> str:
        outcome = subprocess.run(
            list(map(str, command)), cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if outcome.returncode:
            raise SystemExit(f"{command}: {outcome.stdout}{outcome.stderr}")
        return outcome.stdout

    def beside(self, command: list[str], name: str) -> subprocess.Popen:
        """Start something that is stopped at the end."""
        with (self.folder / f"{name}.log").open("a") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, start_new_session=True, stdout=log, stderr=log
            )
        self.others.append(process)
        return process

    def _front(self) -> None:
        """The shipped configuration, with this folder's paths and free ports; nothing else of it changes."""
        folder = self.folder
        values = {"HOST": HOST, "ETC": folder / "etc", "CACHE": self.disk / "cache", "LOG": self.disk / "log"}
        values |= {"STATIC": folder / "static", "MEDIA_PARENT": self.disk, "ACME": folder / "acme"}
        values |= {"HTTP": self.http, "HTTPS": self.https}
        text = (ROOT / "deploy/nginx/mara.conf").read_text()
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        text = text.replace("listen [::]:", "# listen [::]:")
        (folder / "etc/site.conf").write_text(text)
        self._upstream()
        tls = folder / "etc/tls"
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        self.run(*command, "-subj", f"/CN={HOST}", "-keyout", tls / "privkey.pem", "-out", tls / "fullchain.pem")
        configuration = folder / "etc/nginx.conf"
        configuration.write_text(NGINX.format(folder=folder))
        self.run("nginx", "-t", "-c", configuration)
        self.beside(["nginx", "-c", str(configuration), "-g", "daemon off;"], "nginx")

    def _upstream(self) -> None:
        text = (ROOT / "deploy/nginx/upstream.conf").read_text()
        for shipped, ours in zip(("8001", "8002"), self.ports[:2], strict=True):
            text = text.replace(shipped, str(ours))
        (self.folder / "etc/upstream.conf").write_text(text)

    def restart_database(self) -> None:
        """As an administrator does, and as an upgrade of PostgreSQL's package."""
        data, identity = self.cluster._place()
        programs = self.cluster._programs(data, identity)
        self.cluster._run(identity, programs / "pg_ctl", "-D", data, "-w", "-m", "fast", "-l", data / "log", "restart")

    # --- Instances --------------------------------------------------------------------------------

    def start(self, port: int) -> None:
        with (self.folder / f"{port}.log").open("a") as log:
            self.instances[port] = subprocess.Popen(
                [str(ROOT / "deploy/bin/web"), str(port)],
                cwd=ROOT, env=self.environment, start_new_session=True, stdout=log, stderr=log,
            )  # fmt: skip

    def wait(self, port: int) -> None:
        """Until an instance answers; whatever has become of the database, once it is up it says so."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/sante/")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.2)
        raise SystemExit(f"instance {port} does not answer: {(self.folder / f'{port}.log').read_text()[-1500:]}")

    def kill(self, port: int) -> None:
        """Without notice, the instance and its workers."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.instances[port].pid, signal.SIGKILL)
        self.instances[port].wait()

    def roll(self) -> None:
        """The shipped script, with our way of restarting an instance in place of systemd's."""
        pipe, script = self.folder / "restart", self.folder / "restart.sh"
        script.write_text(f'#!/bin/sh\necho "$1" > {pipe}\nwhile [ -s {pipe} ]; do sleep 0.1; done\n')
        script.chmod(0o755)
        variables = {
            "MARA_ETC": str(self.folder / "etc"),
            "MARA_PORTS": " ".join(map(str, self.ports[:2])),
            "MARA_RESTART": f"{script} ",
            "MARA_RELOAD": f"nginx -c {self.folder}/etc/nginx.conf -s reload",
        }
        rolling = subprocess.Popen(
            [str(ROOT / "deploy/rolling-restart.sh")],
            env={**os.environ, **variables},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while rolling.poll() is None:
            if pipe.exists() and (asked := pipe.read_text().strip()):
                self.instances[int(asked)].terminate()
                self.instances[int(asked)].wait(timeout=40)
                self.start(int(asked))
                pipe.write_text("")
            time.sleep(0.1)
        if rolling.returncode:
            raise SystemExit("the rolling restart failed")

    def tear_down(self) -> None:
        for port in list(self.instances):
            self.kill(port)
        for process in self.others:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        self.cluster.stop()
        if os.path.ismount(self.disk):
            subprocess.run(["umount", "-l", str(self.disk)], check=False)


def needed() -> list[str]:
    """The programs that are missing."""
    return [name for name in ("nginx", "curl", "openssl", "mount", "redis-server") if not shutil.which(name)]


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _number in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
