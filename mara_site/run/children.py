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
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for child in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
        for child in self.running:
            _signal_group(child, signal.SIGKILL)
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


def _signal_group(child: "subprocess.Popen[bytes]", number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)
