"""Hostile words for addresses, forms and headers: a list made by hand, and chance on top of it."""

from __future__ import annotations

from random import Random
from urllib.parse import quote, quote_from_bytes

# What an answer must never hold as it was sent: it would be run.
MARKUP = "<script>fuzz()</script>"

TEXTS: tuple[str, ...] = (
    *("", " ", "\x00", "a\x00b", "\n", "\r\n", "a\r\nX-Fuzz: 1", "\t", "\x1f", "\x7f", "\x85", "\u2028", "\ufeff"),
    *("é", "E\u0301\u0301\u0301", "ﬁ", "œ", "ß", "İ", "ı", "ſ", "K", "٣", "²", "½", "Ⅳ", "①", "𝟙", "𝕒", "👩‍👩‍👧‍👦", "🏴\U000e0067\U000e007f"),
    *("\u202etxt.exe", "\u200b", "\u00ad", "\ufffd", "\uffff", "\U0010ffff", "ا" * 50, "字" * 300, "\u0301" * 200),
    *("0", "-1", "-0", "1e5", "1e400", "NaN", "inf", "-Infinity", "0x10", "1_000", "1,5", "٣٤", "9" * 5000, "-" + "9" * 400),
    *("2147483647", "2147483648", "-2147483649", "9223372036854775808", "1.7976931348623157e308", "00000001", "+1", "1."),
    *("'", '"', "`", "\\", "%", "%%", "%s", "%(x)s", "{}", "{0}", "{{ 7*7 }}", "{% x %}", "${7*7}", "#{x}", "$1", "\\1", "*", "?"),
    *("' OR 1=1 --", "1; DROP TABLE x", "'||pg_sleep(5)||'", "1) UNION SELECT 1", "_", "_%", "\\%", "!*", "a:*", "a & | b", "<->"),
    *("(", ")", "((((" * 50, "[", "]" * 20, "[a-", "(a+)+$", "a{99999}", "(?P<", "^$", "\\d+\\", ".*" * 40, "a" * 200 + "!"),
    *(MARKUP, f'">{MARKUP}', f"'>{MARKUP}", f"</title>{MARKUP}", f"</script>{MARKUP}", f"--><!-->{MARKUP}", f"</textarea>{MARKUP}"),
    *('"><img src=x onerror=fuzz()>', "javascript:fuzz()", "data:text/html,<script>", "<svg/onload=fuzz()>", "&#0;", "&amp;&lt;", "]]>"),
    *("../../../etc/passwd", "..\\..\\x", "/etc/passwd", "file:///etc/passwd", "//evil.example", "https://evil.example/", "http://[::1", "http://a b"),
    *("http://127.0.0.1:5432/", "webcal://x", "https://" + "a." * 200 + "fr", "http://user:pw@h/", "https://é.fr/\x00", "https://x:99999/"),
    *("a@b", "a@b.c", "<a@b.fr>", "a@b.fr\nBcc: c@d.fr", '"a b"@c.fr', "é@é.fr", "a@" + "b" * 300 + ".fr", "@", "a@[127.0.0.1]", "a" * 65 + "@b.fr"),
    *("2027-13", "0000-00-00", "9999-12-31", "0001-01-01", "2027-02-30", "31/02/2027", "2027-W53", "24:00", "99:99", "2100-12", "1900-01-01"),
    *("2027-03-15T25:00", "2027-10-31T02:30", "+275760-09-13", "now", "29/02/2028", "2027-01-01 00:00:00+99:99", "10000-01-01", "2027--1"),
    *("00000", "99999", "2a004", "20000", "97400", "01 02 03 04 05", "+33", "0033", "+" * 30, "(0)", "06" * 30, "tel:+33612345678"),
    *("a" * 256, "a" * 1_501, "a" * 10_001, "a " * 4_000, "é" * 3_000, "-" * 3_000, "a,b;" * 1_000, "\n" * 3_000, '"' * 999),
    *("null", "None", "true", "undefined", "[]", "{}", '{"a":' * 60, "[" * 900, '[{"type":"x","value":1,"id":"1"}]', '"\\ud800"', "\\u0000"),
    *("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "＝1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "DDE", "';=1"),
    *("FREQ=SECONDLY", "FREQ=DAILY;COUNT=999999999", "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2", "RRULE:RRULE:FREQ=WEEKLY", "FREQ=MONTHLY;BYDAY=53MO"),
    *("national", "groupement", "brest", "Brest", "emploi-prive", "association", "month", "week", "list", "near", "date", "fr", "en", "network", "1"),
)  # fmt: skip
BYTES: tuple[bytes, ...] = (
    *(b"\xff\xfe", b"\x80", b"\xc3", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xc0\xaf", b"\xf8\x88\x80\x80\x80", b"\xe9", b"\x00"),
    *(b"\xf4\x90\x80\x80", b"\xef\xbf\xbe", b"caf\xe9", b"\xff" * 300, b"\xe2\x82", b"%", b"\xa0"),
)  # fmt: skip
BROKEN = (
    "%",
    "%zz",
    "%u0041",
    "%c3",
    "&",
    "&&==&",
    "=",
    "+",
    ";",
    "#",
    "?a",
    "%00",
    "a[b]=",
    "[]=1",
    "a.b=",
    "\xe9=\xff",
    "%2",
    "%25%30%30",
)
LANGUAGES = (
    *("fr", "en", "de", "xx", "fr-FR,fr;q=0.9", "en;q=abc", "*", "*;q=0", "fr;q=99999999", "en;q=-1", "fr;q=1e9", ",,,", ";;;"),
    *("é", "en-" + "a" * 400, "fr," * 600, "\xff\xfe", "en;q=0.000000000000000001", "zh-hant-" * 60, "fr_FR", "EN", "i-klingon"),
)  # fmt: skip
COOKIES = (
    *("", "=", ";;;", "mara-session", "mara-session=", "mara-session=x", "mara-session=" + "a" * 4000, "mara-csrf=\xff", "mara-language=xx"),
    *("mara-language=../../x", "messages=x", "messages=W10:x:y", "mara-session=\x01", '"', "a=b; a=c; a", "mara-csrf=" + "0" * 32),
    *('mara-session="a;b"', "é=é", "mara-language=" + "a" * 3000, "=".join("a" * 50), "mara-session=..%2f..%2f", "$Version=1"),
)  # fmt: skip
HOSTS = (
    *("", "x", "localhost", "mara.localhost:0", "mara.localhost:99999", "mara.localhost:a", "mara.localhost.", "MARA.LOCALHOST", "[::1]"),
    *("[::1", "a b", "é.fr", "x" * 300, "a..b", "-", "127.0.0.1", "mara.localhost@evil.example", "evil.example#mara.localhost", "\xff", "*"),
    *("mara.localhost, evil.example", "xn--", "a_b", "%", "mara.localhost/../", "."),
)  # fmt: skip
CONTENT_TYPES = (
    *("", "x", "text/plain", "application/json", "application/x-www-form-urlencoded; charset=bogus", "multipart/form-data"),
    *("multipart/form-data; boundary=", "multipart/form-data; boundary=" + "b" * 300, "multipart/form-data; boundary=é", "text/html;;;="),
    *("application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=utf-7", "multipart/mixed; boundary=x"),
    *("application/x-www-form-urlencoded; charset=idna", "application/x-www-form-urlencoded; charset=unicode_escape", "\xff/\xfe"),
    *("application/x-www-form-urlencoded; charset=base64", "application/json; charset=rot13", "application/x-www-form-urlencoded; charset=punycode"),
)  # fmt: skip
OTHER_HEADERS: dict[str, tuple[str, ...]] = {
    "HTTP_ACCEPT": (
        "*/*",
        "text/html",
        "application/json",
        "x",
        ";q=",
        "text/html;q=a",
        "é/\xff",
        "a/b," * 500,
        "text/*;level=\x01",
    ),
    "HTTP_REFERER": ("x", "https://evil.example/", "http://[", "\xff", "http://mara.localhost/" + "a" * 5000),
    "HTTP_IF_MODIFIED_SINCE": (
        "x",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 99 Xxx 0000 99:99:99 GMT",
        "0",
    ),
    "HTTP_IF_NONE_MATCH": ("*", '"a"', "W/", '"' * 300, "a,b", "\xff"),
    "HTTP_RANGE": ("bytes=0-", "bytes=-1", "bytes=9-1", "bytes=0-0," * 400, "x", "bytes=" + "9" * 60 + "-"),
    "HTTP_X_FORWARDED_FOR": (
        "",
        "x",
        "1.2.3.4",
        "::1",
        "1.2.3.4, 5.6.7.8",
        "," * 400,
        "\xff",
        "1.2.3.4:80",
        "[::1]:80",
        "unknown",
    ),
    "HTTP_X_FORWARDED_PROTO": ("https", "x", "http,https"),
    "HTTP_X_REQUESTED_WITH": ("XMLHttpRequest", "\xff"),
    "HTTP_SEC_FETCH_SITE": ("cross-site", "same-origin", "none", "x", "\xff"),
    "HTTP_ORIGIN": ("null", "https://evil.example", "http://mara.localhost", "\xff", "http://["),
    "HTTP_USER_AGENT": ("", "x" * 8000, "\xff\xfe", "{{7*7}}"),
    "HTTP_ACCEPT_ENCODING": ("gzip", "br;q=x", "identity;q=0, *;q=0", "\xff", "gzip," * 500),
    "HTTP_X_CSRFTOKEN": ("x", "\xff", "0" * 64),
    "REMOTE_ADDR": ("", "x", "::1", "fe80::1%eth0", "unix:", "1.2.3.4, 5.6.7.8"),
}


def text(chance: Random) -> str:
    """One hostile text: of the list, joined from two of it, or any letters at all. Never a lone surrogate."""
    kind = chance.random()
    if kind < 0.7:
        return chance.choice(TEXTS)
    if kind < 0.85:
        return (chance.choice(TEXTS) + chance.choice(TEXTS))[:12_000]
    ranges = (
        (0, 0x7F),
        (0x80, 0x24F),
        (0x300, 0x36F),
        (0x590, 0x6FF),
        (0x2000, 0x206F),
        (0xE000, 0x10FFFF),
        (0x20, 0x7E),
    )
    low, high = chance.choice(ranges)
    return "".join(chr(chance.randint(low, high)) for _letter in range(chance.randint(1, 40)))


def coded(chance: Random, value: str) -> str:
    """A text as an address or a form carries it; now and then bytes that are no text, or no coding at all."""
    kind = chance.random()
    if kind < 0.75:
        return quote(value, safe="")
    if kind < 0.9:
        return quote_from_bytes(chance.choice(BYTES) + value.encode()[:200], safe="")
    return chance.choice(BROKEN) + quote(value, safe="/:?")[:500]


def query(chance: Random, names: tuple[str, ...], most: int = 4) -> str:
    """A question: some of the names that a page reads, each with a hostile value, some names of its own."""
    if chance.random() < 0.05:
        return chance.choice(BROKEN) * chance.randint(1, 40)
    pairs = []
    for _pair in range(chance.randint(1, most)):
        name = chance.choice(names) if names and chance.random() < 0.9 else text(chance)[:200]
        for _time in range(1 if chance.random() < 0.9 else chance.randint(2, 30)):
            pairs.append(f"{coded(chance, name)}={coded(chance, text(chance))}")
    return chance.choice(("&", "&", "&", "&&", ";")).join(pairs)[:60_000]


def headers(chance: Random) -> dict[str, str]:
    """None to three hostile headers, by their WSGI name."""
    found: dict[str, str] = {}
    for _header in range(chance.choice((0, 0, 0, 1, 1, 2, 3))):
        kind = chance.randrange(6)
        if kind == 0:
            found["HTTP_ACCEPT_LANGUAGE"] = chance.choice(LANGUAGES)
        elif kind == 1:
            found["HTTP_COOKIE"] = chance.choice(COOKIES)
        elif kind == 2 and chance.random() < 0.2:
            found["HTTP_HOST"] = chance.choice(HOSTS)
        else:
            name = chance.choice(tuple(OTHER_HEADERS))
            found[name] = chance.choice(OTHER_HEADERS[name])
    return found
