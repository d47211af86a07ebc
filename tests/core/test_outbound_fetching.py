"""Reading an address, against real TLS servers of this machine; only the network's addresses are the tests' own."""

from __future__ import annotations

import datetime as dt
import http.server
import socket
import ssl
import threading
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.outbound import Fetcher, UnfetchableError

HOST = "agenda.partenaire.example"
BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for one name, which is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        built.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


class Partner:
    """A server: what it answers to each path, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict]] = []
        self.answers: dict[str, tuple[int, dict, bytes]] = {"/a.ics": (200, {"ETag": '"1"'}, BODY)}
        self.port = 0


@pytest.fixture
def partner(certificate):
    partner = Partner()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            partner.asked.append((self.path, dict(self.headers)))
            status, headers, body = partner.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    partner.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield partner
    server.shutdown()
    server.server_close()


def names(**table):
    """A resolver that answers from a table, and keeps what it was asked."""
    asked = []

    def resolve(host, port, **kwargs):
        asked.append(host)
        answers = table[host]
        found = answers.pop(0) if isinstance(answers[0], list) else answers
        kinds = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in found]
        return [(kind, socket.SOCK_STREAM, 6, "", (address, port)) for kind, address in zip(kinds, found, strict=True)]

    resolve.asked = asked
    return resolve


@pytest.fixture
def fetcher(partner, certificate):
    """One for which this machine is the public internet, and the rest is as it is."""

    def make(**options):
        options.setdefault("resolve", names(**{HOST: ["127.0.0.1"]}))
        context = ssl.create_default_context(cafile=str(certificate))
        allows = options.pop("allows", lambda address: address == "127.0.0.1")
        return Fetcher(allows=allows, port=partner.port, context=context, **options)

    return make


def read(fetcher, partner, path="/a.ics", host=HOST, **kwargs):
    return fetcher.fetch(f"https://{host}:{partner.port}{path}", accept="text/calendar", **kwargs)


def test_fetch__a_partner__is_read_by_its_name(partner, fetcher):
    answer = read(fetcher(), partner)
    assert (answer.body, answer.etag) == (BODY, '"1"')
    assert partner.asked[0][1]["Host"] == f"{HOST}:{partner.port}"
    assert partner.asked[0][1]["Accept-Encoding"] == "identity"
    assert "Cookie" not in partner.asked[0][1]


def test_fetch__nothing_changed__sends_nothing_again(partner, fetcher):
    partner.answers["/a.ics"] = (304, {"ETag": '"1"'}, b"")
    answer = read(fetcher(), partner, etag='"1"', last_modified="Mon, 02 Nov 2026 10:00:00 GMT")
    assert answer.body is None
    asked = partner.asked[0][1]
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"1"', "Mon, 02 Nov 2026 10:00:00 GMT")


def test_fetch__a_certificate_of_another_name__is_refused(partner, fetcher):
    other = fetcher(resolve=names(**{"autre.partenaire.example": ["127.0.0.1"]}))
    with pytest.raises(UnfetchableError, match="sécurisé"):
        read(other, partner, host="autre.partenaire.example")
    assert partner.asked == []


def test_fetch__a_certificate_nobody_vouches_for__is_refused(partner, fetcher):
    strict = Fetcher(allows=lambda a: True, port=partner.port, resolve=names(**{HOST: ["127.0.0.1"]}))
    with pytest.raises(UnfetchableError, match="sécurisé"):
        read(strict, partner)
    assert partner.asked == []


@pytest.mark.parametrize(
    "answers",
    [["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"]],
)
def test_fetch__a_name_that_leads_to_a_private_network__is_refused_before_any_connection(partner, fetcher, answers):
    with pytest.raises(UnfetchableError, match="site public"):
        read(fetcher(resolve=names(**{HOST: answers})), partner)
    assert partner.asked == []


def test_fetch__with_the_rules_of_production__this_machine_is_never_connected_to(partner, certificate):
    context = ssl.create_default_context(cafile=str(certificate))
    strict = Fetcher(port=partner.port, context=context, resolve=names(**{HOST: ["127.0.0.1"]}))
    with pytest.raises(UnfetchableError, match="site public"):
        read(strict, partner)
    assert partner.asked == []


def test_fetch__a_name_that_changes_its_mind__is_resolved_once_and_reached_where_it_was_checked(partner, fetcher):
    resolve = names(**{HOST: [["127.0.0.1"], ["10.0.0.1"]]})
    assert read(fetcher(resolve=resolve), partner).body == BODY
    assert resolve.asked == [HOST]


def test_fetch__redirected__is_followed_three_times_and_no_more(partner, fetcher):
    for number in range(4):
        partner.answers[f"/{number}"] = (302, {"Location": f"/{number - 1}" if number else "/a.ics"}, b"")
    assert read(fetcher(), partner, "/2").body == BODY
    with pytest.raises(UnfetchableError, match="sans fin"):
        read(fetcher(), partner, "/3")


@pytest.mark.parametrize(
    "location",
    [
        "https://interne.partenaire.example:{port}/secret",
        "https://127.0.0.1:{port}/secret",
        "https://[::1]:{port}/secret",
        "http://agenda.partenaire.example/a.ics",
        "https://agenda.partenaire.example:22/",
        "https://a:b@agenda.partenaire.example:{port}/a.ics",
        "file:///etc/passwd",
        "//localhost:{port}/secret",
        "https://mara.example.org:{port}/",
    ],
)
def test_fetch__redirected_where_one_may_not_go__stops_there(partner, fetcher, location):
    partner.answers["/vers"] = (302, {"Location": location.format(port=partner.port)}, b"")
    resolve = names(**{HOST: ["127.0.0.1"], "interne.partenaire.example": ["10.0.0.1"]})
    with pytest.raises(UnfetchableError):
        read(fetcher(resolve=resolve, own_hosts={"mara.example.org"}), partner, "/vers")
    assert [path for path, _headers in partner.asked] == ["/vers"]


def test_fetch__redirected_to_a_name_that_changed_its_mind__is_checked_again(partner, fetcher):
    partner.answers["/vers"] = (302, {"Location": "/a.ics"}, b"")
    resolve = names(**{HOST: [["127.0.0.1"], ["192.168.0.1"]]})
    with pytest.raises(UnfetchableError, match="site public"):
        read(fetcher(resolve=resolve), partner, "/vers")


def test_fetch__more_than_is_read__stops_in_the_stream(partner, fetcher):
    partner.answers["/a.ics"] = (200, {}, b"x" * 300_000)
    with pytest.raises(UnfetchableError, match="volumineux"):
        read(fetcher(max_bytes=50_000), partner)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 204, 206])
def test_fetch__another_answer__is_told_by_its_number(partner, fetcher, status):
    partner.answers["/a.ics"] = (status, {}, b"")
    with pytest.raises(UnfetchableError, match=str(status)):
        read(fetcher(), partner)


def test_fetch__compressed_or_cut__is_refused(partner, fetcher):
    partner.answers |= {
        "/gz": (200, {"Content-Encoding": "gzip"}, b"x"),
        "/cut": (200, {"Content-Length": "99"}, b"x"),
    }
    for path in partner.answers.keys() - {"/a.ics"}:
        with pytest.raises(UnfetchableError):
            read(fetcher(), partner, path)


@contextmanager
def drip(certificate, first: bytes, *, handshake: bool):
    """A server that says something, then one byte from time to time, for ever."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        peer, _where = listener.accept()
        try:
            if handshake:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate)
                peer = context.wrap_socket(peer, server_side=True)
                peer.sendall(first)
            while not stop.wait(0.1):
                if handshake:
                    peer.sendall(b"x")
        except OSError:
            pass
        finally:
            peer.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        thread.join(5)
        listener.close()


