"""A table as an Excel file, sent while its rows are read: one sheet, whose header stays in sight.

The parts of the file are those that every reader asks for (ECMA-376, part 1); the styles come last, when all that rows need
are known. It is a third of the work that a library for whole workbooks makes of it, and holds nothing.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain, islice, zip_longest
from typing import Any, Final
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOOKED_AT: Final = 100  # rows, for how wide columns are written
WIDEST: Final = 60
PART: Final = 100_000  # characters of the sheet that are packed at once
RISKY: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes such a text for a formula
FIRST: Final = datetime(1899, 12, 30)  # the day 0 of a spreadsheet, for all from March 1900 on
DAY: Final = "yyyy-mm-dd"
MOMENT: Final = "yyyy-mm-dd h:mm:ss"
BOLD: Final = 1  # the style of the header
OWN: Final = 164  # formats of numbers from here on are one's own
_FONT: Final = '<sz val="11"/><name val="Calibri"/>'
_PLAIN: Final = 'fontId="0" fillId="0" borderId="0"'
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES: Final = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    return b"".join(xlsx_parts(title, header, rows))


def xlsx_parts(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The header stays in sight; columns are as wide as what is in the first rows."""
    out, formats = _Out(), dict[str, int]()
    with ZipFile(out, "w", ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", TYPES)
        book.writestr("_rels/.rels", _relations(officeDocument="xl/workbook.xml"))
        book.writestr("xl/workbook.xml", _workbook(title))
        book.writestr("xl/_rels/workbook.xml.rels", _relations(worksheet="worksheets/sheet1.xml", styles="styles.xml"))
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for part in _sheet(header, rows, formats):
                sheet.write(part.encode())
                yield out.taken()
        book.writestr("xl/styles.xml", _styles(formats))
    yield out.taken()


class _Out(io.RawIOBase):
    """What has been written and not been sent yet. A ZIP is written from its beginning to its end."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self.parts.append(bytes(part))
        return len(part)

    def taken(self) -> bytes:
        found, self.parts = b"".join(self.parts), []
        return found


def _sheet(header: Sequence[str], rows: Iterable[Sequence[Any]], formats: dict[str, int]) -> Iterator[str]:
    """Some rows at a time; `formats`: of numbers, each by its style, which grows."""
    rows = iter(rows)
    first = list(islice(rows, LOOKED_AT))
    yield (
        f'{_HEAD}<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
        f' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>{_columns(header, first)}<sheetData>'
    )
    parts, size = [f"<row>{''.join(_text(words, BOLD) for words in header)}</row>"], 0
    for row in chain(first, rows):
        parts.append(f"<row>{''.join([_cell(one, formats) for one in row])}</row>")
        size += len(parts[-1])
        if size >= PART:
            yield "".join(parts)
            parts, size = [], 0
    yield f"{''.join(parts)}</sheetData></worksheet>"


def _columns(header: Sequence[str], first: Iterable[Sequence[Any]]) -> str:
    widths = [min(2 + max(map(_width, column)), WIDEST) for column in zip_longest(header, *first, fillvalue="")]
    each = (f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(widths, 1))
    return f"<cols>{''.join(each)}</cols>" if widths else ""


def _cell(cell: Any, formats: dict[str, int]) -> str:
    """A decimal shows its thousands and as many places as it has; a day is one."""
    if isinstance(cell, bool):
        return f'<c t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    if isinstance(cell, Decimal):
        places = max(-int(cell.as_tuple().exponent), 0)
        return _number(format(cell, "f"), f"#,##0{'.' if places else ''}{'0' * places}", formats)
    if isinstance(cell, datetime):
        return _number(repr((cell - FIRST) / timedelta(days=1)), MOMENT, formats)
    if isinstance(cell, date):
        return _number(str((cell - FIRST.date()).days), DAY, formats)
    return _text(cell)


def _number(written: str, shown: str, formats: dict[str, int]) -> str:
    return f'<c s="{formats.setdefault(shown, BOLD + 1 + len(formats))}"><v>{written}</v></c>'


def _text(cell: Any, style: int = 0) -> str:
    shown = f' s="{style}"' if style else ""
    words = escape(safe(cell), {"\r": "&#13;"})
    return f'<c{shown} t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>' if words else f"<c{shown}/>"


def _workbook(title: str) -> str:
    name = _ILLEGAL.sub("", title[:31].translate({ord(mark): "_" for mark in "[]:*?/\\"})) or "1"
    sheet = f'<sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/>'
    return f'{_HEAD}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheet}</sheets></workbook>'


def _relations(**parts: str) -> str:
    named = enumerate(parts.items(), 1)
    each = (f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{part}"/>' for at, (kind, part) in named)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(each)}</Relationships>'


def _styles(formats: dict[str, int]) -> str:
    """0 is plain, 1 bold, then a number as each format shows it."""
    own = "".join(f'<numFmt numFmtId="{OWN + style}" formatCode={quoteattr(shown)}/>' for shown, style in formats.items())
    cells = [f'<xf numFmtId="{OWN + style}" {_PLAIN} xfId="0" applyNumberFormat="1"/>' for style in formats.values()]
    return (
        f"{_HEAD}<styleSheet {_MAIN}>{f'<numFmts>{own}</numFmts>' if own else ''}"
        f"<fonts><font>{_FONT}</font><font><b/>{_FONT}</font></fonts>"
        '<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        f'<cellStyleXfs><xf numFmtId="0" {_PLAIN}/></cellStyleXfs><cellXfs><xf numFmtId="0" {_PLAIN} xfId="0"/>'
        f'<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>{"".join(cells)}</cellXfs>'
        '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def safe(cell: Any) -> str:
    """A text that a spreadsheet takes for a formula gets an apostrophe before it; a negative number stays one. Without what no
    workbook holds."""
    text = "" if cell is None else _ILLEGAL.sub("", str(cell))
    return f"'{text}" if text[:1] in RISKY and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal()


def _width(cell: Any) -> int:
    """In digits: a Chinese character takes two."""
    return sum(2 if east_asian_width(mark) in "WF" else 1 for mark in str(cell)) if cell is not None else 0
