"""Files as people and others send them: read, or refused in one French sentence; never a crash, never a bomb."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from resources.contacts.importing import reading
from resources.contacts.importing.columns import FIELDS, from_memory, guess, headers_key, to_memory
from resources.contacts.importing.reading import UnreadableFileError, describe, rows

TABLE = "Nom;Téléphone\r\nMaison de l’été;02 98 00 00 00\r\n"
CONTENT_TYPES = "[Content_Types].xml"


def read(raw: bytes) -> list[tuple[int, list[str]]]:
    return list(rows(raw, describe(raw)))


def workbook(*lines, sheets: int = 1) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    for _more in range(sheets - 1):
        book.create_sheet()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(raw: bytes, name: str, change) -> bytes:
    """A workbook whose part of this name is changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            data = source.read(part)
            target.writestr(part.filename, change(data) if part.filename == name else data)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv__usual_encodings_and_separators__are_found(encoding, separator):
    raw = TABLE.replace(";", separator).encode(encoding)
    assert read(raw) == [(1, ["Nom", "Téléphone"]), (2, ["Maison de l’été", "02 98 00 00 00"])]


def test_csv__cells_of_several_lines_and_empty_lines__keep_their_numbers():
    raw = b'Nom,Note\n\n"A","deux\nlignes"\n,,\n"B, et C",x\n'
    assert read(raw) == [(1, ["Nom", "Note"]), (3, ["A", "deux\nlignes"]), (6, ["B, et C", "x"])]


def test_xlsx__numbers_dates_and_empty_lines__are_texts_with_their_numbers():
    raw = workbook(["Nom", "CP", "Le"], [], ["A", 29200, None], ["B", 1000.0, "x"])
    assert read(raw) == [(1, ["Nom", "CP", "Le"]), (3, ["A", "29200"]), (4, ["B", "1000", "x"])]


def test_xlsx__one_cell_far_down__costs_nothing_for_the_empty_lines_above(monkeypatch):
    book = Workbook()
    book.active["A1"], book.active["B150000"] = "Nom", "Loin"
    stream = io.BytesIO()
    book.save(stream)
    cleaned, clean = [], reading._clean
    monkeypatch.setattr(reading, "_clean", lambda cell: cleaned.append(cell) or clean(cell))
    assert read(stream.getvalue()) == [(1, ["Nom"]), (150_000, ["", "Loin"])]
    assert len(cleaned) <= 2 * reading.MAX_COLUMNS


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "vide"),
        (b"  \n ", "vide"),
        (b"a" * (reading.MAX_BYTES + 1), "trop gros"),
        (b"\xd0\xcf\x11\xe0 ancien", ".xls"),
        (b"%PDF-1.4\x00\x01\x02", "pas un tableau"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "pas un tableau"),
        (b"PK\x03\x04 rien", "abîmé"),
    ],
)
def test_file__that_is_no_table__is_refused_in_words(raw, words):
    with pytest.raises(UnreadableFileError, match=words):
        describe(raw)


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def test_archive__zip_bomb__is_refused_before_anything_is_unzipped():
    bomb = archive(**{CONTENT_TYPES: b"x", "xl__worksheets__sheet1.xml": b"0" * (3 * 1024**2)})
    with pytest.raises(UnreadableFileError, match="abîmé"):
        describe(bomb)
    many = archive(**{CONTENT_TYPES: b"x", **{f"p{number}": b"x" for number in range(reading.MAX_PARTS)}})
    with pytest.raises(UnreadableFileError, match="trop gros"):
        describe(many)


def test_archive__another_kind__is_named():
    with pytest.raises(UnreadableFileError, match=r"\.ods"):
        describe(archive(mimetype=b"x", **{"content.xml": b"<x/>"}))
    with pytest.raises(UnreadableFileError, match="pas un tableau"):
        describe(archive(**{"word__document.xml": b"<x/>"}))


SHEET = "xl/worksheets/sheet1.xml"
BILLION = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)
OUTSIDE = BILLION.replace(b'"aaaaaaaaaa"', b'SYSTEM "file:///etc/passwd"')


@pytest.mark.parametrize("data", [BILLION, OUTSIDE, b"", b"<worksheet", b"\xff\xfe", b"<?xml version='1.0'?><x/>"])
def test_xlsx__hostile_sheet__is_refused_or_empty(data):
    raw = changed(workbook(["Nom"], ["A"]), SHEET, lambda _old: data)
    try:
        found = read(raw)
    except UnreadableFileError:
        found = []
    assert found == []


