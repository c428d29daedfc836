"""Excel files as tables: read as they are meant, no further than the limits, and nothing that would not end."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from dougong.platform import sheets, workbook
from dougong.platform.sheets import SheetError


def _zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as found:
        for name, text in parts.items():
            found.writestr(name, text)
    return out.getvalue()


def test_a_table_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    for path, size in (("xl/worksheets/sheet1.xml", sheets.BY_HAND.unpacked), ("xl/workbook.xml", sheets.MAX_PART)):
        book, out = Workbook(), io.BytesIO()
        book.save(out)
        with zipfile.ZipFile(out) as whole, zipfile.ZipFile(small := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as found:
            for name in whole.namelist():
                found.writestr(name, b" " * (size + 1) if name == path else whole.read(name))
        assert len(small.getvalue()) < 200_000
        with pytest.raises(SheetError, match="unpacks_to_too_much"):
            list(sheets.read(small.getvalue(), "bomb.xlsx"))


def test_a_table_is_read_no_wider_and_no_longer_than_the_limit() -> None:
    for cell, refused in (("XFD1", "too_many_columns"), ("A4", "too_many_rows"), ("XFD3", "")):
        book, out = Workbook(), io.BytesIO()
        book.active["A1"], book.active["A2"], book.active[cell] = "name", "x", "far away"  # type: ignore[index]
        book.save(out)
        if refused:
            with pytest.raises(SheetError, match=refused):
                list(sheets.read(out.getvalue(), "far.xlsx", most=1))
        else:
            assert list(sheets.read(out.getvalue(), "wide.xlsx", most=1)) == [["name"], ["x"]]


def test_rows_that_are_only_formatted_do_not_count() -> None:
    """Beyond the limit, 50,000, too."""
    book = Workbook()
    for row in (1, 2, 60_000):
        book.active.cell(row, 1, "x" if row < 3 else None).font = Font(bold=True)
    out = io.BytesIO()
    book.save(out)
    assert list(sheets.read(out.getvalue(), "a.xlsx")) == [["x"], ["x"]]


def test_a_cell_without_end_is_told_by_its_row() -> None:
    """As an opening quote without its other half makes one."""
    with pytest.raises(SheetError, match="endless_cell") as found:
        list(sheets.read(b'no,who\n1,a\n2,"' + b"x,y\n" * 50_000, "a.csv"))
    assert found.value.params["limit"] == 131_072


def test_cells_of_a_workbook_are_read_as_they_are_meant() -> None:
    """Against what openpyxl makes of the same file: texts, moments of either epoch, figures, formulas, blanks between."""
    for epoch in (WINDOWS_EPOCH, CALENDAR_MAC_1904):
        book, out = Workbook(), io.BytesIO()
        book.epoch = epoch
        sheet = book.active
        for row in (
            ["a", "b", None, "d"], [datetime(2026, 10, 1), datetime(2026, 10, 1, 8, 30), time(9, 15), timedelta(hours=30)], [],
            [1, 1.5, -0.1, 1e21], [True, False, "=1+1", "王 & <b>"], [None, None, None, " last "], ["1e5", "007", "a\nb"],
        ):  # fmt: skip
            sheet.append(row)  # type: ignore[union-attr]
        sheet["B9"].number_format, sheet["B9"] = "yyyy年m月", 46_000  # type: ignore[index]
        book.save(out)
        theirs = load_workbook(io.BytesIO(out.getvalue()), read_only=True, data_only=True).worksheets[0].values
        ours = dict(sheets._xlsx(out, "a.xlsx"))
        for number, row in enumerate(theirs, 1):
            mine = ours.get(number, [])
            assert [*mine, *[None] * (len(row) - len(mine))] == list(row)


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def relations(**parts: str) -> str:
    named = (f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{path}"/>' for kind, path in parts.items())
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(named)}</Relationships>'
    )


def test_texts_of_a_workbook_are_shared_or_stand_in_their_cell_but_not_how_they_are_pronounced() -> None:
    """As other programs than ours write them: runs of a text, phonetic hints, cells without an address."""
    texts = "<si><t>経</t><rPh sb='0' eb='1'><t>けい</t></rPh></si><si><r><t>two </t></r><r><t>runs</t></r></si><si/>"
    own = '<c t="inlineStr"><is><t>own</t></is></c><c t="str"><f>A1</f><v>told</v></c><c t="e"><v>#N/A</v></c>'
    cells = "".join(f'<c t="s"><v>{index}</v></c>' for index in range(3)) + own
    assert list(sheets.read(foreign(texts, cells), "a.xlsx")) == [["経", "two runs", "", "own", "told", "#N/A"]]


def foreign(texts: str, cells: str, head: str = "") -> bytes:
    """A workbook of one row, as another program may have written it."""
    sheet = f'<sheet name="1" sheetId="1" r:id="worksheet" xmlns:r="{OFFICE}"/>'
    types = {"workbook.xml": "sheet.main", "strings.xml": "sharedStrings", "sheets/one.xml": "worksheet"}
    kinds = (f'<Override PartName="/xl/{path}" ContentType="{TYPE}.{kind}+xml"/>' for path, kind in types.items())
    parts = {
        "[Content_Types].xml": f"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>{''.join(kinds)}</Types>",
        "_rels/.rels": relations(officeDocument="/xl/workbook.xml"),
        "xl/workbook.xml": f"<workbook {MAIN}><sheets>{sheet}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(sharedStrings="strings.xml", worksheet="sheets/one.xml"),
        "xl/strings.xml": f"<sst {MAIN}>{texts}</sst>",
        "xl/sheets/one.xml": f"{head}<worksheet {MAIN}><sheetData><row>{cells}</row></sheetData></worksheet>",
    }
    return _zipped(parts)


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(8))
BOMB = foreign("", '<c t="str"><v>&l8;</v></c>', f'<!DOCTYPE x [<!ENTITY l0 "{"ha" * 50}">{LAUGHS}]>')
FETCH = foreign("", '<c t="str"><v>&f;</v></c>', '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>')


NONE = {
    "a beginning": b"PK\x03\x04", "torn": b"PK\x03\x04" + b"\0" * 40, "an empty zip": _zipped({}),
    "no markup": _zipped({"_rels/.rels": "<a"}), "a billion laughs": BOMB, "a file of ours": FETCH,
}  # fmt: skip


@pytest.mark.parametrize("raw", NONE.values(), ids=NONE)
def test_what_is_no_workbook_is_told(raw: bytes) -> None:
    with pytest.raises(SheetError, match="unreadable"):
        list(sheets.read(raw, "a.xlsx"))


def strict() -> bytes:
    """As Excel saves a "Strict Open XML Spreadsheet"."""
    book, out = Workbook(), io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as whole:
        parts = {name: whole.read(name).decode() for name in whole.namelist()}
    names = {
        OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships",
        MAIN[7:-1]: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    }
    for old, new in names.items():
        parts = {name: text.replace(old, new) for name, text in parts.items()}
    return _zipped(parts)


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 1_000_000
OTHERS = {
    "locked": OLE + "EncryptedPackage".encode("utf-16-le"), "strict": strict(),
    "other_format": OLE + "Workbook".encode("utf-16-le"),
    "other_format, binary": _zipped({"xl/workbook.bin": ""}), "other_format, of LibreOffice": _zipped({"mimetype": "x"}),
    "other_format, of the web": "\ufeff<html><table><tr><td>no".encode(),
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_of_another_kind_of_workbook_it_is_told_what_to_do(kind: str) -> None:
    with pytest.raises(SheetError, match=f"^sheet.{kind.split(',')[0]}$") as found:
        sheets.unpacked(io.BytesIO(OTHERS[kind]), "a.xls", sheets.BY_HAND)
    assert found.value.params == {"name": "a.xls"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_a_text_is_read_in_whatever_excel_and_wps_save_it(encoding: str) -> None:
    assert list(sheets.read("编号\t姓名\n1\t王\n".encode(encoding), "a.txt")) == [["编号", "姓名"], ["1", "王"]]
    assert list(sheets.read("编号,姓名\n1,王\n".encode(encoding), "a.csv")) == [["编号", "姓名"], ["1", "王"]]


def test_a_table_may_be_left_half_read_and_its_file_closed() -> None:
    file = io.BytesIO(b"no,who\n1,a\n2,b\n")
    rows = sheets.numbered(file, "a.csv", sheets.BY_HAND)
    assert next(rows) == (1, ["no", "who"])
    file.close()
    del rows  # what would go wrong now is an error of the test


def test_a_sheet_that_does_not_say_how_large_it_is_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, opening = list[str](), ReadOnlyWorksheet._get_source
    monkeypatch.setattr(ReadOnlyWorksheet, "_get_source", lambda one: (opened.append(one._worksheet_path), opening(one))[1])
    raw = workbook.write_xlsx("t", ["no"], [["1"]])
    assert list(sheets.read(raw, "t.xlsx")) == [["no"], ["1"]]
    assert opened == ["xl/worksheets/sheet1.xml"]


def test_figures_and_days_are_such_in_a_spreadsheet() -> None:
    rows = [[Decimal("1234567.50"), date(2026, 9, 1)], [Decimal(7), "x"]]
    sheet = load_workbook(io.BytesIO(workbook.write_xlsx("x", ["a", "b"], iter(rows)))).active
    assert (sheet["A2"].value, sheet["A2"].number_format, sheet["A3"].number_format) == (1234567.5, "#,##0.00", "#,##0")
    assert sheet["B2"].is_date and sheet["B2"].number_format == "yyyy-mm-dd"


def test_whatever_stands_in_a_cell_is_read_back_as_it_was() -> None:
    row = ["a&<\"'>b", " x ", True, 3, Decimal("-0.005"), datetime(2026, 9, 1, 12, 30), date(1900, 3, 1), None, "", "1\r\n2"]
    sheet = load_workbook(io.BytesIO(workbook.write_xlsx('[a]: "b" & <c>', [], [row]))).active
    assert [cell.value for cell in sheet[2]] == [*row[:4], -0.005, row[5], datetime(1900, 3, 1), None, None, "1\n2"]
    assert (sheet["E2"].number_format, sheet.title) == ("#,##0.000", '_a__ "b" & <c>')
    assert load_workbook(io.BytesIO(workbook.write_xlsx("", ["a"], []))).active.title == "1"


def test_an_excel_file_leaves_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "PART", 1000)
    parts = list(workbook.xlsx_parts("x", ["名"], ([one] for one in range(5000))))
    assert {len(one) for one in parts[:-1]} == {1000}
    sheet = load_workbook(io.BytesIO(b"".join(parts))).active
    assert [cell.value for cell in sheet["A"]] == ["名", *range(5000)]


def test_what_no_workbook_holds_is_left_out_and_a_header_runs_nothing_either() -> None:
    header, rows = ["=1+1", "b\x1b"], [["\x00a\x0b\ufffe", "漏\n水"]]
    sheet = load_workbook(io.BytesIO(workbook.write_xlsx("x", header, rows))).active
    assert [[cell.value for cell in row] for row in sheet] == [["'=1+1", "b"], ["a", "漏\n水"]]
    assert sheets.write_csv(header, rows).decode("utf-8-sig").startswith("'=1+1,b\r\na,")


def test_where_rows_are_left_out_the_last_one_says_so() -> None:
    assert list(sheets.capped(iter([[1], [2], [3]]), 2, "more")) == [[1], [2], ["more"]]
    assert list(sheets.capped(iter([[1], [2]]), 2, "more")) == [[1], [2]]


def test_a_csv_leaves_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "PART", 1000)
    read = list[int]()
    parts = sheets.csv_parts(["名"], ([read.append(one) or f"=第{one}行"] for one in range(1000)))  # type: ignore[func-returns-value]
    first = next(parts)
    assert first.startswith("\ufeff名\r\n'=第0行".encode()) and len(read) < 200
    whole = first + b"".join(parts)
    assert whole.decode("utf-8-sig").splitlines()[1:] == [f"'=第{one}行" for one in range(1000)]
    assert whole == sheets.write_csv(["名"], [[f"=第{one}行"] for one in range(1000)])


def test_what_is_written_is_as_wide_as_what_it_says_and_its_header_stays_in_sight() -> None:
    rows = iter([["经销商一二三四五六", 1], *(["a", number] for number in range(300))])
    sheet = load_workbook(io.BytesIO(workbook.write_xlsx("x", ["名", "n" * 200], rows))).active
    assert [int(sheet.column_dimensions[one].width) for one in "AB"] == [20, workbook.WIDEST]
    assert (sheet.freeze_panes, sheet["A1"].font.bold, sheet["A2"].font.bold, sheet.max_row) == ("A2", True, False, 302)


def book(*parts: tuple[str, str, list[list[Any]]]) -> io.BytesIO:
    """A workbook: (title, state, rows) of each sheet."""
    found, out = Workbook(), io.BytesIO()
    found.remove(found.active)
    for title, state, rows in parts:
        sheet = found.create_sheet(title)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    found.save(out)
    return out


def known(cells: Sequence[str]) -> int:
    return len({"name", "phone"} & {*cells})


DATA = [["客户清单 2026"], [], ["name", "phone", "备注"], ["王芳", "138"]]


@pytest.mark.parametrize(
    "parts",
    [
        [("data", "visible", DATA)],
        [("old", "hidden", [["name", "phone"], ["x", "1"]]), ("data", "visible", DATA)],
        [("填写说明", "visible", [["请看"], ["name", "必填"]]), ("data", "visible", DATA)],
        [("data", "visible", DATA), ("more", "visible", [["name", "phone", "name"]])],
    ],
)
def test_the_header_is_found_below_titles_and_on_the_sheet_that_shows_it(parts: list[Any]) -> None:
    rows = list(sheets.numbered(book(*parts), "a.xlsx", sheets.BY_HAND, known))
    assert rows == [(3, ["name", "phone", "备注"]), (4, ["王芳", "138"])]


def test_where_no_column_is_known_the_first_sheet_that_shows_is_read_from_its_first_row() -> None:
    found = book(("old", "veryHidden", [["x"]]), ("data", "visible", [["a"], ["b"]]), ("more", "visible", [["c"]]))
    assert list(sheets.numbered(found, "a.xlsx", sheets.BY_HAND, known)) == [(1, ["a"]), (2, ["b"])]
    assert list(sheets.read(found.getvalue(), "a.xlsx")) == [["a"], ["b"]]
    csv = io.BytesIO("清单\nname,phone\n王,1\n".encode())
    assert [number for number, _ in sheets.numbered(csv, "a.csv", sheets.BY_HAND, known)] == [2, 3]
