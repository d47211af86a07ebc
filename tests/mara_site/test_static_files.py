import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from mara_site.staticfiles import CompressedStorage

ROOT = Path(__file__).resolve().parents[2]
STATIC_TAG = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")


def named_by_templates():
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for name in STATIC_TAG.findall(path.read_text(encoding="utf-8")):
            yield pytest.param(name, id=f"{path.relative_to(ROOT / 'templates')}-{name}")


@pytest.mark.parametrize("name", list(named_by_templates()))
def test_static_file__named_by_a_template__exists(name):
    assert finders.find(name), "collected static files would make a server error of this page"


def test_collected_files__of_the_whole_site__are_hashed_compressed_and_complete(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": f"{CompressedStorage.__module__}.{CompressedStorage.__name__}"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    [core] = tmp_path.glob("wagtailadmin/css/core.*.css")
    assert core.with_name(f"{core.name}.gz").stat().st_size < core.stat().st_size
    assert core.with_name(f"{core.name}.br").exists()
    assert not list(tmp_path.glob("wagtailadmin/css/core.css.gz"))
