"""What is measured: each product's environment, database and contents, made once, and the process that serves it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.rendering import PARAGRAPHS, WORDS
from benchmarks.stage import ROOT, say

HERE = Path(__file__).parent
FOLDER = ROOT / "var" / "benchmarks" / "anchors"
GROUPEMENTS = 100  # the size of the network
MADE = "made"  # a file that says from what the product was made


@dataclass
class Page:
    """A page that is asked for: its name in the table, where it is, the settings; whether its caches stay in between."""

    name: str
    path: str
    host: str = "localhost"
    settings: dict = field(default_factory=dict)
    kept: bool = False


@dataclass
class Product:
    """A product that runs in a folder, by its own Python, with these variables."""

    name: str
    python: Path
    folder: Path
    environment: dict[str, str]
    pages: list[Page]

    def run(self, *arguments: str) -> None:
        """Run one of its commands to the end, by ``python -m``."""
        outcome = subprocess.run(
            [self.python, "-m", *arguments],
            cwd=self.folder, env=os.environ | self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if outcome.returncode:
            raise SystemExit(f"{self.name}: {' '.join(arguments)}\n{outcome.stdout[-2000:]}{outcome.stderr[-4000:]}")


class Running:
    """The process of a product, which stays alive from one round to the next."""

    def __init__(self, product: Product) -> None:
        self.product = product
        with (FOLDER / f"{product.name}.log").open("w") as log:
            self.process = subprocess.Popen(
                [product.python, "-m", "benchmarks.anchors.child"],
                cwd=product.folder, env=os.environ | product.environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip

    def ask(self, page: Page, *, times: int = 0, count: bool = False) -> dict:
        """What the process says of so many requests for a page."""
        where = {"host": page.host, "path": page.path, "settings": page.settings, "kept": page.kept}
        question = where | {"times": times, "count": count}
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            said = (FOLDER / f"{self.product.name}.log").read_text()[-2000:]
            raise SystemExit(f"{self.product.name} stopped while {page.path} was asked:\n{said}")
        return json.loads(answer)

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)


# --- Others ---------------------------------------------------------------------------------------


def sites_conformes() -> Product:
    """The State's CMS, from PyPI, at the version pinned here."""
    folder = FOLDER / "sites-conformes"
    sources = [HERE / name for name in ("sites_conformes.txt", "content.py", "settings_sites_conformes.py")]
    product = Product(
        "sites-conformes",
        folder / "venv/bin/python",
        folder,
        variables(folder, "anchor_sites_conformes", "settings_sites_conformes") | {"HOST_URL": "localhost"},
        [
            Page("home", "/"),
            Page("list of articles", "/actualités/"),
            Page("article", "/actualités/article-3/"),
            Page("the same without links", "/actualités/article-plain/"),
        ],
    )
    if is_made(product, sources):
        return product
    make(product, ["-r", str(HERE / "sites_conformes.txt")])
    product.run("benchmarks.anchors.content")
    (folder / MADE).write_text(digest(sources))
    return product


def bakerydemo(checkout: Path) -> Product:
    """Wagtail's demonstration, from a checkout of https://github.com/wagtail/bakerydemo (PyPI does not have it)."""
    fixture, requirements = checkout / "bakerydemo/base/fixtures/bakerydemo.json", checkout / "requirements/base.txt"
    missing = [str(path) for path in (fixture, requirements) if not path.is_file()]
    if missing:
        raise SystemExit(f"{checkout} is not a checkout of bakerydemo: no {', no '.join(missing)}")
    folder, sources = FOLDER / "bakerydemo", [requirements, fixture, HERE / "settings_bakerydemo.py"]
    product = Product(
        "bakerydemo",
        folder / "venv/bin/python",
        checkout.resolve(),  # its templates are found from there
        variables(folder, "anchor_bakerydemo", "settings_bakerydemo", str(checkout.resolve())),
        [
            Page("home", "/"),
            Page("home, caches kept", "/", kept=True),  # renditions, root paths of sites
            Page("blog", "/blog/"),
            Page("breads", "/breads/"),
        ],
    )
    if is_made(product, sources):
        return product
    make(product, ["-r", str(requirements), "psycopg2-binary"])
    product.run("django", "load_initial_data")
    (folder / MADE).write_text(digest(sources))
    return product


