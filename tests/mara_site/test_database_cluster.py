"""The embedded PostgreSQL, for real: each test makes, crashes and stops clusters of its own."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from mara_site.database import state
from mara_site.database.cluster import Cluster
from mara_site.database.errors import LauncherError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder():
    """A folder that others may enter (pytest's own are private), as a clone's usually is."""
    with tempfile.TemporaryDirectory(prefix="mara-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name) / "clone" / "var"


@pytest.fixture
def cluster(folder):
    made = Cluster(folder / "db", disposable=True)
    yield made
    made.stop()


def ask(url, question="SELECT current_setting('fsync')"):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def server_pid(cluster):
    return int((cluster.directory / "postmaster.pid").read_text().splitlines()[0])


def kill_server(cluster):
    pid = server_pid(cluster)
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    children = listed.read_text().split() if listed.exists() else []
    os.kill(pid, signal.SIGKILL)
    for one in (pid, *map(int, children)):  # its children notice, and end
        while state.command_of(one):
            time.sleep(0.05)


def test_start__disposable_cluster__has_fsync_off(cluster):
    assert ask(cluster.start()) == "off"


def test_start__lasting_cluster__keeps_fsync_on(folder):
    lasting = Cluster(folder / "db")
    try:
        assert ask(lasting.start()) == "on"
    finally:
        lasting.stop()


def test_start__already_running__returns_the_same_server(cluster):
    url = cluster.start()
    pid = server_pid(cluster)
    assert Cluster(cluster.directory).start() == url
    assert server_pid(cluster) == pid


def test_start__listens__on_a_private_unix_socket_only(cluster):
    url = cluster.start()
    assert ask(url, "SHOW listen_addresses") == ""
    sockets = Path(url.split("host=")[1])
    assert sockets.stat().st_mode & 0o077 == 0


def test_start__french_text__is_stemmed(cluster):
    found = ask(cluster.start(), "SELECT to_tsvector('french', 'les bénévoles') @@ to_tsquery('french', 'bénévole')")
    assert found is True


def test_start__after_a_crash__recovers_what_was_committed(folder):
    lasting = Cluster(folder / "db")
    try:
        with psycopg.connect(lasting.start(), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 29 AS code")
        kill_server(lasting)
        assert ask(lasting.start(), "SELECT code FROM kept") == 29
    finally:
        lasting.stop()


def test_start__stale_pid_reused_by_another_process__starts_again(cluster):
    cluster.start()
    kill_server(cluster)
    pid_file = cluster.directory / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert ask(cluster.start()) == "off"


@pytest.mark.parametrize("content", ["", "12", "not a number\n", "1\n/somewhere/else\n"])
def test_start__damaged_pid_file__starts_again(cluster, content):
    cluster.start()
    kill_server(cluster)
    (cluster.directory / "postmaster.pid").write_text(content)
    assert ask(cluster.start()) == "off"


def test_start__interrupted_making__starts_over(cluster):
    partial = cluster.directory.with_name("db.partial")
    partial.mkdir(parents=True)
    (partial / "PG_VERSION").write_text("18\n")
    assert ask(cluster.start()) == "off"


def test_start__four_processes_at_once__share_one_server(folder):
    program = "import sys, pathlib; from mara_site.database.cluster import Cluster\n"
    program += "print(Cluster(pathlib.Path(sys.argv[1]), disposable=True).start())"
    command = [sys.executable, "-c", program, str(folder / "db")]
    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    urls = {process.communicate(timeout=60)[0] for process in started}
    try:
        assert len(urls) == 1
        assert ask(urls.pop().strip()) == "off"
    finally:
        Cluster(folder / "db").stop()


def test_start__two_clones__are_two_servers(cluster, folder):
    other = Cluster(folder.parent.parent / "other" / "var" / "db", disposable=True)
    try:
        first, second = cluster.start(), other.start()
        assert first != second
        with psycopg.connect(first, autocommit=True) as connection:
            connection.execute("CREATE DATABASE only_here")
        assert ask(second, "SELECT count(*) FROM pg_database WHERE datname = 'only_here'") == 0
    finally:
        other.stop()


def test_stop__twice__says_whether_it_ran(cluster):
    cluster.start()
    assert cluster.stop() is True
    assert cluster.stop() is False


def test_stop__leaves__no_socket_folder_behind(cluster):
    sockets = Path(cluster.start().split("host=")[1])
    cluster.stop()
    assert not sockets.exists()


def test_reset__running__erases_everything(cluster):
    cluster.start()
    cluster.reset()
    assert not cluster.directory.exists()


def test_start__cluster_of_an_unknown_version__says_so_in_french(cluster):
    cluster.directory.mkdir(parents=True)
    (cluster.directory / "PG_VERSION").write_text("9\n")
    with pytest.raises(LauncherError, match="PostgreSQL 9"):
        cluster.start()
    (cluster.directory / "PG_VERSION").unlink()


def test_start__deep_temporary_folder__uses_a_shorter_socket_path(cluster, tmp_path, monkeypatch):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    assert ask(cluster.start()) == "off"
