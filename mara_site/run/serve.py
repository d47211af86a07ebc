"""`make demo`, `make dev` and `make demo-reset`: a prepared database, then a server and a clock."""

import contextlib
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from mara_site.database.state import command_of
from mara_site.run.children import Children, StopRequestedError, end_group, stop_signals_as_exceptions
from mara_site.run.console import ROOT, VAR, CannotRunError, say
from mara_site.run.environment import PYTHON, SITE, TOOLS, child_environment, ensure_environment

FIRST_PORT = 8000
PORTS_TRIED = 100
READY_SECONDS = 60
ORPHAN_SECONDS = 5
RUNNING = VAR / "running"  # locked while the site is served; holds our pid, the address, and our children's pids
NATIONAL_HOST = os.environ.get("MARA_NATIONAL_HOST") or "mara.localhost"


def demo(port: int | None) -> int:
    """Serve the demonstration as production does: granian, compressed static files, real error pages."""
    ensure_environment(SITE)
    server = ["-m", "granian", "--interface", "wsgi", "--factory", "--workers", "2", "--blocking-threads", "4"]
    # More requests at once than threads only wait; refusing the excess early keeps the others quick.
    server += ["--backlog", "256", "--backpressure", "64", "--log-level", "warning"]
    server += ["--workers-kill-timeout", "3", "--host", "127.0.0.1", "--port", "{port}", "mara_site.wsgi:warmed"]
    return _serve("demo", server, port)


def dev(port: int | None) -> int:
    """Serve the same content with Django's reloading server and detailed error pages."""
    ensure_environment(TOOLS)
    return _serve("dev", ["manage.py", "runserver", "127.0.0.1:{port}"], port)


def reset() -> int:
    """Erase the demonstration's database and files, and build them again."""
    ensure_environment(SITE)
    with _only_one("à reconstruire"):
        if os.environ.get("DATABASE_URL"):
            environment = child_environment("demo")
            _run(environment, "-m", "mara_site.run.prepare", "--reset")
        else:
            _run(child_environment("demo"), "-m", "mara_site.database", "reset")
            shutil.rmtree(VAR / "media", ignore_errors=True)
            with database("demo") as environment:
                _run(environment, "-m", "mara_site.run.prepare")
    say("La démonstration est reconstruite : « make demo » la lance.")
    return 0


def stop() -> int:
    """Stop the site served from this clone, if any, and its databases."""
    with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError), RUNNING.open("r+") as running:
        try:
            fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.kill(int(running.readline()), signal.SIGTERM)
            fcntl.flock(running, fcntl.LOCK_EX)  # freed when it has ended
    if PYTHON.exists():
        for which in ([], ["--test"]):
            _run(child_environment("demo"), "-m", "mara_site.database", "stop", *which)
    return 0


def _serve(settings: str, server: list[str], port: int | None) -> int:
    with _only_one("à servir") as running, stop_signals_as_exceptions():
        try:
            chosen = _free_port(port or FIRST_PORT)
            address = f"http://{NATIONAL_HOST}:{chosen}"
            running.write(f"{os.getpid()}\n{address}/\n")
            running.flush()
            with database(settings, MARA_ADMIN_URL=address) as environment:
                _run(environment, "-m", "mara_site.run.prepare", "--port", str(chosen))
                children = Children(environment)
                try:
                    children.start(PYTHON, *(part.format(port=chosen) for part in server))
                    _wait_until_ready(children, chosen)
                    children.start(PYTHON, "-m", "mara_site.run.scheduler")
                    if environment.get("MARA_TASKS") == "database":  # as in production: docs/adr/0093
                        children.start(PYTHON, "-m", "mara_site.run.worker")
                    running.write("".join(f"{child.pid}\n" for child in children.running))
                    running.flush()
                    say(f"\nLe site est servi sur {address}/ ; Ctrl-C arrête tout.")
                    code = children.wait_for_any()
                    say("Un des programmes du site s'est arrêté de lui-même : voir les lignes ci-dessus.")
                    return code or 1
                finally:
                    children.stop()
        except StopRequestedError:
            say("\nTout est arrêté.")
            return 0


@contextlib.contextmanager
def database(settings: str, **variables: str) -> Iterator[dict[str, str]]:
    """Start the embedded database, unless DATABASE_URL names another, and stop it at the end.

    Yields the environment of the commands that use it: they find the address there and start nothing themselves.
    """
    environment = child_environment(settings, **variables)
    if os.environ.get("DATABASE_URL"):
        yield environment
        return
    try:
        url = _run(environment, "-m", "mara_site.database", "url", capture=True).strip()
        yield {**environment, "DATABASE_URL": url}
    finally:
        _run(environment, "-m", "mara_site.database", "stop")


@contextlib.contextmanager
def _only_one(purpose: str) -> Iterator[object]:
    """Hold this clone's lock, for two servers would move the site's hosts under each other's feet."""
    VAR.mkdir(exist_ok=True)
    try:
        running = RUNNING.open("a+")
    except PermissionError as error:
        raise CannotRunError(f"Le dossier {VAR} appartient à un autre : reprenez-en la propriété.") from error
    with running:
        try:
            fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            running.seek(0)
            address = [*running.read().splitlines(), "", ""][1]
            raise CannotRunError(
                f"Le site de ce dossier tourne déjà ({address}) : « make stop » l'arrête, rien d'autre {purpose}."
            ) from error
        running.seek(0)
        for pid in running.read().split()[2:]:
            _end_orphan(int(pid))
        running.truncate(0)
        yield running
        running.truncate(0)


def _wait_until_ready(children: Children, port: int) -> None:
    """Wait until the site answers, for the address that we print to work when it is read."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not children.any_ended():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/sante/")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise CannotRunError("Le site n'a pas démarré : voir les lignes ci-dessus.")


def _end_orphan(pid: int) -> None:
    """End a process that outlived a command killed without notice, if this pid is still that process."""
    if str(ROOT) in command_of(pid):
        end_group(pid)
        deadline = time.monotonic() + ORPHAN_SECONDS
        while command_of(pid) and time.monotonic() < deadline:
            time.sleep(0.1)


def _free_port(first: int) -> int:
    for port in range(first, first + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CannotRunError(f"Aucun port libre entre {first} et {first + PORTS_TRIED} : choisissez-en un avec PORT=….")


def _run(environment: dict[str, str], *arguments: str | Path, capture: bool = False) -> str:
    """Run one Python command to its end in a session of its own and return what it wrote if `capture`.

    It has said why when it fails.
    """
    command = [str(PYTHON), *map(str, arguments)]
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        text=True,
        stdout=subprocess.PIPE if capture else None,
    )
    try:
        output, _ = child.communicate()
    except StopRequestedError:
        child.terminate()
        child.wait()
        raise
    if child.returncode:
        raise CannotRunError(f"La commande « {' '.join(map(str, arguments[:3]))} » a échoué, voir ci-dessus.")
    return output or ""
