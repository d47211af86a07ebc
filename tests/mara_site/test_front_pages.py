"""What the shipped front server says itself, in French: nobody to ask, more sent than may be."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import re
import socket
import ssl
import subprocess
import threading
import time

import pytest

from tests.mara_site.deploying import DEPLOY, HOST, front_folder, needs

pytestmark = [needs("nginx"), needs("openssl")]
STATIC = DEPLOY.parent / "mara_site" / "static"
NO_HELLO = b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"  # a record of TLS, and nothing that begins a connection


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as probes:
        servers = [probes.enter_context(socket.create_server(("127.0.0.1", 0))) for _number in range(count)]
        return [server.getsockname()[1] for server in servers]


class WithoutDatabase(http.server.BaseHTTPRequestHandler):
    """An instance whose database is away."""

    def do_GET(self):
        self.send_response(503)
        self.send_header("Retry-After", "5")
        self.end_headers()

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def ask(tmp_path):
    """Ask the front server, behind which no instance runs: ``ask(method, path, body)``."""
    port, *others = free_ports(3)
    folder = front_folder(tmp_path, https=port, http=others[0], upstream=others[1])
    (folder / "mara").symlink_to(STATIC / "mara")
    site = folder / "site.conf"
    site.write_text(site.read_text().replace("client_header_timeout 10s", "client_header_timeout 2s"))
    server = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"])
    context = ssl._create_unverified_context()

    def connect(source: str = "127.0.0.1") -> ssl.SSLSocket:
        raw = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(source, 0))
        return context.wrap_socket(raw, server_hostname=HOST)

    def begin_form() -> ssl.SSLSocket:
        """A form that is announced, and does not come."""
        connection = connect()
        connection.sendall(f"POST /etre-rappele/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 999\r\n\r\na".encode())
        return connection

    def fetch(
        method: str, path: str, body: bytes | None = None, source: str = "127.0.0.1"
    ) -> tuple[int, http.client.HTTPMessage, str]:
        with contextlib.closing(http.client.HTTPSConnection("127.0.0.1", port)) as connection:
            connection.sock = connect(source)
            connection.request(method, path, body, {"Host": HOST})
            with connection.getresponse() as response:
                return response.status, response.headers, response.read().decode()

    def stop() -> None:
        server.terminate()
        server.wait(timeout=10)

    fetch.folder, fetch.port, fetch.http, fetch.stop = folder, port, others[0], stop
    fetch.upstream, fetch.begin_form, fetch.connect = others[1], begin_form, connect
    for _try in range(100):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        time.sleep(0.05)
    yield fetch
    stop()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_front_server__nobody_to_ask__says_so_in_french_and_when_to_come_back(ask, method):
    status, headers, page = ask(method, "/etre-rappele/", b"name=Camille" if method == "POST" else None)
    assert status == 502
    assert "Le site n’a pas répondu" in page
    assert (headers["Retry-After"], headers["Cache-Control"]) == ("5", "no-store")
    assert "unsafe" not in headers["Content-Security-Policy"]
    for address in re.findall(r'href="([^"]+)"', page):
        assert ask("GET", address)[0] == 200


def test_front_server__more_than_may_be_sent__is_refused_in_french(ask):
    status, _headers, page = ask("POST", "/admin/images/add/", b"x" * (26 * 1024 * 1024))
    assert status == 413
    assert "Ce fichier est trop lourd" in page


def test_front_server__forms_sent_a_letter_at_a_time__leave_room_for_readings_and_for_others(ask):
    most = int(re.search(r"limit_conn mara_senders (\d+);", (DEPLOY / "nginx/mara.conf").read_text())[1])
    with contextlib.ExitStack() as slow:
        for _number in range(most):
            slow.enter_context(ask.begin_form())
        status, headers, page = eventually(lambda: ask("POST", "/etre-rappele/", b"name=Camille"), 429)
        assert status == 429
        assert "Trop d’envois à la fois" in page
        assert headers["Retry-After"] == "5"
        assert ask("GET", "/guides/")[0] == 502, "nobody answers, but it is asked"
        assert ask("POST", "/etre-rappele/", b"name=Camille", source="127.0.0.2")[0] == 502
    assert eventually(lambda: ask("POST", "/etre-rappele/", b"name=Camille"), 502)[0] == 502


def test_front_server__a_heading_sent_a_letter_at_a_time__is_not_waited_for(ask):
    with ask.connect() as connection:
        connection.settimeout(0.3)
        connection.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        for _letter in range(60):  # the directive of another server would be one of 60 seconds
            with contextlib.suppress(TimeoutError):
                assert connection.recv(64) == b""
                return
            connection.sendall(b"a")
    pytest.fail("still open after 18 seconds")


def eventually(fetch, status: int):
    """What is answered, once it is that or a while has passed: connections are opened and closed in their time."""
    for _try in range(50):
        answer = fetch()
        if answer[0] == status:
            break
        time.sleep(0.1)
    return answer


def test_front_server__its_own_pages__are_no_addresses(ask):
    assert ask("GET", "/static/mara/front/no-answer.html")[0] == 404


def test_front_server__instances_without_a_database__what_they_say_is_passed_on_each_time(ask):
    with http.server.ThreadingHTTPServer(("127.0.0.1", ask.upstream), WithoutDatabase) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for number in range(8):
            status, headers, _page = ask("GET", f"/guides/?page={number}")
            assert (status, headers["Retry-After"]) == (503, "5"), number
        server.shutdown()


def test_front_server__a_request_that_fails__leaves_neither_its_address_nor_the_visitors_in_a_journal(ask):
    """Nobody to ask, too much sent, a file that is not there over plain HTTP, a handshake that makes no sense."""
    visitor, secret = "127.0.0.3", "jeton-de-camille"
    assert ask("GET", f"/toujours-exact/{secret}/?q={secret}", source=visitor)[0] == 502
    assert ask("POST", f"/inscription/suivi/{secret}/", b"x" * (26 * 1024 * 1024), source=visitor)[0] == 413
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", ask.http, source_address=(visitor, 0))) as plain:
        plain.request("GET", f"/.well-known/acme-challenge/{secret}", headers={"Host": HOST})
        assert plain.getresponse().status == 404
    with socket.create_connection(("127.0.0.1", ask.port), source_address=(visitor, 0)) as nonsense:
        nonsense.sendall(NO_HELLO)
        nonsense.recv(64)
    ask.stop()
    journals = {path.name: path.read_text() for path in (ask.folder / "log").iterdir()}
    assert re.findall(r'"status":(\d+)', journals["mara.access.log"]) == ["502", "413"]
    for name, journal in journals.items():
        assert secret not in journal, name
        assert visitor not in journal, name
