"""The site in containers, read as the programs that start it read it: no container can be started in a test."""

from __future__ import annotations

import re

import pytest
import yaml

from mara_site import env_check
from mara_site.env import VARIABLES
from tests.mara_site.deploying import DEPLOY

VALUES = {
    "MARA_NATIONAL_HOST": "mara.example.org",
    "DJANGO_SECRET_KEY": "k" * 70,
    "POSTGRES_PASSWORD": "secret",
    "MARA_BACKUP_PASSWORD": "p" * 20,
}
# ${NAME}, ${NAME:-what otherwise}, ${NAME:?what is said without it}
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


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
        assert kind == "-", f"{name}: {words}"
        return words

    return yaml.safe_load(VARIABLE.sub(replaced, (DEPLOY / "compose.yml").read_text()))


@pytest.fixture
def services() -> dict:
    return read(given())["services"]


def of_the_site(services: dict) -> dict:
    return {name: service for name, service in services.items() if service["image"] == "mara"}


def test_variables__that_the_file_replaces__are_those_of_the_example():
    used = {match[1] for match in VARIABLE.finditer((DEPLOY / "compose.yml").read_text())}
    assert used
    assert used <= set(given())


@pytest.mark.parametrize("name", ["MARA_NATIONAL_HOST", "POSTGRES_PASSWORD"])
def test_variables__without_which_nothing_works__are_asked_for(name):
    with pytest.raises(AssertionError, match=r"à donner dans deploy/\.env"):
        read({**given(), name: ""})


def test_site__each_of_its_containers__is_given_variables_that_the_site_takes(services, monkeypatch):
    ours = of_the_site(services)
    assert {"web1", "web2", "clock", "worker", "prepare", "backup"} == set(ours)
    image = dict(re.findall(r"([A-Z_]+)=(\S+)", (DEPLOY / "Dockerfile").read_text()))
    for name, service in ours.items():
        assert service["env_file"] == ".env"
        variables = {**image, **given(), **service["environment"]}
        for known in VARIABLES:
            monkeypatch.delenv(known, raising=False)
        for key, value in variables.items():
            monkeypatch.setenv(key, value)
        assert env_check.problems(variables) == [], name


def test_services__whatever_they_wait_for_or_mount__is_there(services):
    whole = read(given())
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        mounted = {place.partition(":")[0] for place in service.get("volumes", [])}
        assert {place for place in mounted if not place.startswith(".")} <= set(whole["volumes"]), name
        assert service["logging"]["options"]["max-size"], f"{name}: its journal is kept for ever"


def test_front_server__in_its_container__asks_the_instances_and_waits_for_them(services):
    script = (DEPLOY / "nginx" / "container.sh").read_text()
    instances = re.findall(r"/(\w+):8000/", script)
    assert set(instances) == {name for name in of_the_site(services) if name.startswith("web")}
    assert set(instances) <= set(services["front"]["depends_on"])
    journals = re.findall(r"@LOG@/(\S+)", (DEPLOY / "nginx" / "mara.conf").read_text())
    assert journals
    for journal in journals:
        assert f" /var/log/nginx/{journal.rstrip(';')}\n" in script, f"{journal} would grow for ever"
