"""The embedded PostgreSQL started by root: for an ordinary user, and below a home that others cannot read."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mara_site.database.cluster import Cluster
from mara_site.database.identity import Identity, identity_for

ROOT = Path(__file__).resolve().parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can try what happens to other users")


@pytest.fixture
def home():
    with tempfile.TemporaryDirectory(prefix="mara-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


# The interpreter may itself be in root's home, hence a change of user once everything is imported.
AS_NOBODY = """
import os, pwd, sys
from mara_site.database.__main__ import main
nobody = pwd.getpwnam("nobody")
os.setgroups([]); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
sys.exit(main(sys.argv[1:]))
"""


def launch_as_nobody(action, directory):
    command = [sys.executable, "-c", AS_NOBODY, action, "--test", "--directory", str(directory)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@as_root
def test_start__ordinary_user__owns_the_server(home):
    nobody = pwd.getpwnam("nobody")
    shutil.chown(home, nobody.pw_uid, nobody.pw_gid)
    data = home / "var" / "db"
    try:
        outcome = launch_as_nobody("start", data)
        assert outcome.returncode == 0, outcome.stderr
        assert data.stat().st_uid == nobody.pw_uid
    finally:
        assert launch_as_nobody("stop", data).returncode == 0


@as_root
def test_start__folder_of_another_user__says_so_in_french(home):
    outcome = launch_as_nobody("start", home / "db")
    assert outcome.returncode == 1
    assert "appartient à un autre utilisateur" in outcome.stderr
    assert "Traceback" not in outcome.stderr


@as_root
def test_start__root_below_a_private_home__puts_the_data_aside_and_opens_nothing(home):
    private = home / "root"
    (private / "clone" / "var").mkdir(parents=True)
    private.chmod(0o700)
    cluster = Cluster(private / "clone" / "var" / "db", disposable=True)
    try:
        assert "host=" in cluster.start()
        data = cluster.directory.resolve()
        assert home not in data.parents
        assert private.stat().st_mode & 0o777 == 0o700
        cluster.stop()
        assert "host=" in Cluster(cluster.directory, disposable=True).start()
    finally:
        cluster.reset()
    assert not cluster.directory.is_symlink()
    assert not data.parent.exists()


@as_root
def test_identity__root_in_the_clone_of_an_ordinary_user__takes_the_owner_s(home):
    nobody = pwd.getpwnam("nobody")
    shutil.chown(home, nobody.pw_uid, nobody.pw_gid)
    assert identity_for(home / "var" / "db", home).uid == nobody.pw_uid


def test_identity__ordinary_user__runs_as_oneself():
    me = Identity(os.geteuid(), os.getegid(), borrowed=False)
    assert me.subprocess_options == {}
    assert me.can_enter(ROOT)
