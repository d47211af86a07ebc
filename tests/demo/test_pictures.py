"""The référent's guide and its pictures go together."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image

from demo import pictures

GUIDE = (pictures.FOLDER.parent / "guide-referent.md").read_text()
SHOWN = re.findall(r"!\[([^\]]*)\]\(images/([^)]+)\)", GUIDE)


def test_guide__shows_each_picture_once_and_says_what_it_shows():
    taken = {pictures.SIGN_IN.name, *(picture.name for picture in pictures.PICTURES)}
    assert sorted(name for _words, name in SHOWN) == sorted(f"{name}.webp" for name in taken)
    assert all(len(words) > 40 for words, _name in SHOWN)


def test_pictures__are_there_light_and_as_wide_as_said():
    for picture in (pictures.SIGN_IN, *pictures.PICTURES):
        path = Path(pictures.FOLDER, f"{picture.name}.webp")
        assert path.stat().st_size <= pictures.MOST_BYTES, path.name
        with Image.open(path) as image:
            assert image.width == picture.width or picture.of, path.name


def test_guide__links_to_its_own_parts__lead_somewhere():
    titles = re.findall(r"^#+ (.+)$", GUIDE, flags=re.M)
    anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    links = set(re.findall(r"\]\(#([^)]+)\)", GUIDE))
    assert links
    assert links <= anchors, links - anchors
