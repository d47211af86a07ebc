"""Pages laid out two on a sheet, to be printed on both sides, folded and stapled in the middle."""

from __future__ import annotations

from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter, Transformation

PER_SHEET = 4
SHEET = (841.89, 595.28)  # points: A4, lying


def order(pages: int, back: int = 0) -> list[tuple[int | None, int | None]]:
    """Which pages lie side by side, one pair for each side of a sheet; ``None`` for a blank.

    Args:
        pages: how many there are.
        back: how many of the last ones belong on the back cover; blanks come before them.

    Returns:
        pairs (left, right) of page numbers from 0: front of the outer sheet, its back, front of the next one…
    """
    blanks = -pages % PER_SHEET
    numbers: list[int | None] = [*range(pages - back), *[None] * blanks, *range(pages - back, pages)]
    total = len(numbers)
    pairs = []
    for first in range(0, total // 2, 2):
        pairs.append((numbers[total - 1 - first], numbers[first]))
        pairs.append((numbers[first + 1], numbers[total - 2 - first]))
    return pairs


def impose(data: bytes, back: int = 1) -> bytes:
    """A PDF of A5 pages bound as a booklet: two of them on each side of an A4 sheet.

    What a screen reader needs (tags, contents) is lost: a booklet is for paper, the file it is made from for screens.
    """
    reader = PdfReader(BytesIO(data))
    writer = PdfWriter()
    for pair in order(len(reader.pages), back):
        side = writer.add_blank_page(*SHEET)
        for number, left in zip(pair, (0.0, SHEET[0] / 2), strict=True):
            if number is not None:
                _lay(side, reader.pages[number], left)
    writer.compress_identical_objects()
    writer.metadata = reader.metadata
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _lay(side: PageObject, page: PageObject, left: float) -> None:
    """Put a page in the middle of the half of a sheet that begins at ``left``."""
    page.pop("/Annots", None)  # links of a sheet of paper would lie at the wrong place
    margin = (SHEET[0] / 2 - float(page.mediabox.width)) / 2, (SHEET[1] - float(page.mediabox.height)) / 2
    side.merge_transformed_page(page, Transformation().translate(left + margin[0], margin[1]))
