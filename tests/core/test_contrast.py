"""The colours of the site, read from tokens.css: every pair of text and background is readable (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "mara_site" / "static" / "mara" / "css" / "tokens.css"
TEXT_RATIO = 4.5
OUTLINE_RATIO = 3.0
TONES = ("garance", "horizon", "olive", "ocre", "prune", "lagon", "ardoise", "bruyere")
GROUNDS = ("paper", "surface", "calm", "sand")

TEXT_PAIRS = [
    *product(("ink", "ink-soft"), GROUNDS),
    *product(("ink", "ink-soft"), [f"{tone}-wash" for tone in TONES]),
    *product(TONES, GROUNDS),
    *((tone, f"{tone}-wash") for tone in TONES),
    *(("on-accent", tone) for tone in TONES),
    *product(("action",), GROUNDS),
    ("on-action", "action"),
    ("on-action", "action-strong"),
    ("on-brand", "brand"),
    ("on-brand-soft", "brand"),
]
OUTLINE_PAIRS = [*product(("edge", "focus"), GROUNDS)]


def colours(mode: str) -> dict[str, str]:
    """The colours of the light or of the dark block of tokens.css, by name."""
    light, dark = TOKENS.read_text(encoding="utf-8").split("@media screen and (prefers-color-scheme: dark)")
    block = light if mode == "light" else dark.split("/* A place wears one tone")[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, from 0 to 1 (WCAG 2.2)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_contrast__text_on_its_background__is_readable(mode: str, text: str, ground: str) -> None:
    palette = colours(mode)
    assert contrast(palette[text], palette[ground]) >= TEXT_RATIO


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("outline", "ground"), OUTLINE_PAIRS)
def test_contrast__outline_of_a_control__is_visible(mode: str, outline: str, ground: str) -> None:
    palette = colours(mode)
    assert contrast(palette[outline], palette[ground]) >= OUTLINE_RATIO


def test_contrast__accents_of_groupements__are_those_of_the_tokens() -> None:
    css = TOKENS.read_text(encoding="utf-8")
    assert set(re.findall(r"\.tone-([a-z]+)", css)) == set(TONES)