@pytest.mark.parametrize(
    ("first", "handshake"),
    [(b"", False), (b"HTTP/1.1 200 OK\r\nX: ", True), (b"HTTP/1.1 200 OK\r\n\r\n", True)],
    ids=["handshake", "headers", "body"],
)
def test_fetch__one_byte_at_a_time__ends_all_the_same(certificate, first, handshake):
    with drip(certificate, first, handshake=handshake) as port:
        fetcher = Fetcher(
            allows=lambda address: True,
            port=port,
            context=ssl.create_default_context(cafile=str(certificate)),
            resolve=names(**{HOST: ["127.0.0.1"]}),
            seconds=0.6,
        )
        with pytest.raises(UnfetchableError, match="trop longtemps"):
            fetcher.fetch(f"https://{HOST}:{port}/", accept="*/*")


def test_fetch__a_resolver_that_never_answers__is_left_behind():
    release = threading.Event()
    fetcher = Fetcher(resolve=lambda *args, **kwargs: release.wait(30) and [], seconds=0.2)
    with pytest.raises(UnfetchableError, match="trop longtemps"):
        fetcher.fetch(f"https://{HOST}/", accept="*/*")
    release.set()


def test_fetch__a_name_that_does_not_exist__is_said():
    def absent(*args, **kwargs):
        raise socket.gaierror

    with pytest.raises(UnfetchableError, match="ne répond pas"):
        Fetcher(resolve=absent).fetch(f"https://{HOST}/", accept="*/*")
