"""All that is wrong with the variables is told at once, in French, before a process starts."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from mara_site import env_check

COMPLETE = {
    "DJANGO_SECRET_KEY": "k" * 60,
    "DATABASE_URL": "postgresql://mara@127.0.0.1/mara",
    "MARA_NATIONAL_HOST": "mara.example.org",
    "MARA_MEDIA_ROOT": "/srv/media",
    "PATH": "/usr/bin:/bin",
}


@pytest.fixture
def problems(monkeypatch):
    """What is said of a complete environment with these changes; ``None`` removes a variable."""

    def of(**changes):
        variables = {name: value for name, value in {**COMPLETE, **changes}.items() if value is not None}
        for name in [*env_check.VARIABLES, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return env_check.problems(variables)

    return of


def test_problems__complete_environment__are_none(problems):
    assert problems() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DATABASE_URL": None}, "DATABASE_URL n'est pas définie"),
        ({"DJANGO_SECRET_KEY": "court"}, "trop courte"),
        ({"MARA_NATIONAL_HOST": "https://mara.example.org/"}, "un nom seul"),
        ({"MARA_NATIONAL_HOST": "localhost"}, "un nom seul"),
        ({"MARA_HSTS_SECONDS": "un an"}, "MARA_HSTS_SECONDS"),
        ({"MARA_TRUST_PROXY": "oui"}, "True ou False"),
        ({"MARA_EMAIL_URL": "pigeon://"}, "MARA_EMAIL_URL"),
        ({"MARA_LOG_LEVEL": "bavard"}, "MARA_LOG_LEVEL"),
        ({"MARA_ADMIN_URL": "mara.example.org"}, "https://"),
        ({"MARA_EMAILURL": "smtp://x"}, "vouliez-vous MARA_EMAIL_URL"),
        ({"MARA_CHOSE": "x"}, "MARA_CHOSE n'est pas une variable du site."),
        ({"MARA_BACKUP_COPY": "/mnt/copie"}, "MARA_BACKUP_PASSWORD"),
        ({"MARA_S3_BUCKET": "mara"}, "AWS_ACCESS_KEY_ID"),
        ({"MARA_MEDIA_ROOT": "media"}, "chemin complet"),
        ({"MARA_LISTEN": "mara-2"}, "comme 10.0.0.1"),
        ({"MARA_OTHER_INSTANCES": "10.0.0.2:8001,10.0.0.2"}, "et non « 10.0.0.2 »"),
        ({"MARA_OTHER_INSTANCES": "mara-2:8001"}, "et non « mara-2:8001 »"),
        ({"MARA_OTHER_INSTANCES": "10.0.0.2:80010"}, "et non « 10.0.0.2:80010 »"),
    ],
)
def test_problems__one_variable_wrong__is_one_sentence_that_names_it(problems, changes, said):
    (problem,) = problems(**changes)
    assert said in problem


def test_problems__a_bucket_with_its_keys_and_a_copy_with_its_password__are_none(problems):
    keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    assert problems(MARA_S3_BUCKET="mara", MARA_BACKUP_COPY="/mnt", MARA_BACKUP_PASSWORD="p", **keys) == []


def test_problems__instances_of_other_machines__are_none(problems):
    assert problems(MARA_LISTEN="10.0.0.1", MARA_OTHER_INSTANCES="10.0.0.2:8001, 10.0.0.2:8002") == []


def test_problems__folder_of_somebody_else__is_told(problems, tmp_path, monkeypatch):
    monkeypatch.setattr(env_check.os, "access", lambda *arguments: False)
    (problem,) = problems(MARA_MEDIA_ROOT=str(tmp_path))
    assert str(tmp_path) in problem


def test_require__several_wrong__tells_them_all_at_once(problems):
    assert len(problems(DATABASE_URL="", MARA_LOG_LEVEL="bavard", MARA_NATIONAL_HOST=None)) == 3
    with pytest.raises(ImproperlyConfigured) as told:
        env_check.require()
    for name in ("DATABASE_URL", "MARA_LOG_LEVEL", "MARA_NATIONAL_HOST"):
        assert f"- {name}" in str(told.value)
