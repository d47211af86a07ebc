"""“État de l'installation”: what stands how, in words, for administrators alone."""

from __future__ import annotations

import datetime as dt
from collections import namedtuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core import mail as django_mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from mailer.models import RESULT_FAILURE, RESULT_SUCCESS, Message, MessageLog
from wagtail.models import Site

from mara_site.hosting import certificates, findings, pulses, readiness, versions
from mara_site.hosting.findings import State
from mara_site.hosting.models import Pulse
from mara_site.hosting.works import WORKS
from mara_site.run import scheduler
from tests.helpers import page_html

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def watched(settings):
    settings.MARA_BACKUPS_EXPECTED = True


def certificate_until(path, end: dt.datetime, names: tuple[str, ...] = ()) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mara.example.org")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(end - dt.timedelta(days=90)).not_valid_after(end)
    builder = builder.add_extension(x509.SubjectAlternativeName([*map(x509.DNSName, names)]), critical=False)
    path.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def states() -> dict[str, State]:
    return {finding.name: finding.state for finding in findings.findings()}


def test_screen__administrator__reads_it_from_the_menu_and_nobody_else_does(world, signed_in):
    address = reverse("hosting_status")
    assert address in page_html(signed_in("admin").get("/admin/"))
    assert "État de l’installation" in page_html(signed_in("admin").get(address))
    assert address not in page_html(signed_in("referent_a").get("/admin/"))
    for name in ("referent_a", "editor"):
        assert signed_in(name).get(address).status_code == 404
        assert signed_in(name).post(address).status_code == 404


def test_screen__test_message__goes_to_whoever_asks(world, signed_in, django_capture_on_commit_callbacks):
    response = signed_in("admin").post(reverse("hosting_status"), {"to": "x@example.net"}, follow=True)
    assert world.people["admin"].email in page_html(response)
    assert [message.to for message in django_mail.outbox] == [[world.people["admin"].email]]


def test_backup__never_made__is_to_be_put_right(watched):
    (backup,) = findings.backups({})
    assert backup.state == State.BAD
    assert "make backup" in backup.to_do


@pytest.mark.parametrize(("hours", "state"), [(25, State.GOOD), (27, State.BAD)])
def test_backup__by_its_age__is_well_or_not(watched, hours, state):
    pulses.succeeded(pulses.BACKUP)
    pulses.succeeded(pulses.COPY)
    Pulse.objects.update(succeeded_at=timezone.now() - dt.timedelta(hours=hours))
    backup, copy, drill = findings.backups(Pulse.objects.in_bulk())
    assert (backup.state, copy.state, drill.state) == (state, state, State.LOOK)


def test_clock__stopped__says_what_does_not_happen_any_more():
    assert findings.clock(None).state == State.BAD
    pulses.record({pulses.CLOCK: None})
    assert findings.clock(Pulse.objects.get()).state == State.GOOD


def test_works__one_that_fails__is_named_in_french(world, signed_in):
    pulses.record({"publish_scheduled": OSError("Durand"), "purge_mail": None})
    (found,) = findings.failing_works(Pulse.objects.in_bulk())
    assert "OSError" in found.seen
    html = page_html(signed_in("admin").get(reverse("hosting_status")))
    assert str(WORKS["publish_scheduled"]) in html
    assert "Durand" not in html


def test_works__those_of_the_clock__all_have_a_name():
    known = {*scheduler.COMMANDS, *scheduler.QUICK_COMMANDS, *scheduler.DAILY_COMMANDS}
    assert known == set(WORKS)


def test_queue__message_given_up__leads_to_its_screen():
    Message.objects.create(priority="4", retry_count=5, message_data="")
    found = findings.queue()
    assert (found.state, found.link) == (State.BAD, reverse("kept_mail"))
    Message.objects.all().delete()
    assert findings.queue().state == State.GOOD


@pytest.mark.parametrize(
    ("results", "state"),
    [
        ([], State.UNKNOWN),
        ([RESULT_SUCCESS], State.GOOD),
        ([RESULT_SUCCESS, RESULT_FAILURE], State.BAD),
        ([RESULT_FAILURE, RESULT_SUCCESS], State.GOOD),
    ],
)
def test_mail_server__by_its_last_answer__is_well_or_not(results, state):
    for number, result in enumerate(results):
        log = MessageLog.objects.create(result=result, when_added=timezone.now(), priority="2", message_data="")
        MessageLog.objects.filter(pk=log.pk).update(when_attempted=timezone.now() + dt.timedelta(minutes=number))
    assert findings.mail_server().state == state


@pytest.mark.parametrize(("free", "state"), [(11, State.GOOD), (9, State.BAD)])
def test_disk__by_what_is_left__is_well_or_not(monkeypatch, free, state):
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda path: Usage(100, 100 - free, free))
    assert findings.disk().state == state


@pytest.mark.parametrize(("days", "state"), [(60, State.GOOD), (10, State.BAD), (-1, State.BAD)])
def test_certificate__by_its_end__is_well_or_not(settings, tmp_path, days, state):
    certificate_until(tmp_path / "mara.pem", timezone.now() + dt.timedelta(days=days))
    settings.MARA_CERTIFICATE_FILE = str(tmp_path / "mara.pem")
    assert findings.certificate().state == state


