"""Two application servers that share PostgreSQL, a Redis and an S3 server of this machine, by variables alone.

    python -m benchmarks.several

Needs nginx, curl, openssl and redis-server. Each server is asked by itself, past the front server: what one made, kept,
wrote or was sent, the other has. Then Redis and the S3 server are killed. Prints what was tried, what came of it and in
how long; ends with an error if anything is not so.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import boto3
import requests
from bs4 import BeautifulSoup
from PIL import Image

from benchmarks.front.servers import HOST, Stage, free_ports, needed
from benchmarks.stage import load, say, table
from tests.controls import fields_of

SEEN_IN = 5.0  # seconds
HOME, GROUPEMENT = "/", f"finistere.{HOST}"


class Several(Stage):
    """The stage of the front server's drill, with Redis for kept pages and a bucket for files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (self.s3,) = free_ports(1)
        address = f"http://127.0.0.1:{self.s3}"
        self.environment |= {
            "MARA_PAGE_CACHE_URL": f"redis://127.0.0.1:{self.redis}/0",
            "MARA_S3_BUCKET": "mara", "MARA_S3_ENDPOINT": address, "MARA_S3_REGION": "gra",
            "AWS_ACCESS_KEY_ID": "one", "AWS_SECRET_ACCESS_KEY": "two", "AWS_DEFAULT_REGION": "gra",
        }  # fmt: skip
        self.bucket = self.beside([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.s3)], "s3")
        self.keeper = self.start_redis()
        os.environ |= {name: self.environment[name] for name in self.environment if name.startswith("AWS_")}
        wait(lambda: requests.get(address, timeout=1).ok, 30)
        boto3.client("s3", endpoint_url=address).create_bucket(
            Bucket="mara", CreateBucketConfiguration={"LocationConstraint": "gra"}
        )

    def start_redis(self) -> subprocess.Popen:
        return self.beside(["redis-server", "--port", str(self.redis), "--save", ""], "redis")

    def ask(self, instance: int, path: str, host: str = HOST, *, signed_in: bool = False, **sent) -> requests.Response:
        """Ask one of the two, as the front server does."""
        headers = {"Host": host, "X-Forwarded-Proto": "https", "Origin": f"https://{host}"}
        headers |= {"Referer": f"https://{host}{path}"}
        if signed_in:
            headers["Cookie"] = f"__Host-session={self.people['session']}; __Host-csrf={sent.pop('token', '')}"
        address = f"http://127.0.0.1:{self.ports[instance]}{path}"
        method = "POST" if sent else "GET"
        return requests.request(method, address, headers=headers, timeout=30, allow_redirects=False, **sent)

    def form(self, instance: int, path: str, selector: str) -> tuple[dict, str]:
        """The fields of a form of the administration, and the token that its cookie has."""
        answer = self.ask(instance, path, signed_in=True)
        fields = fields_of(BeautifulSoup(answer.text, "html.parser").select_one(selector))
        return fields, answer.cookies.get("__Host-csrf") or fields["csrfmiddlewaretoken"]


def wait(until: Callable[[], bool], seconds: float) -> float:
    """How long it took to be so, in seconds.

    Raises:
        AssertionError: it was not, in so many seconds.
    """
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        try:
            if until():
                return time.monotonic() - started
        except requests.RequestException:
            pass
        time.sleep(0.05)
    raise AssertionError(f"not in {seconds:.0f} s")


def kept_page(stage: Several) -> str:
    """A page made by one is given by the other."""
    made = stage.ask(0, HOME)
    given = stage.ask(1, HOME)
    assert "hit" in given.headers["Cache-Status"], given.headers["Cache-Status"]
    assert given.content == made.content
    return given.headers["Cache-Status"]


def session(stage: Several) -> str:
    """Who signed in on one is known on the other."""
    statuses = [stage.ask(instance, "/admin/", signed_in=True).status_code for instance in (0, 1)]
    assert statuses == [200, 200], statuses
    return "200, 200"


