"""sites-conformes as it is deployed, from its own settings: only what its packaging left behind is mended.

The wheel renames its applications (``blog`` is ``sites_conformes.blog``) everywhere but in its settings and in five
templates. Read by the Python of its environment, in the folder where it writes.
"""

from pathlib import Path

from sites_conformes.config import settings as theirs

_RENAMED = {"content_manager", "blog", "events", "forms", "menus", "dashboard", "proconnect"}


def _name(dotted: str) -> str:
    return f"sites_conformes.{dotted}" if dotted.partition(".")[0] in _RENAMED else dotted


globals().update({name: getattr(theirs, name) for name in dir(theirs) if name.isupper()})

_HERE = Path.cwd()
INSTALLED_APPS = [*map(_name, theirs.INSTALLED_APPS), "sites_conformes", "sites_conformes.core"]
ROOT_URLCONF = "sites_conformes.config.urls"
WSGI_APPLICATION = "sites_conformes.config.wsgi.application"
STATIC_ROOT, MEDIA_ROOT = str(_HERE / "staticfiles"), str(_HERE / "media")
TEMPLATES = [
    engine
    | {
        "DIRS": [*engine["DIRS"], str(_HERE / "templates")],
        "OPTIONS": {"context_processors": [*map(_name, engine["OPTIONS"]["context_processors"])]},
    }
    for engine in theirs.TEMPLATES
]
