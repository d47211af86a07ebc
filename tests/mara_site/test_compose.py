"""The site in containers, read as the programs that start it read it: no container can be started in a test."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePosixPath

import pytest
import yaml

from mara_site import env_check
from mara_site.env import VARIABLES
from tests.mara_site.deploying import DEPLOY, run

VALUES = {
    "MARA_NATIONAL_HOST": "mara.example.org",
    "DJANGO_SECRET_KEY": "k" * 70,
    "POSTGRES_PASSWORD": "secret",
    "MARA_BACKUP_PASSWORD": "p" * 20,
}
# ${NAME}, ${NAME:-what otherwise}, ${NAME:?what is said without it}; one that stands in another is found first
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^{}]*))?\}")


def given() -> dict[str, str]:
    """The variables of the shipped example, filled in."""
    text = (DEPLOY / "compose.env.example").read_text()
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)) | VALUES


def read(variables: dict[str, str]) -> dict:
    """The file with its variables replaced."""

    def replaced(match: re.Match) -> str:
        name, kind, words = match.groups()
        if value := variables.get(name):
            return value
        assert kind != "?", f"{name}: {words}"
        return words or ""

    text = (DEPLOY / "compose.yml").read_text()
    while VARIABLE.search(text):
        text = VARIABLE.sub(replaced, text)
    return yaml.safe_load(text)


@pytest.fixture
def services() -> dict:
    return read(given())["services"]


def of_the_site(services: dict) -> dict:
    return {name: service for name, service in services.items() if service["image"] == "mara"}


def test_variables__that_the_file_replaces__are_those_of_the_example():
    used = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yml").read_text()))
    assert used
    assert used <= set(given())


@pytest.mark.parametrize("name", ["MARA_NATIONAL_HOST", "POSTGRES_PASSWORD"])
def test_variables__without_which_nothing_works__are_asked_for(name):
    with pytest.raises(AssertionError, match=r"à donner dans deploy/\.env"):
        read({**given(), name: ""})


def test_site__each_of_its_containers__is_given_variables_that_the_site_takes(services, monkeypatch):
    ours = of_the_site(services)
    assert {"web1", "web2", "clock", "worker", "nights", "prepare", "backup"} == set(ours)
    image = dict(re.findall(r"([A-Z_]+)=(\S+)", (DEPLOY / "Dockerfile").read_text()))
    for name, service in ours.items():
        assert service["env_file"] == ".env"
        variables = {**image, **given(), **service["environment"]}
        for known in VARIABLES:
            monkeypatch.delenv(known, raising=False)
        for key, value in variables.items():
            monkeypatch.setenv(key, value)
        assert env_check.problems(variables) == [], name


@pytest.mark.parametrize(
    ("name", "here", "elsewhere"),
    [
        ("DATABASE_URL", "postgresql://mara:secret@db/mara", "postgresql://mara:x@10.0.0.9/mara"),
        ("MARA_PAGE_CACHE_URL", "redis://redis:6379/0", "redis://10.0.0.9:6379/1"),
    ],
)
def test_site__with_a_database_or_a_redis_elsewhere__is_sent_there(services, name, here, elsewhere):
    """What stands under `environment` wins over `env_file`: both are the same file, and must say the same."""
    moved = of_the_site(read({**given(), name: elsewhere})["services"])
    assert {service["environment"][name] for service in of_the_site(services).values()} == {here}
    assert {service["environment"][name] for service in moved.values()} == {elsewhere}


def test_services__whatever_they_wait_for_or_mount__is_there(services):
    whole = read(given())
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        mounted = {place.partition(":")[0] for place in service.get("volumes", [])}
        assert {place for place in mounted if not place.startswith(".")} <= set(whole["volumes"]), name
        assert service["logging"]["options"]["max-size"], f"{name}: its journal is kept for ever"


def seconds(words: str) -> int:
    return int(re.fullmatch(r"(\d+)s", words)[1])


def test_uploaded_files__in_a_volume__lie_one_below_where_it_is_mounted(services):
    """A restoration renames their folder, and the one where a volume is mounted cannot be."""
    image = (DEPLOY / "Dockerfile").read_text()
    folder = PurePosixPath(re.search(r"MARA_MEDIA_ROOT=(\S+)", image)[1])
    assert re.search(rf"install -d -o mara .* {folder.parent} {folder} ", image), (
        "the volume takes its owner from there"
    )
    for name, service in {**of_the_site(services), "front": services["front"]}.items():
        mounted = {place.split(":")[1] for place in service["volumes"]}
        assert str(folder) not in mounted, name
        assert str(folder.parent) in mounted, name
    front = (DEPLOY / "nginx" / "container.sh").read_text()
    assert re.search(r"@MEDIA_PARENT@\|([^|]+)\|", front)[1] == str(folder.parent)


def test_search_index__of_this_machine__is_the_one_that_a_restoration_forgets(services):
    folder = re.search(r"MARA_SEARCH_DIR=(\S+)", (DEPLOY / "Dockerfile").read_text())[1]
    kept = {
        next(place for place in service["volumes"] if folder in place) for service in of_the_site(services).values()
    }
    assert kept == {f"search:{folder}"}


def test_site__asked_to_end__hears_it_and_has_the_time(services):
    patience = int(re.search(r"--workers-kill-timeout (\d+)", (DEPLOY / "bin" / "web").read_text())[1])
    for name, service in of_the_site(services).items():
        assert service["init"], f"{name}: as the first process it hears nothing"
        assert seconds(service["stop_grace_period"]) > patience, name


def test_database__that_is_still_being_made__is_not_taken_for_ready(services):
    """What makes it answers on its socket only, ends, and the real one begins."""
    assert " -h 127.0.0.1 " in services["db"]["healthcheck"]["test"]


@pytest.mark.parametrize("ignored", [".dockerignore", ".gitignore"])
def test_secrets__beside_the_file__go_neither_into_the_image_nor_into_a_commit(ignored):
    lines = {line.strip("/") for line in (DEPLOY.parent / ignored).read_text().splitlines()}
    assert {"deploy/.env", f"deploy/{PurePosixPath(given()['MARA_TLS'])}"} <= lines


def test_front_server__while_the_site_is_made_again__goes_on(services):
    assert "depends_on" not in services["front"], "what waits for a container is stopped with it"
    journals = re.findall(r"@LOG@/(\S+)", (DEPLOY / "nginx" / "mara.conf").read_text())
    assert journals
    for journal in journals:
        script = (DEPLOY / "nginx" / "container.sh").read_text()
        assert f" /var/log/nginx/{journal.rstrip(';')}\n" in script, f"{journal} would grow for ever"


def program(folder: Path, name: str, text: str) -> None:
    """A program of the container, for the test."""
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def test_front_server__an_instance_that_comes_back_elsewhere__is_asked_there(services, tmp_path):
    """It starts without one that has no address, and lists it as soon as it has."""
    text = (DEPLOY / "nginx" / "container.sh").read_text().replace("/etc/mara-nginx", str(DEPLOY / "nginx"))
    for place in ("/etc/nginx", "/var/www", "/var/log"):
        text = text.replace(f"{place}/", f"{tmp_path}{place}/")
    for place in ("etc/nginx/conf.d", "var/log/nginx", "bin"):
        (tmp_path / place).mkdir(parents=True)
    told, addresses = tmp_path / "told", tmp_path / "addresses"
    program(tmp_path / "bin", "getent", f'sed -n "s/^$2=\\(.*\\)/\\1 STREAM $2/p" {addresses}')
    program(tmp_path / "bin", "nginx", f'echo "$*" >> {told}; [ "$1" != -g ] || exec sleep 60')
    addresses.write_text("web2=10.0.0.2\n")
    variables = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "MARA_NATIONAL_HOST": "mara.example.org"}
    front = subprocess.Popen(["sh", "-c", text], env=variables, start_new_session=True)
    try:
        listed = partial(servers_of, tmp_path / "etc/nginx/mara/upstream.conf")
        wait_until(lambda: told.exists() and told.read_text() == "-g daemon off;\n")
        assert listed() == {"127.0.0.1:8000", "10.0.0.2:8000"}
        addresses.write_text("web1=10.0.0.7\n")
        wait_until(lambda: told.read_text().endswith("-s reload\n"))
        assert listed() == {"10.0.0.7:8000", "10.0.0.2:8000"}, "one that is away keeps the last it had"
        assert (
            f"include {tmp_path}/etc/nginx/mara/upstream.conf;"
            in (tmp_path / "etc/nginx/conf.d/default.conf").read_text()
        )
    finally:
        os.killpg(front.pid, signal.SIGKILL)
        front.wait()
    assert {"web1", "web2"} <= set(services)


def servers_of(upstream: Path) -> set[str]:
    return set(re.findall(r"server (\S+) ", upstream.read_text()))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("fails", [None, "build", "web1"])
def test_upgrade__of_the_containers__one_instance_after_the_other_and_stops_at_what_fails(tmp_path, fails):
    told = tmp_path / "told"
    program(tmp_path, "docker", f'echo "$*" >> {told}; case "$*" in *{fails}*) exit 1;; esac')
    variables = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    outcome = run(DEPLOY / "upgrade-containers.sh", env=variables)
    steps = [line.removeprefix("compose -f compose.yml ") for line in told.read_text().splitlines()]
    wanted = ["run --rm backup", "build", "run --rm prepare"]
    wanted += [f"up -d --no-deps --wait {name}" for name in ("web1", "web2")]
    wanted += [
        "exec -T front /bin/sh /etc/mara-nginx/container.sh reload",
        "up -d front",
        "up -d --no-deps clock worker nights",
    ]
    assert outcome.returncode == (1 if fails else 0)
    last = next((index for index, step in enumerate(wanted) if fails and fails in step), len(wanted))
    assert steps == wanted[: last + 1]


@pytest.mark.parametrize(
    ("there", "date", "fails", "made"),
    [
        ("2026-12-05T00-20-00Z", "2026-12-06 7 06", "", ["make", "drill"]),
        ("2026-12-05T00-20-00Z", "2026-12-06 7 06", "make", ["make"]),
        ("2026-12-05T00-20-00Z", "2026-12-06 7 06", "drill", ["make", "drill"]),
        ("2026-12-06T00-20-00Z.partial", "2026-12-06 7 06", "", ["make", "drill"]),
        ("2026-12-06T00-20-00Z", "2026-12-06 7 06", "", []),
        ("2026-12-12T00-20-00Z", "2026-12-13 7 13", "", ["make"]),
        ("2026-12-06T00-20-00Z", "2026-12-07 1 07", "", ["make"]),
    ],
)
def test_nights__by_the_day_and_what_is_there__make_a_backup_and_prove_it(tmp_path, there, date, fails, made):
    """One turn of the shipped script: what fails does not end it."""
    told = tmp_path / "told"
    (tmp_path / "backups" / there).mkdir(parents=True)
    program(tmp_path, "date", f"echo {date}")
    program(tmp_path, "python", f'echo "$*" >> {told}; [ "$3" != "{fails}" ]')
    program(tmp_path, "sleep", f'echo "sleep $1" >> {told}; exit 9')
    variables = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "MARA_BACKUP_DIR": str(tmp_path / "backups")}
    outcome = run(DEPLOY / "nights.sh", env=variables)
    assert outcome.returncode == 9, outcome.stderr
    assert told.read_text().splitlines() == [*(f"-m mara_site.backup {action}" for action in made), "sleep 3600"]


def test_nights__in_containers__run_without_being_asked_for_and_find_the_backups(services):
    nights = services["nights"]
    assert "profiles" not in nights
    assert (DEPLOY.parent / nights["command"]) == DEPLOY / "nights.sh"
    folder = re.search(r"MARA_BACKUP_DIR=(\S+)", (DEPLOY / "Dockerfile").read_text())[1]
    assert f"backups:{folder}" in nights["volumes"]
    assert nights["restart"] == "unless-stopped"