def test_xlsx__announcing_a_sheet_of_a_million_columns__costs_its_own_cells_only():
    def lie(data: bytes) -> bytes:
        start = data.index(b'<dimension ref="') + 16
        return data[:start] + b"A1:XFD1048576" + data[data.index(b'"', start) :]

    assert read(changed(workbook(["Nom"], ["A"]), SHEET, lie)) == [(1, ["Nom"]), (2, ["A"])]


@pytest.mark.parametrize("number", [b"1048576", b"99999999999"])
def test_xlsx__a_line_far_below__is_refused(number):
    raw = changed(workbook(["Nom"], ["A"]), SHEET, lambda data: data.replace(b'<row r="2"', b'<row r="%s"' % number))
    with pytest.raises(UnreadableFileError, match="lignes vides"):
        read(raw)


def test_rows__too_many__are_refused():
    raw = b"Nom\n" + b"a\n" * (reading.MAX_ROWS + 1)
    with pytest.raises(UnreadableFileError, match="plus de"):
        read(raw)
    assert len(read(b"Nom\n" + b"a\n" * reading.MAX_ROWS)) == reading.MAX_ROWS + 1


def test_rows__a_cell_of_too_many_characters_and_a_field_without_end__are_cut_or_named():
    assert len(read(b"Nom\n" + b"a" * 10_000)[1][1][0]) == reading.MAX_CELL + 1
    with pytest.raises(UnreadableFileError, match="ligne 2"):
        read(b'Nom\n"' + b"a" * 200_000)


quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(st.binary(max_size=600))
def test_file__any_bytes__are_read_or_refused(raw):
    _read_or_refuse(raw)


@quick
@given(st.text(alphabet='ab;,\t"\n\r\x00é=', max_size=300), st.sampled_from(["utf-8", "cp1252", "utf-16"]))
def test_file__any_broken_csv__is_read_or_refused(text, encoding):
    _read_or_refuse(text.encode(encoding, errors="ignore"))


@settings(quick, max_examples=80)
@given(
    st.sampled_from([SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", CONTENT_TYPES,
                     "xl/_rels/workbook.xml.rels"]),
    st.integers(0, 2000),
    st.binary(min_size=1, max_size=20),
)  # fmt: skip
def test_file__any_damaged_workbook__is_read_or_refused(name, position, noise):
    raw = workbook(["Nom", "CP"], ["A", 29200], ["=1+1", 3.5])
    _read_or_refuse(changed(raw, name, lambda data: data[:position] + noise + data[position + len(noise) :]))


def _read_or_refuse(raw: bytes) -> None:
    try:
        found = read(raw)
    except UnreadableFileError:
        return
    for line, cells in found:
        assert line >= 1
        assert cells
        assert not any("\x00" in cell for cell in cells)


def test_guess__french_headings__are_understood():
    headers = ["Organisme", "Catégorie", "Tél.", "Portable", "E-mail", "CP", "Ville", "Horaires d'ouverture", "Divers"]
    assert guess(headers) == {
        "0": "title", "1": "category", "2": "phone", "3": "phone", "4": "email", "5": "postcode", "6": "commune",
        "7": "hours",
    }  # fmt: skip


def test_guess__our_own_export_and_model__are_understood():
    from resources.contacts.exports.rows import COLUMNS

    exported = [str(column.heading) for column in COLUMNS]
    found = {exported[int(number)]: code for number, code in guess(exported).items()}
    assert found["opening_hours"] == "hours"
    assert set(FIELDS) - set(found.values()) == {"source_id"}
    model = [str(label) for label in FIELDS.values()]
    assert list(guess(model).values()) == list(FIELDS)


def test_memory__columns_in_another_order__are_found_again():
    mapping = {"0": "title", "2": "phone"}
    remembered = to_memory(["Nom", "Divers", "Tél"], mapping)
    assert from_memory(["tel", "NOM", "divers"], remembered) == {"0": "phone", "1": "title"}
    assert headers_key(["Nom", "Tél"]) == headers_key(["tel", "NOM"])
    assert headers_key(["Nom"]) != headers_key(["Nom", "Tél"])