def publication(stage: Several) -> str:
    """What is published on one is read on the other."""
    (page, *_others), title = stage.people["written"], f"Un titre de {time.monotonic():.0f}"
    path = f"/admin/pages/{page}/edit/"
    fields, token = stage.form(0, path, "form[data-edit-form]")
    sent = fields | {"title": title, "body-count": "0", "action-publish": "action-publish"}
    stage.ask(1, "/actualites/", GROUPEMENT)
    answer = stage.ask(0, path, signed_in=True, token=token, data=sent)
    assert answer.status_code == 302, answer.text[:300]
    return f"after {wait(lambda: title in stage.ask(1, '/actualites/', GROUPEMENT).text, SEEN_IN):.1f} s"


def image(stage: Several) -> str:
    """An image sent to one is served by the other, out of the bucket."""
    drawn = io.BytesIO()
    Image.new("RGB", (900, 600), "navy").save(drawn, "JPEG")
    fields, token = stage.form(0, "/admin/images/add/", "form[enctype]")
    fields = {name: value for name, value in fields.items() if name != "file"} | {"title": "Envoyée à l'un"}
    file = ("une-photo.jpg", drawn.getvalue(), "image/jpeg")
    answer = stage.ask(0, "/admin/images/add/", signed_in=True, token=token, data=fields, files={"file": file})
    assert answer.status_code == 302, answer.text[:300]
    shown = re.search(r'/media/images/[^"]+', stage.ask(1, "/admin/images/", signed_in=True).text)
    assert shown, "the other does not list it"
    answers = [stage.ask(instance, shown.group()) for instance in (0, 1)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert not list((stage.disk / "media").rglob("*.jpg")), "it is on a server's own disk"
    return f"{len(answers[0].content)} bytes"


def without_redis(stage: Several) -> str:
    """Redis killed: both answer, and what is published is read on the other."""
    stage.keeper.kill()
    stage.keeper.wait()
    started = time.monotonic()
    assert [stage.ask(instance, HOME).status_code for instance in (0, 1)] == [200, 200]
    slowest = time.monotonic() - started
    return f"both in {slowest:.1f} s; published: {publication(stage)}"


def redis_again(stage: Several) -> str:
    """Redis started again: pages are kept again."""
    stage.keeper = stage.start_redis()
    kept = wait(lambda: "hit" in stage.ask(1, HOME).headers["Cache-Status"], 15)
    return f"after {kept:.1f} s"


def without_bucket(stage: Several) -> str:
    """The S3 server killed: pages are given, and a file is said, in French, not to be had for now."""
    stage.bucket.kill()
    stage.bucket.wait()
    statuses = [stage.ask(0, path, signed_in=True).status_code for path in ("/", "/guides/", "/admin/")]
    assert statuses == [200, 200, 200], statuses
    started = time.monotonic()
    answer = stage.ask(1, "/media/images/une-photo.max-165x165.jpg")
    assert (answer.status_code, "ne répond pas" in answer.text) == (503, True), answer.text[:300]
    return f"a file: 503, in French, after {time.monotonic() - started:.1f} s"


TRIED = (kept_page, session, publication, image, without_redis, redis_again, without_bucket)


def main() -> None:
    if missing := needed():
        raise SystemExit(f"missing: {', '.join(missing)}")
    rows, failed = [], []
    with tempfile.TemporaryDirectory(prefix="mara-several-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        stage = Several(folder)
        try:
            stage.set_up()
            for tried in TRIED:
                try:
                    rows.append([tried.__doc__, tried(stage)])
                except AssertionError as error:
                    rows.append([tried.__doc__, f"NOT SO: {error}"])
                    failed.append(tried.__name__)
        finally:
            stage.tear_down()
    table(["tried", "found"], rows)
    say(load())
    if failed:
        raise SystemExit("not so: " + ", ".join(failed))


if __name__ == "__main__":
    main()
