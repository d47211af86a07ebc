"""Pages laid two by two, to be folded."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from core.pdf import booklet
from core.templatetags.paper_tags import for_paper


@given(pages=st.integers(3, 120))
def test_order__folded_and_read__pages_follow_each_other(pages):
    sides = booklet.order(pages, back=1)
    assert len(sides) % 2 == 0, "each sheet has two sides"
    total = 2 * len(sides)
    read: list[int | None] = [None] * total
    for rank, (left, right) in enumerate(sides):
        # The outer sheet holds the first two pages and the last two, the next one those inside.
        places = (total - 1 - rank, rank) if rank % 2 == 0 else (rank, total - 1 - rank)
        read[places[0]], read[places[1]] = left, right
    assert [page for page in read if page is not None] == list(range(pages))
    assert read[0] == 0
    assert read[-1] == pages - 1, "the last page is the back cover"
    assert None not in read[: pages - 1]


def test_impose__five_pages__are_both_sides_of_two_sheets():
    writer = PdfWriter()
    for _number in range(5):
        writer.add_blank_page(419.53, 595.28)
    made = BytesIO()
    writer.write(made)
    sides = PdfReader(BytesIO(booklet.impose(made.getvalue()))).pages
    assert len(sides) == 4
    assert {tuple(map(float, side.mediabox[2:])) for side in sides} == {booklet.SHEET}


def test_for_paper__rendered_text__has_no_icon_open_parts_and_deeper_headings():
    icon = '<svg class="icon x"><use href="#i"></use></svg>'
    html = f'<h2 id="a">A</h2>{icon}<details><summary>Q</summary></details><h6>Z</h6>'
    assert for_paper(html, 1) == '<h3 id="a">A</h3><details open><summary>Q</summary></details><h6>Z</h6>'
    assert "<h2" in for_paper(html)
    assert "<header>" in for_paper("<header></header>", 2)
