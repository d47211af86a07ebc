"""Every variable looked at before a production process starts: all that is wrong is told at once, in French."""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from mara_site.env import REQUIRED, VARIABLES, read

SHORTEST_SECRET = 50  # characters, as Django's own check asks
TASK_PLACES = ("database", "immediate")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# Read by programs around the site, not by its settings.
OF_TOOLS = frozenset({"MARA_CHROMIUM", "MARA_TEST_SLOT", "MARA_FULL_MATRIX", "MARA_TLS"})
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_BOOLEANS = frozenset({"true", "false", "on", "off", "yes", "no", "y", "n", "ok", "1", "0", ""})


def require() -> None:
    """Raise ImproperlyConfigured, with every problem in one message, unless the environment is complete."""
    if found := problems(os.environ):
        raise ImproperlyConfigured("\n".join(["Les variables d'environnement sont à reprendre :", *found]))


def problems(environment: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the variables, one sentence each: missing, malformed, unlikely, unknown."""
    found = [problem for name in VARIABLES if (problem := _unreadable(name, environment))]
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    found += [_unknown(name) for name in sorted(given) if _is_unknown(name)]
    for rule in (_secret, _host, _admin_url, _log_level, _tasks, _copy, _bucket, _folders, _listen, _others):
        found += rule(given)
    return [f"- {problem}" for problem in found]


def _unreadable(name: str, environment: Mapping[str, str]) -> str:
    if name not in environment and VARIABLES[name].default is not REQUIRED:
        return ""
    if VARIABLES[name].default is REQUIRED and not environment.get(name, "").strip():
        return f"{name} n'est pas définie ({VARIABLES[name].purpose})."
    if VARIABLES[name].kind == "bool" and environment[name].strip().lower() not in _BOOLEANS:
        return f"{name} est illisible, on attend : True ou False."
    try:
        read(name)
    except ImproperlyConfigured as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever a parser says of an address, the reader needs a sentence
        return f"{name} est illisible ({VARIABLES[name].purpose}) : {type(error).__name__}."
    return ""


def _is_unknown(name: str) -> bool:
    return name.startswith("MARA_") and name not in VARIABLES and name not in OF_TOOLS


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, VARIABLES, n=1, cutoff=0.7)
    return f"{name} n'est pas une variable du site{f' : vouliez-vous {near[0]} ?' if near else '.'}"


def _secret(given: Mapping[str, str]) -> list[str]:
    secret = given.get("DJANGO_SECRET_KEY", "")
    if secret and len(secret) < SHORTEST_SECRET:
        return [f"DJANGO_SECRET_KEY est trop courte : au moins {SHORTEST_SECRET} caractères tirés au hasard."]
    return []


def _host(given: Mapping[str, str]) -> list[str]:
    host = given.get("MARA_NATIONAL_HOST", "")
    if host and not _HOST.fullmatch(host):
        return [f"MARA_NATIONAL_HOST doit être un nom seul, comme mara.exemple.org, et non « {host} »."]
    return []


def _admin_url(given: Mapping[str, str]) -> list[str]:
    address = given.get("MARA_ADMIN_URL", "")
    return ["MARA_ADMIN_URL doit commencer par https://."] if address and not address.startswith("https://") else []


def _log_level(given: Mapping[str, str]) -> list[str]:
    level = given.get("MARA_LOG_LEVEL", "INFO")
    return [f"MARA_LOG_LEVEL doit être l'un de : {', '.join(LEVELS)}."] if level not in LEVELS else []


def _tasks(given: Mapping[str, str]) -> list[str]:
    place = given.get("MARA_TASKS", TASK_PLACES[0])
    return [f"MARA_TASKS doit être l'un de : {', '.join(TASK_PLACES)}."] if place not in TASK_PLACES else []


def _copy(given: Mapping[str, str]) -> list[str]:
    if "MARA_BACKUP_COPY" in given and "MARA_BACKUP_PASSWORD" not in given:
        return ["MARA_BACKUP_COPY demande MARA_BACKUP_PASSWORD : la copie ailleurs est chiffrée avec elle."]
    return []


def _bucket(given: Mapping[str, str]) -> list[str]:
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    if "MARA_S3_BUCKET" in given and not all(key in given for key in keys):
        return [f"MARA_S3_BUCKET demande les clés du service : {' et '.join(keys)}."]
    return []


def _folders(given: Mapping[str, str]) -> list[str]:
    """Folders that are there and that we may not write in; those that are not are made when first needed."""
    names = ("MARA_MEDIA_ROOT", "MARA_SEARCH_DIR", "MARA_BACKUP_DIR")
    kept = [(name, Path(given[name])) for name in names if name in given]
    relative = [
        f"{name} doit être un chemin complet, qui commence par /." for name, path in kept if not path.is_absolute()
    ]
    closed = [
        f"{name} : le dossier {path} n'est pas ouvert en écriture à l'utilisateur du site."
        for name, path in kept
        if path.is_dir() and not os.access(path, os.W_OK | os.X_OK)
    ]
    return relative + closed


def _listen(given: Mapping[str, str]) -> list[str]:
    address = given.get("MARA_LISTEN", VARIABLES["MARA_LISTEN"].default)
    return [] if _is_address(address) else [f"MARA_LISTEN doit être une adresse comme 10.0.0.1, et non « {address} »."]


def _others(given: Mapping[str, str]) -> list[str]:
    """Addresses rather than names: the front server does not start when one of its names leads nowhere."""
    wrong = [place for place in given.get("MARA_OTHER_INSTANCES", "").split(",") if place and not _is_instance(place)]
    if not wrong:
        return []
    return [f"MARA_OTHER_INSTANCES attend des adresses comme 10.0.0.2:8001, et non « {wrong[0]} »."]


def _is_instance(place: str) -> bool:
    address, _colon, port = place.strip().partition(":")
    return _is_address(address) and port.isdecimal() and 0 < int(port) < 65536


def _is_address(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True
