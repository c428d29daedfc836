"""A table as an Excel file: one sheet, whose header stays in sight. It is written to the disk by row, and sent from there."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice, zip_longest
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final
from unicodedata import east_asian_width

from xlsxwriter import Workbook

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOOKED_AT: Final = 100  # rows, for how wide columns are written
WIDEST: Final = 60
PART: Final = 100_000  # bytes that are sent at once
RISKY: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes such a text for a formula
DAY: Final = "yyyy-mm-dd"
MOMENT: Final = "yyyy-mm-dd h:mm:ss"
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    return b"".join(xlsx_parts(title, header, rows))


def xlsx_parts(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Columns are as wide as what is in the first rows."""
    with TemporaryFile() as file:
        _write(file, title, header, iter(rows))
        file.seek(0)
        yield from iter(lambda: file.read(PART), b"")


def _write(file: BinaryIO, title: str, header: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(_name(title))
        sheet.freeze_panes(1, 0)
        first = list(islice(rows, LOOKED_AT))
        for at, column in enumerate(zip_longest(header, *first, fillvalue="")):
            sheet.set_column(at, at, min(2 + max(map(_width, column)), WIDEST))
        strong, formats = book.add_format({"bold": True}), dict[str, Any]()
        for at, words in enumerate(header):
            sheet.write_string(0, at, safe(words), strong)
        for number, row in enumerate(chain(first, rows), 1):
            for at, cell in enumerate(row):
                shown = _shown(cell)
                if shown not in formats:
                    formats[shown] = book.add_format({"num_format": shown}) if shown else None
                _put(sheet, number, at, cell, formats[shown])


def _put(sheet: Any, row: int, column: int, cell: Any, style: Any) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, (int, Decimal)):
        sheet.write_number(row, column, cell, style)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, style)
    elif text := safe(cell).replace("\r\n", "\n"):
        sheet.write_string(row, column, text)


def _shown(cell: Any) -> str:
    """A decimal shows its thousands and as many places as it has; a day is one."""
    if isinstance(cell, Decimal):
        places = max(-int(cell.as_tuple().exponent), 0)
        return f"#,##0{'.' if places else ''}{'0' * places}"
    return MOMENT if isinstance(cell, datetime) else DAY if isinstance(cell, date) else ""


def _name(title: str) -> str:
    return _ILLEGAL.sub("", title[:31].translate({ord(mark): "_" for mark in "[]:*?/\\"})).strip("'") or "1"


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
