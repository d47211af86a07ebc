"""What the shipped front server gives again, and what it must not: a real nginx, before an instance of our own."""

from __future__ import annotations

import contextlib
import http.server
import socket
import subprocess
import threading
import time

import pytest

from core.page_cache import middleware
from tests.mara_site.deploying import HOST, front_folder, needs, run

pytestmark = [needs("nginx"), needs("openssl"), needs("curl")]
# Kept, then given while it is asked for again (mara_site/settings/page_cache.py); a little more, for whoever is slow.
SEEN_EVERYWHERE = 2 + 2 + 1  # seconds


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Instance:
    """An application server whose every address answers the same, with the headers that ours has."""

    def __init__(self, port: int) -> None:
        self.status = 200
        instance = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = str(instance.status).encode()
                self.send_response(instance.status)
                if instance.status == 200:
                    self.send_header("Cache-Control", middleware.cache_control())
                    self.send_header("ETag", '"of the page"')
                elif instance.status < 500:
                    self.send_header("Cache-Control", middleware.gone_cache_control())
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def visit(tmp_path):
    """An instance, and what a visitor gets of it through the front server: a status, and what the cache did."""
    https, upstream = free_port(), free_port()
    folder = front_folder(tmp_path, http=free_port(), https=https, upstream=upstream)
    instance = Instance(upstream)
    nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"])

    def get() -> tuple[int, str]:
        said = run(
            "curl", "-sk", "-o", "/dev/null", "-w", "%{http_code} %header{x-cache}",
            "--resolve", f"{HOST}:{https}:127.0.0.1", f"https://{HOST}:{https}/",
        ).stdout.split()  # fmt: skip
        return int(said[0]), said[1] if len(said) > 1 else ""

    for _moment in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", https), timeout=1):
            break
        time.sleep(0.1)
    get.instance = instance
    yield get
    nginx.terminate()
    nginx.wait(10)
    instance.close()


@pytest.mark.parametrize("status", [404, 302, 503])
def test_page__withdrawn_reserved_or_refused__is_seen_in_five_seconds_however_often_it_is_asked(visit, status):
    assert visit() == (200, "MISS")
    assert visit() == (200, "HIT")
    visit.instance.status = status
    until = time.monotonic() + SEEN_EVERYWHERE
    while time.monotonic() < until:
        visit()
        time.sleep(0.2)
    assert visit()[0] == status


def test_page__while_no_instance_answers__is_given_as_it_was(visit):
    visit()
    visit.instance.close()
    time.sleep(SEEN_EVERYWHERE)
    assert visit() == (200, "STALE")


def test_page__withdrawn_before_no_instance_answers__does_not_come_back(visit):
    visit()
    visit.instance.status = 404
    time.sleep(SEEN_EVERYWHERE)
    assert visit()[0] == 404
    visit.instance.close()
    time.sleep(SEEN_EVERYWHERE)
    assert visit()[0] == 404
