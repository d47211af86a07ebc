"""Whether a cluster's server is alive, judged by asking it: a crash leaves files that only look like an answer."""

import contextlib
import socket
import struct
import subprocess
from pathlib import Path

SOCKET_FILE = ".s.PGSQL.5432"
SSL_REQUEST = struct.pack("!ii", 8, 80877103)  # PostgreSQL's shortest question, answered by one letter
SECONDS_TO_ANSWER = 5


def socket_directory(data: Path) -> Path | None:
    """Return the folder of the server's socket, from the file that a starting server writes (fifth line)."""
    lines = _pid_file_lines(data)
    return Path(lines[4]) if len(lines) > 4 and lines[4] else None


def answers(sockets: Path) -> bool:
    """Tell whether a PostgreSQL server answers in the folder `sockets`."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(SECONDS_TO_ANSWER)
        try:
            client.connect(str(sockets / SOCKET_FILE))
            client.sendall(SSL_REQUEST)
            return client.recv(1) in (b"N", b"S")
        except OSError:
            return False


def is_starting_or_stuck(data: Path) -> bool:
    """Tell whether the process that the pid file names is a server, although it does not answer.

    A pid is reused sooner or later, after a restart of the machine above all: hence the look at the command.
    """
    lines = _pid_file_lines(data)
    if not lines or not lines[0].strip().isdigit():
        return False
    command = command_of(int(lines[0]))
    return "postgres" in command and str(data) in command


def clear_leftovers(data: Path, sockets: Path) -> None:
    """Remove what a dead server left and that would stop the next: its pid file and its socket's."""
    for path in (data / "postmaster.pid", sockets / SOCKET_FILE, sockets / f"{SOCKET_FILE}.lock"):
        with contextlib.suppress(FileNotFoundError):
            path.unlink()


def _pid_file_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def command_of(pid: int) -> str:
    """Return the command line of a process, empty if there is none: /proc on Linux, ps elsewhere."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listing = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return listing.stdout
