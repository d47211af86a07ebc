"""Hostile images and documents."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache
from random import Random

from PIL import Image

from tests.fuzz.files import books
from tests.fuzz.requests import damaged


@cache
def _pictures() -> dict[str, bytes]:
    found = {}
    for kind in ("png", "jpeg", "gif", "webp"):
        raw = io.BytesIO()
        Image.new("RGB", (40, 30), "navy").save(raw, kind)
        found[kind] = raw.getvalue()
    return found


def pixel_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few bytes that announces nine hundred million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="fuzz()"><script>fuzz()</script></svg>'


def picture(chance: Random) -> tuple[str, bytes]:
    """A file's name and what is sent as an image."""
    kind, raw = chance.choice(tuple(_pictures().items()))
    name = f"a.{kind}"
    draw = chance.random()
    if draw < 0.3:
        raw = damaged(chance, raw)
    elif draw < 0.4:
        raw = chance.choice(
            (
                pixel_bomb(),
                SVG,
                b"",
                b"GIF89a",
                b"\xff\xd8\xff",
                b"<html>",
                b"RIFF\x00\x00\x00\x00WEBP",
                chance.randbytes(200),
                b"BM" + b"\xff" * 60,
            )
        )
    elif draw < 0.5:
        name = chance.choice(
            (
                "a.svg",
                "a.exe",
                "a.png.html",
                "a",
                ".png",
                "a.PNG",
                "a\x00.png",
                "é" * 130 + ".png",
                'a";x="b.png',
                "a.png\r\nX: 1",
                "../a.png",
            )
        )
    return name, raw


def document(chance: Random) -> tuple[str, bytes]:
    """A file's name and what is sent as a document."""
    name = chance.choice(
        (
            "a.pdf",
            "a.docx",
            "a.csv",
            "a.zip",
            "a.html",
            "a.svg",
            "a.exe",
            "a.pdf.exe",
            "a",
            "a\x00.pdf",
            "é" * 200 + ".pdf",
            "a.ics",
            "a.txt",
            "../../a.pdf",
        )
    )
    raw = chance.choice(
        (
            b"%PDF-1.4\n%%EOF\n",
            b"",
            SVG,
            b"<script>fuzz()</script>",
            chance.randbytes(100),
            *books(),
            b"MZ\x90\x00",
            b"a;b\n1;2\n",
        )
    )
    return name, raw if chance.random() < 0.7 else damaged(chance, raw)