def test_certificate__folder_of_several__counts_the_first_to_end(tmp_path):
    soon = timezone.now().replace(microsecond=0) + dt.timedelta(days=3)
    certificate_until(tmp_path / "a.pem", soon)
    certificate_until(tmp_path / "b.pem", soon + dt.timedelta(days=30))
    (tmp_path / "c.pem").write_text("illisible")
    assert certificates.first_to_end(tmp_path) == soon


@pytest.mark.parametrize("place", [None, "/nowhere/at/all.pem"])
def test_certificate__none_to_read__is_unknown(settings, place):
    settings.MARA_CERTIFICATE_FILE = place
    assert findings.certificate().state == State.UNKNOWN
    assert findings.sites_without_certificate() == []


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("mara.example.org", True),
        ("finistere.mara.example.org", True),
        ("groupement.example.net", True),
        ("www.groupement.example.net", False),
        ("agenda.finistere.mara.example.org", False),
        ("example.org", False),
    ],
)
def test_certificate__by_its_names__is_good_for_a_host_or_not(tmp_path, host, named):
    later = timezone.now() + dt.timedelta(days=60)
    certificate_until(tmp_path / "mara.pem", later, ("Mara.example.org", "*.mara.example.org"))
    certificate_until(tmp_path / "other.pem", later, ("groupement.example.net",))
    assert certificates.without(tmp_path, [host]) == ([] if named else [host])


def test_certificate__asked_for_before_a_groupement_opened__is_told_with_its_name_alone(
    world, signed_in, settings, tmp_path
):
    later, (lacking, *others) = timezone.now() + dt.timedelta(days=60), [world.a.site.hostname, world.b.site.hostname]
    settings.MARA_CERTIFICATE_FILE = str(tmp_path / "mara.pem")
    known = tuple(Site.objects.exclude(hostname=lacking).values_list("hostname", flat=True))
    certificate_until(tmp_path / "mara.pem", later, known)
    (found,) = findings.sites_without_certificate()
    assert found.state == State.BAD
    assert lacking in found.seen
    assert not any(host in found.seen for host in others)
    assert "n’est pas nommé dans le certificat" in page_html(signed_in("admin").get(reverse("hosting_status")))
    certificate_until(tmp_path / "mara.pem", later, (lacking, *known))
    assert findings.sites_without_certificate() == []


@pytest.mark.parametrize(
    ("until", "state"),
    [(dt.timedelta(days=200), State.GOOD), (dt.timedelta(days=20), State.LOOK), (dt.timedelta(days=-1), State.BAD)],
)
def test_support__by_its_last_day__is_well_or_not(monkeypatch, until, state):
    last = dict.fromkeys(versions.SUPPORTED_UNTIL, timezone.localdate() + dt.timedelta(days=400))
    known = [f"{item.name} {item.series}" for item in versions.components()]
    monkeypatch.setattr(versions, "SUPPORTED_UNTIL", {**last, known[0]: timezone.localdate() + until})
    assert findings.support().state == state


def test_support__series_nobody_knows__is_to_be_put_right(monkeypatch):
    monkeypatch.setattr(versions, "SUPPORTED_UNTIL", {})
    assert findings.support().state == State.BAD


def test_support__on_the_screen__does_not_claim_to_know_what_has_come_out(world, signed_in):
    html = page_html(signed_in("admin").get(reverse("hosting_status")))
    assert "le site ne demande à personne s’il en est sorti de plus récentes" in html


def test_disk__on_the_screen__says_which(world, signed_in):
    html = page_html(signed_in("admin").get(reverse("hosting_status")))
    assert "là où sont gardés\u00a0: fichiers déposés" in html


def test_components__as_they_are_pinned__are_well():
    assert versions.not_as_pinned() == []


def test_components__one_of_another_version__is_named(monkeypatch):
    monkeypatch.setattr(versions, "_requirements", lambda: "django==4.2.1   # via x\nwagtail-localize==0.1\n")
    assert [name.split()[0] for name in versions.not_as_pinned()] == ["django", "wagtail-localize"]


def test_turn__of_the_clock__is_written_down_with_its_failures(monkeypatch):
    monkeypatch.setattr(scheduler, "COMMANDS", ("publish_scheduled", "no_such_command"))
    monkeypatch.setattr(scheduler, "DAILY_COMMANDS", ("clearsessions",))
    today = scheduler.turn(None)
    assert today == timezone.localdate()
    rows = Pulse.objects.in_bulk()
    assert set(rows) == {"clock", "publish_scheduled", "no_such_command", "clearsessions"}
    assert [name for name, row in rows.items() if row.is_failing] == ["no_such_command"]
    assert states()["Versions"] in State


def test_turn__clock_of_another_server_in_its_own__does_what_is_of_this_machine_only(monkeypatch):
    ran = []
    monkeypatch.setattr(scheduler, "call_command", lambda name, **options: ran.append(name))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [scheduler.LOCK])
        assert scheduler.turn(None) is None
        assert ran == ["settle_restoration", "follow_index"]
        assert not Pulse.objects.exists()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [scheduler.LOCK])
    finally:
        other.close()
    assert scheduler.turn(None) == timezone.localdate()
    assert set(ran) >= {*scheduler.COMMANDS, *scheduler.DAILY_COMMANDS}
