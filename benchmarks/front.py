"""The shipped front server and two application servers on this machine, under load, while they are killed and rolled.

    python -m benchmarks.front [--kills 20] [--rolls 3] [--seconds 20]

Needs nginx, curl and openssl. It makes a cluster of its own, a site with pages, and leaves nothing behind.
Prints for each trial: requests, those that failed, the slowest, how many were older copies. Asserts nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import random
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.stage import load, say, table
from mara_site.database.cluster import Cluster

ROOT = Path(__file__).resolve().parents[1]
HOST = "mara.example.org"
READERS = 4


@dataclass
class Told:
    """What the readers saw."""

    outcomes: Counter = field(default_factory=Counter)
    slowest: float = 0.0
    stale: int = 0
    reconnected: int = 0

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())

    @property
    def failed(self) -> int:
        return self.total - self.outcomes[200]

    def row(self, name: str) -> list:
        failures = {str(key): count for key, count in self.outcomes.items() if key != 200}
        return [name, self.total, self.failed, f"{self.slowest:.2f} s", self.stale, self.reconnected, failures or ""]


class Stage:
    """Everything that runs: the database, the two application servers, the front server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cluster = Cluster(folder / "cluster", disposable=True)
        self.ports = _free_ports(4)
        self.http, self.https = self.ports[2], self.ports[3]
        self.instances: dict[int, subprocess.Popen] = {}
        self.nginx: subprocess.Popen | None = None
        self.environment = dict(os.environ)

    def set_up(self) -> None:
        folder = self.folder
        for name in ("media", "static", "search", "etc/names.d", "etc/tls", "cache", "log", "acme"):
            (folder / name).mkdir(parents=True)
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": "mara_site.settings.production",
            "DJANGO_SECRET_KEY": secrets.token_urlsafe(60),
            "DATABASE_URL": self.cluster.start(),
            "MARA_NATIONAL_HOST": HOST,
            "MARA_TRUST_PROXY": "True",
            "MARA_MEDIA_ROOT": str(folder / "media"),
            "MARA_STATIC_ROOT": str(folder / "static"),
            "MARA_SEARCH_DIR": str(folder / "search"),
            "PYTHONPATH": str(ROOT),
        }
        for command in (
            ["migrate", "--verbosity", "0"],
            ["createcachetable"],
            ["collectstatic", "--no-input", "--verbosity", "0"],
            ["provision_network"],
            ["provision_groupement", "finistere", "Finistère"],
        ):
            self.run(sys.executable, "manage.py", *command)
        self._front()
        for port in self.ports[:2]:
            self.start(port)
        for port in self.ports[:2]:
            self.wait(port)

    def run(self, *command: str | Path) -> None:
        outcome = subprocess.run(
            list(map(str, command)), cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if outcome.returncode:
            raise SystemExit(f"{command}: {outcome.stdout}{outcome.stderr}")

    def _front(self) -> None:
        """The shipped configuration, with this folder's paths and free ports; nothing else of it changes."""
        folder = self.folder
        values = {"HOST": HOST, "ETC": folder / "etc", "CACHE": folder / "cache", "LOG": folder / "log"}
        values |= {"STATIC": folder / "static", "MEDIA_PARENT": folder, "ACME": folder / "acme"}
        values |= {"HTTP": self.http, "HTTPS": self.https}
        text = (ROOT / "deploy/nginx/mara.conf").read_text()
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        text = text.replace("listen [::]:", "# listen [::]:")
        (folder / "etc/site.conf").write_text(text)
        self.upstream()
        tls = folder / "etc/tls"
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        self.run(*command, "-subj", f"/CN={HOST}", "-keyout", tls / "privkey.pem", "-out", tls / "fullchain.pem")
        mime = "/etc/nginx/mime.types"
        (folder / "etc/nginx.conf").write_text(
            f"user root;\nworker_processes 1;\npid {folder}/nginx.pid;\nerror_log {folder}/log/error.log warn;\n"
            f"events {{ worker_connections 1024; }}\nhttp {{ include {mime}; include {folder}/etc/site.conf; }}\n"
        )
        self.run("nginx", "-t", "-c", folder / "etc/nginx.conf")
        self.nginx = subprocess.Popen(
            ["nginx", "-c", str(folder / "etc/nginx.conf"), "-g", "daemon off;"], start_new_session=True
        )

    def upstream(self) -> None:
        text = (ROOT / "deploy/nginx/upstream.conf").read_text()
        for shipped, ours in zip(("8001", "8002"), self.ports[:2], strict=True):
            text = text.replace(shipped, str(ours))
        (self.folder / "etc/upstream.conf").write_text(text)

    def start(self, port: int) -> None:
        with (self.folder / f"log/{port}.log").open("a") as log:
            self.instances[port] = subprocess.Popen(
                [str(ROOT / "deploy/bin/web"), str(port)],
                cwd=ROOT, env=self.environment, start_new_session=True, stdout=log, stderr=log,
            )  # fmt: skip

    def wait(self, port: int) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/sante/")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.2)
        raise SystemExit(f"instance {port} does not answer: {(self.folder / f'log/{port}.log').read_text()[-1500:]}")

    def kill(self, port: int) -> None:
        """Without notice, the instance and its workers."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.instances[port].pid, signal.SIGKILL)
        self.instances[port].wait()

    def stop(self, port: int) -> None:
        self.instances[port].terminate()
        self.instances[port].wait(timeout=40)

    def tear_down(self) -> None:
        for port in list(self.instances):
            self.kill(port)
        if self.nginx:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.nginx.pid, signal.SIGTERM)
            self.nginx.wait()
        self.cluster.stop()


def readers(stage: Stage, paths: Callable[[], tuple[str, dict]], stop: threading.Event, told: Told) -> list:
    """Threads that read pages one after the other, each on its own connection, until told to stop."""
    lock = threading.Lock()

    def read() -> None:
        context = ssl._create_unverified_context()
        connection = None
        while not stop.is_set():
            path, headers = paths()
            started = time.monotonic()
            made_at, reused = None, connection is not None
            try:
                connection = connection or _connect(stage.https, context)
                connection.request("GET", path, headers={"Host": HOST, **headers})
                response = connection.getresponse()
                response.read()
                if response.will_close:  # the front server closes a connection after a thousand requests
                    connection.close()
                    connection = None
                outcome, made_at = response.status, response.headers.get("X-Made-At")
            except (OSError, http.client.HTTPException) as error:
                outcome, connection = type(error).__name__, None
                if reused and isinstance(error, ConnectionError):
                    # An idle connection closed at the same moment: browsers ask again (RFC 9112, 9.3.1), so do we.
                    with lock:
                        told.reconnected += 1
                    continue
            with lock:
                told.outcomes[outcome] += 1
                told.slowest = max(told.slowest, time.monotonic() - started)
                told.stale += bool(made_at)

    threads = [threading.Thread(target=read, daemon=True) for _number in range(READERS)]
    for thread in threads:
        thread.start()
    return threads


@contextlib.contextmanager
def under_load(stage: Stage, paths: Callable[[], tuple[str, dict]]) -> Iterator[Told]:
    stop, told = threading.Event(), Told()
    threads = readers(stage, paths, stop, told)
    try:
        time.sleep(1)
        yield told
        time.sleep(1)
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=70)


def cached() -> tuple[str, dict]:
    return "/", {}


def uncached() -> tuple[str, dict]:
    """A page that no cache holds: what signed-in people get, each time made anew."""
    return f"/?x={random.getrandbits(60)}", {"Cookie": "__Host-csrf=x"}


def trials(stage: Stage, options: argparse.Namespace) -> Iterator[list]:
    one, other = stage.ports[:2]
    for name, paths in (("read again (cached)", cached), ("made anew", uncached)):
        with under_load(stage, paths) as told:
            time.sleep(options.seconds)
        yield told.row(f"nothing happens, {name}")
        with under_load(stage, paths) as told:
            for number in range(options.kills):
                victim = (one, other)[number % 2]
                stage.kill(victim)
                time.sleep(0.5)
                stage.start(victim)
                stage.wait(victim)
        yield told.row(f"kill -9 of an instance, {options.kills} times, {name}")
        with under_load(stage, paths) as told:
            for _number in range(options.rolls):
                roll(stage)
        yield told.row(f"rolling restart, {options.rolls} times, {name}")
    with under_load(stage, cached) as told:
        for port in (one, other):
            stage.kill(port)
        time.sleep(5)
        for port in (one, other):
            stage.start(port)
            stage.wait(port)
    yield told.row("both instances dead for 5 s and more, cached")
    with under_load(stage, cached) as told:
        stage.cluster.stop()
        time.sleep(options.seconds)
        stage.environment["DATABASE_URL"] = stage.cluster.start()
        time.sleep(1)
    yield told.row(f"PostgreSQL stopped for {options.seconds} s, cached")


def roll(stage: Stage) -> None:
    """The shipped script, with our way of restarting an instance in place of systemd's."""
    pipe = stage.folder / "restart"
    script = stage.folder / "restart.sh"
    script.write_text(f'#!/bin/sh\necho "$1" > {pipe}\nwhile [ -s {pipe} ]; do sleep 0.1; done\n')
    script.chmod(0o755)
    variables = {
        "MARA_ETC": str(stage.folder / "etc"),
        "MARA_PORTS": " ".join(map(str, stage.ports[:2])),
        "MARA_RESTART": f"{script} ",
        "MARA_RELOAD": f"nginx -c {stage.folder}/etc/nginx.conf -s reload",
    }
    rolling = subprocess.Popen(
        [str(ROOT / "deploy/rolling-restart.sh")], env={**os.environ, **variables}, stdout=subprocess.DEVNULL
    )
    while rolling.poll() is None:
        if pipe.exists() and (asked := pipe.read_text().strip()):
            stage.stop(int(asked))
            stage.start(int(asked))
            pipe.write_text("")
        time.sleep(0.1)
    if rolling.returncode:
        raise SystemExit("the rolling restart failed")


def _connect(port: int, context: ssl.SSLContext) -> http.client.HTTPSConnection:
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=65, context=context)
    raw = socket.create_connection(("127.0.0.1", port), timeout=65)
    connection.sock = context.wrap_socket(raw, server_hostname=HOST)
    return connection


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _number in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rolls", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    for program in ("nginx", "curl", "openssl"):
        if not shutil.which(program):
            raise SystemExit(f"{program} is missing")
    random.seed(8)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))  # what was started is stopped then too
    with tempfile.TemporaryDirectory(prefix="mara-front-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        stage = Stage(folder)
        try:
            stage.set_up()
            say(f"{READERS} readers over HTTPS, two instances of one worker; {load()}")
            header = ["trial", "requests", "failed", "slowest", "older copies", "asked again", "which"]
            rows = []
            for row in trials(stage, options):
                say(f"  {row[0]}: {row[1]} requests, {row[2]} failed")
                rows.append(row)
            table(header, rows)
            say(load())
        finally:
            stage.tear_down()


if __name__ == "__main__":
    main()
