"""Processes that live as long as the command: started apart from the keyboard, all stopped when it ends."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from mara_site.run.console import ROOT

PATIENCE = 8  # seconds between asking a process to end and ending it
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequestedError(Exception):
    """Someone pressed Ctrl-C, closed the terminal, or asked the process to end."""


class Children:
    """The processes started by one command."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str | Path) -> None:
        """Start a process in a session of its own, so that Ctrl-C reaches us and we stop it in order."""
        child = subprocess.Popen(list(map(str, command)), cwd=ROOT, env=self.environment, start_new_session=True)
        self.running.append(child)

    def any_ended(self) -> bool:
        """Tell whether one of them ended by itself."""
        return any(child.poll() is not None for child in self.running)

    def wait_for_any(self) -> int:
        """Wait until one of them ends by itself and return its exit code."""
        while True:
            for child in self.running:
                if (code := child.poll()) is not None:
                    return code
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop them all, with those that they started: first politely, then for good."""
        for child in self.running:
            child.terminate()  # it alone: a server tells its own workers, in its own order
        deadline = time.monotonic() + PATIENCE
        for child in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
        for child in self.running:
            end_group(child.pid)
            child.wait()
        self.running.clear()


@contextlib.contextmanager
def stop_signals_as_exceptions() -> Iterator[None]:
    """Turn the first stop signal into StopRequestedError and ignore the next, for cleaning to go to its end."""

    def request_stop(number: int, frame: object) -> None:
        for stop_signal in STOP_SIGNALS:
            signal.signal(stop_signal, signal.SIG_IGN)
        raise StopRequestedError

    previous = {number: signal.signal(number, request_stop) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def end_group(pid: int) -> None:
    """End for good the processes that a child of ours, of this pid, left behind or is still running."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
