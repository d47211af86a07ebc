"""Which addresses may be read: the public internet by https, and nothing that leads elsewhere in disguise."""

from __future__ import annotations

import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.outbound import Fetcher, UnfetchableError, checked, is_public

PRIVATE = [
    *("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "192.0.0.8"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "ff0e::1"),
    *("2001:db8::1", "3fff::1", "100::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::10.0.0.1"),
    *("::ffff:0:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:a00:1::"),
    *("2001:0:a00:1::", "", "rubbish", "999.1.1.1"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_is_public__an_address_that_is_not_of_the_internet__is_refused(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450:4007::1"])
def test_is_public__an_address_of_the_internet__is_allowed(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("given_address", "read"),
    [
        ("webcal://cci.example.com/a.ics", "https://cci.example.com/a.ics"),
        ("http://cci.example.com:80/a.ics", "https://cci.example.com/a.ics"),
        ("https://CCI.Example.com:443/a.ics?x=1#y", "https://cci.example.com/a.ics?x=1"),
        ("https://cci.example.com.", "https://cci.example.com/"),
        ("https://éléphant.example.com/été", "https://xn--lphant-9uab.example.com/%C3%A9t%C3%A9"),
        ("https://93.184.215.14/", "https://93.184.215.14/"),
    ],
)
def test_checked__a_public_address__is_read_by_https(given_address, read):
    assert checked(given_address) == read


@pytest.mark.parametrize(
    "address",
    [
        "",
        "cci.example.com",
        "ftp://cci.example.com/",
        "file:///etc/passwd",
        "gopher://cci.example.com/",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "https://nom:secret@cci.example.com/",
        "https://nom@cci.example.com/",
        "https://cci.example.com:8443/",
        "https://cci.example.com:22/",
        "https://cci.example.com:99999/",
        "http://cci.example.com:8080/",
        "https://localhost/",
        "https://base.localhost/",
        "https://imprimante.local/",
        "https://intranet/",
        "https://metadata.internal/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://cci.example.com\\@127.0.0.1/",
        "https://cci example.com/",
        "https://cci.example.com/\r\nX-Injected: 1",
        "https://cci.example.com/\x00",
        "https://[::1/",
        "https://a..example.com/",
        "https://" + "a" * 1200,
        "https://mara.localhost/agenda/ical/",
        "https://mara.example.org/",
        "https://finistere.mara.example.org/agenda/ical/",
    ],
)
def test_checked__anything_else__is_refused_in_words(address):
    with pytest.raises(UnfetchableError) as refused:
        checked(address, own_hosts={"mara.example.org"})
    assert str(refused.value).endswith((".", "»"))


def test_checked__a_redirection__is_not_upgraded():
    with pytest.raises(UnfetchableError):
        checked("http://cci.example.com/", upgrade=False)


@given(st.text(max_size=80) | st.text(max_size=60).map(lambda text: f"https://{text}"))
def test_checked__any_text__is_an_https_address_or_a_refusal(text):
    try:
        address = checked(text)
    except UnfetchableError:
        return
    assert address.startswith("https://")
    assert address.isascii()
    assert not any(char.isspace() for char in address)
    assert checked(address) == address


def test_fetcher__by_default__trusts_public_addresses_and_known_authorities_only():
    fetcher = Fetcher()
    assert not fetcher.allows("127.0.0.1")
    assert fetcher.port == 443
    assert fetcher.context.verify_mode == ssl.CERT_REQUIRED
    assert fetcher.context.check_hostname
