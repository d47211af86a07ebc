"""Lighthouse's mobile marks for the pages that visitors open, on a demonstration that is being served.

    make demo                                   # elsewhere
    python -m benchmarks.lighthouse [--port 8080]

Needs npx (Node.js 18 or later) and Chromium; npx brings Lighthouse. Prints a mark out of a hundred for each page and
subject, what is transferred without the images, and how much was asked of anybody else. Asserts nothing.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import subprocess
from urllib.parse import urlsplit

from benchmarks.stage import load, say, table
from mara_site.run.quality import find_browser

LIGHTHOUSE = "lighthouse@12.8.2"
HOST = "mara.localhost"
PAGES = (
    ("national home", "", "/"),
    ("home of a groupement", "finistere.", "/"),
    ("guides", "finistere.", "/guides/"),
    ("chapter", "finistere.", "/guides/decider-en-confiance/compter-et-verifier/"),
    ("directory", "finistere.", "/annuaire/"),
    ("calendar", "finistere.", "/agenda/"),
    ("search", "finistere.", "/recherche/?q=emploi"),
    ("groupements", "", "/groupements/"),
)
SUBJECTS = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless --no-sandbox --disable-gpu"


def look(address: str, browser: str) -> dict:
    """Lighthouse's whole report on one page."""
    command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", "--output-path=stdout"]
    command += ["--form-factor=mobile", f"--chrome-flags={FLAGS}"]
    for _attempt in range(3):  # it does not always reach the browser that it has just started
        done = subprocess.run(command, env=os.environ | {"CHROME_PATH": browser}, check=False, capture_output=True)
        if done.returncode == 0:
            return json.loads(done.stdout)
    raise SystemExit(done.stderr.decode())


def row(name: str, report: dict) -> list[str]:
    requests = [item for item in report["audits"]["network-requests"]["details"]["items"] if item.get("transferSize")]
    weight = sum(sent(item) for item in requests if not is_image(item))
    others = sum(not (urlsplit(item["url"]).hostname or HOST).endswith(HOST) for item in requests)
    marks = [f"{100 * report['categories'][subject]['score']:.0f}" for subject in SUBJECTS]
    return [name, *marks, f"{weight / 1000:.0f} kB", str(others)]


def is_image(item: dict) -> bool:
    """Pictures, the map and the icons, which are drawings, included."""
    return item.get("resourceType") == "Image" or urlsplit(item["url"]).path.endswith(".svg")


def sent(item: dict) -> int:
    """Bytes as the shipped front server sends them: it compresses pages, which the demonstration's server does not."""
    if item.get("resourceType") != "Document":
        return item["transferSize"]
    asked = urlsplit(item["url"])  # a name that Chromium knows for this machine's, and the system may not
    connection = http.client.HTTPConnection("127.0.0.1", asked.port)
    connection.request("GET", asked._replace(scheme="", netloc="").geturl(), headers={"Host": asked.netloc})
    body = connection.getresponse().read()
    return item["transferSize"] - len(body) + len(gzip.compress(body, compresslevel=1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8080)
    port = parser.parse_args().port
    browser = find_browser()
    if not browser:
        raise SystemExit("Chromium is absent: apt install chromium")
    rows = [row(name, look(f"http://{where}{HOST}:{port}{path}", browser)) for name, where, path in PAGES]
    say(load())
    table(["page", *SUBJECTS, "without images", "to others"], rows)


if __name__ == "__main__":
    main()
