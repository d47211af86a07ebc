"""Several application servers on one Redis and one bucket: by variables alone; and what happens when one is gone."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.request
from io import BytesIO

import boto3
import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from environ import Env
from moto.server import ThreadedMotoServer
from PIL import Image
from wagtail.images import get_image_model

from mara_site.backup import media
from mara_site.backup.manifest import File
from mara_site.settings.page_cache import page_store
from mara_site.settings.stores import bucket
from mara_site.storage import BucketStorage


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def s3(monkeypatch):
    """The address of an S3 server of this machine, with one bucket."""
    for name, value in {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "gra"}.items():
        monkeypatch.setenv(name, value)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=address).create_bucket(
        Bucket="mara", CreateBucketConfiguration={"LocationConstraint": "gra"}
    )
    yield address
    urllib.request.urlopen(urllib.request.Request(f"{address}/moto-api/reset", method="POST"), timeout=5).close()
    server.stop()


@pytest.fixture
def files(s3, settings):
    """Two instances' storages on the same bucket, the first one being the site's."""
    configured = bucket("mara", s3, "gra")
    settings.STORAGES = {**settings.STORAGES, "default": configured}
    return storages.create_storage(configured), storages.create_storage(configured)


@pytest.fixture
def redis():
    """A Redis of this machine: its address, and what stops it."""
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("redis-server est absent (sudo apt install redis-server)")
    port = free_port()
    server = subprocess.Popen([program, "--port", str(port), "--save", ""], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}/0", server
    server.kill()
    server.wait()


def test_bucket__file_uploaded_on_one_server__is_read_on_the_other(files):
    one, other = files
    name = one.save("images/été.jpg", ContentFile(b"photo"))
    assert other.open(name).read() == b"photo"
    assert one.save("images/été.jpg", ContentFile(b"other")) != name
    assert other.open(name).read() == b"photo"


def test_bucket__address_of_a_file__is_ours(files):
    one, _other = files
    assert isinstance(one, BucketStorage)
    assert one.url("images/l’été.jpg") == "/media/images/l%E2%80%99%C3%A9t%C3%A9.jpg"


@pytest.mark.django_db
def test_bucket__file_asked_by_a_visitor__is_served_and_private_ones_are_not(files, world, settings):
    one, _other = files
    settings.MARA_SERVE_MEDIA = True
    for name in ("images/a.jpg", "documents/a.pdf", "original_images/a.jpg"):
        one.save(name, ContentFile(b"photo"))
    client = Client(headers={"host": world.national_host})
    response = client.get("/media/images/a.jpg")
    assert b"".join(response.streaming_content) == b"photo"
    assert response["Content-Type"] == "image/jpeg"
    assert "max-age" in response["Cache-Control"]
    for path in ("documents/a.pdf", "original_images/a.jpg", "images/absent.jpg", "images/../documents/a.pdf"):
        assert client.get(f"/media/{path}").status_code == 404


@pytest.mark.django_db
def test_bucket__away__a_visitor_and_whoever_sends_a_file_are_told_in_french(world, settings, signed_in):
    settings.STORAGES = {**settings.STORAGES, "default": bucket("mara", "http://127.0.0.1:1", "gra")}
    settings.MARA_SERVE_MEDIA = True
    answer = Client(headers={"host": world.national_host}).get("/media/images/a.jpg")
    assert answer.status_code == 503
    assert "ne répond pas" in answer.content.decode()
    drawn = BytesIO()
    Image.new("RGB", (20, 20)).save(drawn, "PNG")
    file = SimpleUploadedFile("une.png", drawn.getvalue(), "image/png")
    sent = {"title": "Une", "file": file, "collection": world.a.collection_id}
    answer = signed_in("referent_a").post("/admin/images/add/", sent)
    assert answer.status_code == 503
    assert "Rien n’a été gardé" in answer.content.decode()
    assert not get_image_model().objects.filter(title="Une").exists()


def test_bucket__backup_and_restore__bring_every_file_back(files, tmp_path, s3):
    one, _other = files
    for name in ("images/a.jpg", "documents/2026/b.pdf"):
        one.save(name, ContentFile(name.encode()))
    known: dict[str, File] = {}
    media.copy_out(one, tmp_path, known, None)
    assert set(known) == {"images/a.jpg", "documents/2026/b.pdf"}
    boto3.client("s3", endpoint_url=s3).create_bucket(
        Bucket="empty", CreateBucketConfiguration={"LocationConstraint": "gra"}
    )
    empty = storages.create_storage(bucket("empty", s3, "gra"))
    assert media.is_empty(empty)
    media.send(tmp_path, known, empty)
    assert {name: empty.open(name).read().decode() for name in media.names(empty)} == {name: name for name in known}


def pages_in(address: str) -> dict:
    return page_store(Env.cache_url_config(address))


@pytest.mark.django_db
def test_pages__kept_in_redis__are_shared_by_two_servers(redis, settings):
    address, _server = redis
    settings.CACHES = {**settings.CACHES, "pages": pages_in(address), "of the other": pages_in(address)}
    caches["pages"].set("a-page", "its text")
    assert caches["of the other"].get("a-page") == "its text"


@pytest.mark.django_db
def test_pages__redis_gone__are_served_and_one_signs_in_all_the_same(redis, settings, world):
    address, server = redis
    settings.CACHES = {**settings.CACHES, "pages": pages_in(address)}
    client = Client(headers={"host": world.national_host})
    assert client.get("/").status_code == 200
    server.kill()
    server.wait()
    assert client.get("/").status_code == 200
    assert client.get("/annuaire/").status_code == 200
    assert client.post("/compte/connexion/", {"login": "x@example.net", "password": "x"}).status_code == 200
