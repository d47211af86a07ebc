import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from mara_site import views

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(settings):
    return Client(headers={"host": settings.MARA_NATIONAL_HOST})


def test_health__working_site__says_so_on_any_host(client):
    response = client.get("/sante/", headers={"host": "10.0.0.7"})
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": True}
    assert "no-store" in response["Cache-Control"]


def test_health__database_gone__is_503(rf):
    def refuse(*arguments):
        raise DatabaseError

    with connection.execute_wrapper(refuse):
        response = views.health(rf.get("/sante/"))
    assert response.status_code == 503


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/"])
def test_sign_in__wagtail_s_own_doors__lead_to_ours_and_keep_the_destination(client, world, door):
    response = client.get(f"{door}?next=/admin/pages/")
    assert response.status_code == 302
    assert response["Location"] == "/compte/connexion/?next=/admin/pages/"


def test_sign_in__wagtail_s_own_doors__refuse_a_posted_password(client, world):
    response = client.post("/admin/login/", {"username": "a@example.org", "password": "p"})
    assert response.status_code == 302
    assert not response.wsgi_request.user.is_authenticated


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_set_password"])
def test_account__addresses_we_do_not_offer__do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("address", ["/admin/password_reset/", "/django-admin/", "/compte/inscription/"])
def test_other_doors__do_not_exist(client, world, address):
    assert client.get(address).status_code in (302, 404)


def test_content_policy__public_page__allows_nothing_inline_and_no_frame(client, world):
    policy = client.get("/compte/connexion/")["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "default-src 'self'" in policy


def test_content_policy__administration__allows_inline_and_its_own_frames(client, world):
    policy = client.get("/admin/login/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy


def test_content_policy__address_that_only_looks_like_the_administration__is_strict(client, world):
    assert "unsafe-inline" not in client.get("/administration/")["Content-Security-Policy"]


def test_headers__any_page__carry_the_protections(client, world):
    response = client.get("/compte/connexion/")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["documents/secret.pdf", "original_images/photo.jpg", "../settings.py", "absent.jpg", "n" * 300]
)
def test_media__what_is_not_a_public_rendition__is_404(client, world, settings, path):
    for folder in ("documents", "original_images"):
        (settings.MEDIA_ROOT / folder).mkdir(parents=True, exist_ok=True)
    (settings.MEDIA_ROOT / "documents" / "secret.pdf").write_bytes(b"secret")
    (settings.MEDIA_ROOT / "original_images" / "photo.jpg").write_bytes(b"whole")
    assert client.get(f"/media/{path}").status_code == 404


@pytest.mark.parametrize("path", ["x/../documents/secret.pdf", "./documents/secret.pdf", "//documents/secret.pdf"])
def test_media__roundabout_ways_to_a_document__are_404(rf, settings, path):
    (settings.MEDIA_ROOT / "documents").mkdir(parents=True, exist_ok=True)
    (settings.MEDIA_ROOT / "documents" / "secret.pdf").write_bytes(b"secret")
    with pytest.raises(views.Http404):
        views.media(rf.get("/media/"), path)


def test_media__rendition__is_served(client, world, settings):
    (settings.MEDIA_ROOT / "images").mkdir(parents=True, exist_ok=True)
    (settings.MEDIA_ROOT / "images" / "photo.width-400.jpg").write_bytes(b"small")
    response = client.get("/media/images/photo.width-400.jpg")
    assert b"".join(response.streaming_content) == b"small"
    assert "max-age=" in response["Cache-Control"]


def test_media__production__leaves_it_to_the_web_server(client, world, settings):
    settings.MARA_SERVE_MEDIA = False
    (settings.MEDIA_ROOT / "images").mkdir(parents=True, exist_ok=True)
    (settings.MEDIA_ROOT / "images" / "photo.jpg").write_bytes(b"small")
    assert client.get("/media/images/photo.jpg").status_code == 404