def variables(folder: Path, database: str, settings: str, *paths: str) -> dict[str, str]:
    """The environment in which a product runs."""
    return {
        "DATABASE_URL": url_of(database),
        "ANCHOR_DATABASE": database,
        "DJANGO_SETTINGS_MODULE": f"benchmarks.anchors.{settings}",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *paths]),
        "SECRET_KEY": "measured-and-thrown-away",
        "DEBUG": "0",
        "ANCHOR_FOLDER": str(folder),
    }


def make(product: Product, requirements: list[str]) -> None:
    """An environment, an empty database with the product's tables, and its static files."""
    folder = Path(product.environment["ANCHOR_FOLDER"])
    say(f"making {product.name} in {folder}: some minutes, once")
    (folder / MADE).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    for command in (
        [sys.executable, "-m", "venv", folder / "venv"],
        [product.python, "-m", "pip", "install", "--quiet", *requirements],
    ):
        if subprocess.run(command, check=False).returncode:
            raise SystemExit(f"the environment of {product.name} cannot be made")
    empty_database(product.environment["ANCHOR_DATABASE"])
    product.run("django", "migrate", "--verbosity", "0")
    product.run("django", "collectstatic", "--no-input", "--verbosity", "0")


def is_made(product: Product, sources: list[Path]) -> bool:
    """Whether the product is there, made from these files, and its database too."""
    made = Path(product.environment["ANCHOR_FOLDER"]) / MADE
    name = product.environment["ANCHOR_DATABASE"]
    return made.is_file() and made.read_text() == digest(sources) and name in databases()


def digest(sources: list[Path]) -> str:
    """What the files hold, and the words of our own chapter, which are written in the others too."""
    words = f"{PARAGRAPHS} {WORDS}".encode()
    return hashlib.sha256(words.join(path.read_bytes() for path in sources)).hexdigest()


# --- Databases ------------------------------------------------------------------------------------


def url_of(database: str) -> str:
    """The address of another database of the server that the tests use."""
    from django.db import connection

    wanted = ("host", "port", "user", "password")
    server = {name: value for name, value in connection.get_connection_params().items() if name in wanted}
    return f"postgres:///{database}?{urlencode(server)}"


def databases() -> set[str]:
    from django.db import connection

    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


def empty_database(name: str) -> None:
    from django.db import connection

    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')


# --- Ours -----------------------------------------------------------------------------------------


def ours(folder: Path) -> Product:
    """This product in production's settings, on the scratch database that is open, with a network of 100 groupements."""
    from django.conf import settings
    from django.db import connection

    from benchmarks.rendering import addresses, analyse
    from tests.factories import world as world_module
    from tests.factories.network import multiply_groupements

    world_module.build()
    places = addresses(world_module.load())
    multiply_groupements(world_module.load(), GROUPEMENTS)
    analyse()
    product = Product(
        "MARA",
        Path(sys.executable),
        ROOT,
        {
            "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
            "DJANGO_SETTINGS_MODULE": "mara_site.settings.production",
            "DJANGO_SECRET_KEY": "measured-and-thrown-away-" + "0123456789abcdefghijklmnopqrstuvwxyz",
            "MARA_NATIONAL_HOST": settings.MARA_NATIONAL_HOST,
            "MARA_PAGE_CACHE_URL": "dummycache://",
            "MARA_MEDIA_ROOT": str(folder / "media"),
            "MARA_STATIC_ROOT": str(FOLDER / "static"),
            "MARA_SEARCH_DIR": str(folder / "search"),
        },
        [
            Page(f"{name}{state}", path, host, {"MARA_REMEMBER": remembers})
            for name, (host, path) in places.items()
            for state, remembers in (("", False), (", remembering", True))
        ],
    )
    (FOLDER / "static").mkdir(parents=True, exist_ok=True)
    product.run("django", "createcachetable")
    product.run("django", "collectstatic", "--no-input", "--verbosity", "0")
    return product
