"""Reading a served page as a visitor's browser does: headings, metadata, links."""

from __future__ import annotations

import json

from bs4 import BeautifulSoup

from tests.helpers import page_html


def parse(response) -> BeautifulSoup:
    """The tree of a page that was served properly, without what waits in a ``<template>`` and is not shown."""
    soup = BeautifulSoup(page_html(response), "html.parser")
    for waiting in soup("template"):
        waiting.decompose()
    return soup


def metadata(soup: BeautifulSoup) -> dict:
    """What the head of a page says of it, by name; ``None`` where it says nothing."""

    def attribute(selector: str, name: str) -> str | None:
        found = soup.select_one(selector)
        return found[name] if found else None

    return {
        "lang": attribute("html", "lang"),
        "title": soup.title.get_text(strip=True) if soup.title else None,
        "canonical": attribute('link[rel="canonical"]', "href"),
        "description": attribute('meta[name="description"]', "content"),
        **{tag["property"]: tag["content"] for tag in soup.select('meta[property^="og:"]')},
    }


def structured_data(soup: BeautifulSoup) -> dict:
    """The page's JSON-LD, read as strictly as a search engine does."""
    scripts = soup.select('script[type="application/ld+json"]')
    assert len(scripts) == 1, f"{len(scripts)} blocks of structured data"
    return json.loads(scripts[0].string)


def visible_text(soup: BeautifulSoup) -> str:
    """The words of a page, without those of scripts and styles."""
    strings = soup.body.find_all(string=True)
    return " ".join(string.strip() for string in strings if string.parent.name not in {"script", "style"})
