"""The demonstration's Markdown: what it becomes, and what it refuses with the line at fault."""

from __future__ import annotations

import pytest

from core.blocks import StoryBlock
from demo.errors import ContentError
from demo.markdown import StoryParser
from demo.typography import NBSP, french

TARGETS = {"guide:se-former": 12, "section:agenda": 7}


def parse(text: str, **options) -> list[dict]:
    return StoryParser(key="essai", resolve=TARGETS.__getitem__, source="essai.md", **options).story(text)


def values(text: str, **options) -> list:
    return [(block["type"], block["value"]) for block in parse(text, **options)]


def without_keys(html: str) -> str:
    """Rich text without the keys by which the editor knows its paragraphs."""
    import re

    return re.sub(r' data-block-key="\w{5}"', "", html)


def test_story__headings_and_text__become_blocks_in_order():
    found = values("Un début.\n\n## Une partie\n\nUn **mot** *penché*.\n\n### Une sous-partie\n\n- un\n- deux\n")
    heading, text = "heading_block", "rich_text"
    assert [kind for kind, _value in found] == [text, heading, text, heading, text]
    assert found[1][1] == {"text": "Une partie", "level": "h2"}
    assert without_keys(found[2][1]) == "<p>Un <b>mot</b> <i>penché</i>.</p>"
    assert found[3][1]["level"] == "h3"
    assert without_keys(found[4][1]) == "<ul><li>un</li><li>deux</li></ul>"


def test_story__items_apart__hold_their_text_directly():
    [(_kind, html)] = values("1. un\n\n2. deux\n")
    assert without_keys(html) == "<ol><li>un</li><li>deux</li></ol>"


@pytest.mark.parametrize(("name", "tone"), [("info", "info"), ("attention", "attention"), ("conseil", "tip")])
def test_story__callout__has_its_tone_and_title(name, tone):
    [(kind, value)] = values(f":::{name} Un titre\nUn mot.\n:::\n")
    assert kind == "callout"
    assert (value["tone"], value["title"], without_keys(value["text"])) == (tone, "Un titre", "<p>Un mot.</p>")


def test_story__steps__separate_the_title_from_the_text():
    [(kind, value)] = values(":::etapes En deux temps\n1. **Écrire** : notez tout.\n2. **lire**\n:::\n")
    assert (kind, value["title"]) == ("steps", "En deux temps")
    first, second = (item["value"] for item in value["steps"])
    assert (first["title"], without_keys(first["text"])) == ("Écrire", "<p>Notez tout.</p>")
    assert second == {"title": "Lire", "text": ""}


def test_story__quotation__separates_the_author_from_the_role():
    [(kind, value)] = values(":::citation Anne Martin, ancienne capitaine\nDeux lignes\nde paroles.\n:::\n")
    assert kind == "quote"
    assert value == {"text": "Deux lignes de paroles.", "author": "Anne Martin", "role": "ancienne capitaine"}


def test_story__questions__keep_each_answer_with_its_question():
    [(kind, value)] = values(":::questions\n### Quand ?\nTôt.\n### Où ?\nIci.\n\nOu là.\n:::\n")
    assert kind == "accordion"
    assert [
        (item["value"]["question"], without_keys(item["value"]["answer"]).count("<p>")) for item in value["items"]
    ] == [("Quand ?", 1), ("Où ?", 2)]


def test_story__links__are_stored_as_wagtail_does():
    [(_kind, html)] = values(
        "[Se former](guide:se-former), [agenda](section:agenda), [loi](https://example.org/?a=1&b=2)."
    )
    assert '<a id="12" linktype="page">Se former</a>' in html
    assert '<a id="7" linktype="page">agenda</a>' in html
    assert '<a href="https://example.org/?a=1&amp;b=2">loi</a>' in html


def test_story__french__does_not_let_its_spaces_break():
    [(_kind, html)] = values("Il dit : « oui ! »", typography=french)
    assert f"Il dit{NBSP}: «{NBSP}oui{NBSP}!{NBSP}»" in html


def test_story__parsed_again__has_the_same_identifiers():
    text = "Un.\n\n:::etapes\n1. **Deux** : trois.\n:::\n"
    assert parse(text) == parse(text)


def test_story__translated__has_the_identifiers_of_the_original():
    french_text, english = (
        parse("## Un\n\nDeux.\n\n:::info\nTrois.\n:::"),
        parse("## One\n\nTwo.\n\n:::info\nThree.\n:::"),
    )
    assert [block["id"] for block in french_text] == [block["id"] for block in english]


def test_story__of_every_kind__is_valid_for_its_block():
    text = (
        "## Un\n\nDeux.\n\n:::conseil Titre\nTrois.\n:::\n\n:::etapes\n1. **Quatre** : cinq.\n:::\n\n"
        ":::citation Six, sept\nHuit.\n:::\n\n:::questions\n### Neuf ?\nDix.\n:::\n"
    )
    block = StoryBlock()
    assert len(block.clean(block.to_python(parse(text)))) == 6


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Un.\n\n[x](guide:inconnu)", 3, "leads nowhere"),
        ("Un.\n\n[x](http://example.org)", 3, "neither internal nor https"),
        ("Un.\n\n# Titre", 3, "headings"),
        ("Un.\n\n> cité", 3, "blockquote_open"),
        ("Un.\n\n![x](https://example.org/i.png)", 3, "image"),
        ("Un.\n\n:::info\nsans fin", 3, "never closed"),
        ("Un.\n\n:::\n", 3, "closes no directive"),
        ("Un.\n\n:::inconnu\nx\n:::", 3, "no directive"),
        (":::etapes\n1. sans titre\n:::", 2, "title in bold"),
        (":::etapes\ndu texte\n:::", 2, "numbered list"),
        (":::questions\ndu texte\n:::", 2, "before any"),
        (":::info\n:::conseil\n:::", 2, "unexpected directive"),
    ],
)
def test_story__mistake__is_said_with_its_file_and_line(text, line, message):
    with pytest.raises(ContentError) as caught:
        parse(text)
    assert str(caught.value).startswith(f"essai.md:{line}: ")
    assert message in str(caught.value)
