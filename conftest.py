"""What every test run needs before its first test."""

import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings


def pytest_sessionstart(session: pytest.Session) -> None:
    """Have the template of the test databases made, once for all the workers, in a process of its own."""
    if not hasattr(session.config, "workerinput") and not session.config.option.collectonly:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "mara_site.settings.test"}
        command = [sys.executable, "-m", "mara_site.database.template"]
        subprocess.run(command, cwd=session.config.rootpath, env=environment, check=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the files that the tests of this process uploaded."""
    if settings.configured:
        shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
