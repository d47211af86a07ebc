"""A private PostgreSQL cluster on a Unix socket: made, started, found running and stopped."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from mara_site.database import state
from mara_site.database.errors import LauncherError
from mara_site.database.identity import Identity, identity_for
from mara_site.database.programs import find_programs, reachable_copy
from mara_site.database.shelter import shelter

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
LONGEST_SOCKET_PATH = 100  # bytes; the system's limit is 107 on Linux, 103 on macOS
START_SECONDS = 60
# Twice as quick for tests, at the price of a cluster that a power cut may ruin.
DISPOSABLE_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SHORT_TEMPORARY_FOLDER = Path("/tmp")  # noqa: S108


class Cluster:
    """The cluster whose data is in `directory`, for settings, `make` and tests. Safe to use from several processes."""

    def __init__(self, directory: Path, *, disposable: bool = False) -> None:
        self.directory = directory.parent.resolve() / directory.name
        self.disposable = disposable

    # --- What callers do --------------------------------------------------------------------------

    def start(self) -> str:
        """Start the server unless it runs, making the cluster the first time, and return its DATABASE_URL."""
        with self._lock():
            if sockets := self._running():
                return _url(sockets)
            data, identity = self._place()
            programs = self._programs(data, identity)
            sockets = self._socket_directory(identity)
            if state.is_starting_or_stuck(data):
                return _url(self._wait_for_answer(data))
            state.clear_leftovers(data, sockets)
            if _major(data) is None:
                self._make(data, identity, programs)
            self._launch(data, identity, programs, sockets)
            return _url(sockets)

    def stop(self) -> bool:
        """Stop the server if it runs, cutting its connections; tell whether it ran."""
        if not self.directory.exists():
            return False
        with self._lock():
            if not (sockets := self._running()):
                return False
            data, identity = self._place()
            programs = self._programs(data, identity)
            self._run(identity, programs / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
            with contextlib.suppress(OSError):
                sockets.rmdir()
            return True

    def reset(self) -> None:
        """Stop the server and erase its data for good."""
        self.stop()
        with self._lock():
            data = self.directory.resolve()
            shutil.rmtree(data, ignore_errors=True)
            if self.directory.is_symlink():
                self.directory.unlink()
                data.parent.rmdir()

    # --- Where it is ------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """Let one process at a time start or stop this cluster."""
        try:
            self.directory.parent.mkdir(parents=True, exist_ok=True)
            lock = self.directory.with_name(f"{self.directory.name}.lock").open("w")
        except PermissionError as error:
            raise LauncherError(
                f"Le dossier {self.directory.parent} appartient à un autre utilisateur : reprenez-en la propriété, "
                "ou travaillez dans votre propre copie du projet."
            ) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _place(self) -> tuple[Path, Identity]:
        """Return the real data folder and who runs it; root's data leaves a private home for the shelter."""
        parent = self.directory.parent
        identity = identity_for(self.directory, parent.parent)
        if not self.directory.exists() and not identity.can_enter(parent):
            self.directory.unlink(missing_ok=True)
            self.directory.symlink_to(shelter(_short_hash(self.directory)) / self.directory.name)
        return self.directory.resolve(), identity

    def _programs(self, data: Path, identity: Identity) -> Path:
        programs = find_programs(_major(data))
        return programs if identity.can_enter(programs) else reachable_copy(programs)

    def _socket_directory(self, identity: Identity) -> Path:
        """Return the private folder of the socket, whose path must be short; its name depends on the clone."""
        name = f"mara-{_short_hash(self.directory)}"
        sockets = Path(tempfile.gettempdir()) / name
        if len(bytes(sockets / state.SOCKET_FILE)) > LONGEST_SOCKET_PATH:
            sockets = SHORT_TEMPORARY_FOLDER / name
        sockets.mkdir(mode=0o700, exist_ok=True)
        if sockets.stat().st_uid not in (os.geteuid(), identity.uid) or sockets.is_symlink():
            raise LauncherError(
                f"Le dossier {sockets} appartient à un autre utilisateur : supprimez-le, puis recommencez."
            )
        identity.take(sockets)
        return sockets

    # --- What it does -----------------------------------------------------------------------------

    def _running(self) -> Path | None:
        """Return the folder of the socket if the server answers."""
        sockets = state.socket_directory(self.directory)
        return sockets if sockets and state.answers(sockets) else None

    def _wait_for_answer(self, data: Path) -> Path:
        """Wait for a server that another process started, or that recovers from a crash."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if sockets := self._running():
                return sockets
            time.sleep(0.1)
        raise LauncherError(f"PostgreSQL tourne mais ne répond pas ; son journal est dans {data / 'log'}.")

    def _make(self, data: Path, identity: Identity, programs: Path) -> None:
        """Make an empty cluster, beside its place and then moved there, so that a half-made one is never used."""
        partial = data.with_name(f"{data.name}.partial")
        for leftover in (partial, data):
            shutil.rmtree(leftover, ignore_errors=True)
        partial.mkdir(mode=0o700)
        identity.take(partial)
        sync = ["--no-sync"] if self.disposable else []
        options = ["-U", "mara", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", *sync]
        self._run(identity, programs / "initdb", "-D", partial, *options)
        partial.rename(data)

    def _launch(self, data: Path, identity: Identity, programs: Path, sockets: Path) -> None:
        settings = ["listen_addresses=", "unix_socket_permissions=0700", "jit=off"]
        settings += DISPOSABLE_OPTIONS if self.disposable else ()
        options = " ".join([f"-k '{sockets}'", *(f"-c {setting}" for setting in settings)])
        arguments: list[str | int | Path] = [
            "-D",
            data,
            "-w",
            "-t",
            START_SECONDS,
            "-l",
            data / "log",
            "-o",
            options,
            "start",
        ]
        self._run(identity, programs / "pg_ctl", *arguments)

    def _run(self, identity: Identity, program: Path, *arguments: str | int | Path) -> None:
        """Run one of PostgreSQL's programs and report its last words when it fails."""
        # Its errors go to a file: a pipe would stay open for as long as the server that inherits it.
        with tempfile.TemporaryFile() as output:
            outcome = subprocess.run(
                [str(program), *map(str, arguments)],
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                **identity.subprocess_options,
            )
            if outcome.returncode:
                output.seek(0)
                last_words = " ".join(output.read().decode(errors="replace").split())[-600:]
                raise LauncherError(f"PostgreSQL a échoué ({program.name}) : {last_words}")


def _major(data: Path) -> str | None:
    """Return the version of PostgreSQL that made the cluster, None when there is none."""
    try:
        return (data / "PG_VERSION").read_text().strip() or None
    except FileNotFoundError:
        return None


def _short_hash(path: Path) -> str:
    return hashlib.sha256(bytes(path)).hexdigest()[:12]


def _url(sockets: Path) -> str:
    return f"postgresql://mara@/postgres?host={sockets}"
