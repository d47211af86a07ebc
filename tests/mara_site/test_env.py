import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from mara_site import env

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DJANGO_SECRET_KEY": "k" * 60,
    "DATABASE_URL": "postgresql://mara@127.0.0.1/mara",
    "MARA_NATIONAL_HOST": "mara.example.org",
    "MARA_MEDIA_ROOT": "/srv/media",
    "PATH": "/usr/bin:/bin",
    "PYTHONPATH": str(ROOT),
}


def load_production(variables, then="print(s.SECURE_SSL_REDIRECT)"):
    command = [sys.executable, "-c", f"import mara_site.settings.production as s; {then}"]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def test_page_of_variables__compared_with_the_table__lists_the_same():
    documented = set(re.findall(r"^\| `([A-Z0-9_]+)`", (ROOT / "docs" / "env-vars.md").read_text(), re.MULTILINE))
    pattern = r"""os\.environ(?:\.get\(|\[)"?([A-Z_]+)"""
    sources = [path.read_text() for path in (ROOT / "mara_site").rglob("*.py")]
    tools = {name for source in sources for name in re.findall(pattern, source)}
    constants = {"SLOT_VARIABLE": "MARA_TEST_SLOT"}
    assert documented == set(env.VARIABLES) | {constants.get(name, name) for name in tools}


def test_secrets__in_the_table__have_no_default():
    assert env.VARIABLES["DJANGO_SECRET_KEY"].default is env.REQUIRED
    assert env.VARIABLES["DATABASE_URL"].default is env.REQUIRED


def test_read__missing_variable__says_which_in_french(monkeypatch):
    monkeypatch.delenv("DJANGO_SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="DJANGO_SECRET_KEY n'est pas définie"):
        env.read("DJANGO_SECRET_KEY")


def test_read__malformed_number__says_which_in_french(monkeypatch):
    monkeypatch.setenv("MARA_HSTS_SECONDS", "un an")
    with pytest.raises(ImproperlyConfigured, match="MARA_HSTS_SECONDS est illisible"):
        env.read("MARA_HSTS_SECONDS")


def test_production_settings__complete_environment__load_and_redirect_to_https():
    outcome = load_production(PRODUCTION)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.strip() == "True"


@pytest.mark.parametrize("missing", ["DJANGO_SECRET_KEY", "DATABASE_URL", "MARA_NATIONAL_HOST", "MARA_MEDIA_ROOT"])
def test_production_settings__one_required_variable_missing__refuse_to_load(missing):
    outcome = load_production({name: value for name, value in PRODUCTION.items() if name != missing})
    assert outcome.returncode != 0
    assert f"{missing} n'est pas définie" in outcome.stderr


def test_production_settings__cookies__belong_to_one_host_over_https():
    names = "[s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME]"
    outcome = load_production(PRODUCTION, f"print(all(name.startswith('__Host-') for name in {names}))")
    assert outcome.stdout.strip() == "True"


def test_production_settings__demonstration__is_not_installed():
    outcome = load_production(PRODUCTION, "print('demo' in s.INSTALLED_APPS)")
    assert outcome.stdout.strip() == "False"


def test_production_settings__other_database__refuse_to_load():
    outcome = load_production({**PRODUCTION, "DATABASE_URL": "sqlite:///somewhere.db"})
    assert outcome.returncode != 0
    assert "PostgreSQL" in outcome.stderr


def test_production_settings__kept_pages_in_redis__give_up_on_it_quickly():
    variables = PRODUCTION | {"MARA_PAGE_CACHE_URL": "redis://127.0.0.1:6379/1"}
    outcome = load_production(variables, "print(s.CACHES['pages'])")
    assert outcome.returncode == 0, outcome.stderr
    assert "RedisCache" in outcome.stdout
    assert "'socket_timeout': 0.2" in outcome.stdout


def test_production_settings__a_front_cache_to_tell__is_told():
    caches = (
        '{"nginx": {"BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend", "LOCATION": "http://127.0.0.1"}}'
    )
    outcome = load_production(
        PRODUCTION | {"MARA_FRONT_CACHE": caches}, "print(s.INSTALLED_APPS[-1], s.WAGTAILFRONTENDCACHE['nginx'])"
    )
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.startswith("wagtail.contrib.frontend_cache {")
