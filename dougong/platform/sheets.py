"""Tables in and out: CSV and Excel of bounded size, read row by row and written without anything that a cell could run."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_BYTES = 10_000_000
MAX_STREAMED = 4_000_000_000
MAX_UNPACKED = 100_000_000
MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_CELL = 10_000
ENCODINGS = ("utf-8-sig", "gb18030")
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes such a text for a formula
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetError(Exception):
    """A file that is no table we can read. `code` is of the catalogue."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def read(raw: bytes, name: str, most: int = MAX_ROWS) -> Iterator[list[str]]:
    """The rows of the first sheet as texts, the header first, empty rows left out. Raises SheetError."""
    if len(raw) > MAX_BYTES:
        raise SheetError("sheet.too_large", limit=MAX_BYTES // 1_000_000)
    yield from texts(_xlsx(raw) if raw[:4] == b"PK\x03\x04" else _csv(raw, name), most)


def texts(rows: Iterable[Sequence[Any]], most: int = MAX_ROWS) -> Iterator[list[str]]:
    """Cells as texts, no more than so many rows, empty ones left out. Raises SheetError."""
    for number, row in enumerate(rows):
        if number > most:
            raise SheetError("sheet.too_many_rows", limit=most)
        cells = [_clean(cell) for cell in row[:MAX_COLUMNS]]
        if any(cells):
            yield cells


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """With a byte order mark, since Excel reads Chinese without one as something else."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31].translate({ord(mark): "_" for mark in "[]:*?/\\"}) or "1")
    sheet.append(list(header))
    for row in rows:
        sheet.append([cell if isinstance(cell, (int, Decimal)) else _safe(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def attachment(name: str) -> str:
    """The header that names a download: in UTF-8 (RFC 6266), and in ASCII for what does not read that."""
    plain = "".join(mark if mark.isascii() and mark.isprintable() and mark not in '"\\/' else "_" for mark in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _safe(cell: Any) -> str:
    """A text that a spreadsheet takes for a formula gets an apostrophe before it; a negative number stays one."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in RISKY and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal()


def stream(path: Path) -> Iterator[list[str]]:
    """The rows of a CSV file of many millions, as `read` gives them; no more than one is held. Raises SheetError."""
    if path.stat().st_size > MAX_STREAMED:
        raise SheetError("sheet.too_large", limit=MAX_STREAMED // 1_000_000)
    encoding = next((one for one in ENCODINGS if _decodes(path, one)), None)
    if encoding is None:
        raise SheetError("sheet.unreadable", name=path.name)
    with path.open(encoding=encoding, newline="") as file:
        mark = _mark(file.readline())
        file.seek(0)
        try:
            for row in csv.reader(file, delimiter=mark):
                cells = [_clean(cell) for cell in row[:MAX_COLUMNS]]
                if any(cells):
                    yield cells
        except csv.Error:
            raise SheetError("sheet.unreadable", name=path.name) from None


def _decodes(path: Path, encoding: str) -> bool:
    with path.open(encoding=encoding) as file:
        try:
            return not any("\x00" in part for part in iter(lambda: file.read(1_000_000), ""))
        except UnicodeDecodeError:
            return False


def _mark(header: str) -> str:
    return max((",", "\t", ";"), key=header.count)


def _csv(raw: bytes, name: str) -> Iterator[list[str]]:
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SheetError("sheet.unreadable", name=name)
    if "\x00" in text:
        raise SheetError("sheet.unreadable", name=name)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=_mark(text.split("\n", 1)[0]))
    except csv.Error:
        raise SheetError("sheet.unreadable", name=name) from None


def _xlsx(raw: bytes) -> Iterator[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise SheetError("sheet.too_large", limit=MAX_UNPACKED // 1_000_000)
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        if not book.worksheets:
            raise SheetError("sheet.unreadable", name="")
        for row in book.worksheets[0].iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True):
            yield list(row)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError):
        raise SheetError("sheet.unreadable", name="") from None


def _clean(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == cell.time().min else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return format(Decimal(repr(cell)), "f").rstrip("0").rstrip(".") if cell % 1 else str(int(cell))
    text = str(cell).strip()[:MAX_CELL]
    return text[1:] if text[:1] == "'" and text[1:2] in RISKY else text  # as `_safe` wrote it
