"""Tables in and out: CSV and Excel of bounded size, read row by row and written without anything that a cell could run."""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import quote

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from .workbook import RISKY, safe

# What a file says of its size need not be so, and where it says nothing every sheet would be read to its end to find out.
ReadOnlyWorksheet._get_size = lambda sheet: None


class Limits(NamedTuple):
    """`size` and, of an Excel file, `unpacked`: in bytes; `rows`: beside the header."""

    size: int
    unpacked: int
    rows: int


BY_HAND = Limits(10_000_000, 100_000_000, 50_000)  # read while somebody waits
BY_THE_MILLION = Limits(500_000_000, 2_000_000_000, 2_000_000)
BY_COMMAND = Limits(4_000_000_000, 2_000_000_000, 1_000_000_000)
PART = 100_000  # characters of a CSV that are sent at once
TITLES = 10  # rows among which the header stands
SHEETS = 20  # of a workbook that are looked at for it
LAST_ROW = 1_048_576  # of a sheet; who formats whole columns has as many, most of them empty
MAX_COLUMNS = 200
MAX_CELL = 10_000
MAX_HEADER = 1_000_000
MAX_PART = 5_000_000  # bytes of what is read whole of an Excel file: names, relations, styles
PACKED = b"PK\x03\x04"
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, .et, and whatever is locked by a password
LOCKED = "EncryptedPackage".encode("utf-16-le")
MARKUP = (b"<html", b"<table", b"<?xml", b"<!doctype")  # web pages that are called .xls
STRICT = b"http://purl.oclc.org/ooxml/"
READ_WHOLE = ("workbook.xml", "styles.xml", "theme1.xml", "[Content_Types].xml", ".rels")
BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, LookupError, ValueError, TypeError, AttributeError,
    OSError, EOFError, RuntimeError,
)  # fmt: skip
ENCODINGS = ("utf-8-sig", "gb18030")
WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16: what Excel calls Unicode text


Known = Callable[[Sequence[str]], int]  # of how many columns these cells are the headings


class SheetError(Exception):
    """A file that is no table we can read. `code` is of the catalogue."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def read(raw: bytes, name: str, most: int = BY_HAND.rows) -> Iterator[list[str]]:
    """The rows of the first sheet that shows as texts, the header first, empty rows left out. Raises SheetError."""
    return (cells for _, cells in numbered(io.BytesIO(raw), name, BY_HAND._replace(rows=most)))


def numbered(file: BinaryIO, name: str, limits: Limits, known: Known | None = None) -> Iterator[tuple[int, list[str]]]:
    """The same with the number of each row, beginning with 1; hardly more than one is held. Raises SheetError.

    Who knows the columns finds the header below titles, and on the sheet that has it.
    """
    unpacked(file, name, limits)
    file.seek(0)
    is_packed = file.read(4) == PACKED
    rows = texts(_xlsx(file, name, known) if is_packed else enumerate(_csv(file, name), 1), limits.rows)
    return _headed(rows, known) if known else rows


def _headed(rows: Iterator[tuple[int, list[str]]], known: Known) -> Iterator[tuple[int, list[str]]]:
    """From the header on: of the first rows the one of which most is known."""
    first = list(islice(rows, TITLES))
    header = max(range(len(first)), key=lambda index: known(first[index][1]), default=0)
    return chain(first[header:], rows)


def unpacked(file: BinaryIO, name: str, limits: Limits) -> int:
    """How many bytes there are to be read. Raises SheetError for what is seen to be no table without reading it."""
    size = file.seek(0, io.SEEK_END)
    if size > limits.size:
        raise SheetError("sheet.too_large", limit=limits.size // 1_000_000)
    file.seek(0)
    head = file.read(16)
    if head.startswith(OLD_OFFICE):
        raise SheetError("sheet.locked" if _holds(file, LOCKED) else "sheet.other_format", name=name)
    if head.lstrip(b"\xef\xbb\xbf \r\n").lower().startswith(MARKUP):
        raise SheetError("sheet.other_format", name=name)
    return _unpacked(file, name, limits) if head.startswith(PACKED) else size


def _unpacked(file: BinaryIO, name: str, limits: Limits) -> int:
    try:
        with zipfile.ZipFile(file) as packed:
            sizes = {part.filename: part.file_size for part in packed.infolist()}
            whole = max((size for path, size in sizes.items() if path.endswith(READ_WHOLE)), default=0)
            if sum(sizes.values()) > limits.unpacked or whole > MAX_PART:
                raise SheetError("sheet.unpacks_to_too_much", limit=limits.unpacked // 1_000_000)
            if "xl/workbook.bin" in sizes or "mimetype" in sizes:  # .xlsb, .ods
                raise SheetError("sheet.other_format", name=name)
            if STRICT in packed.read("_rels/.rels"):
                raise SheetError("sheet.strict", name=name)
    except BROKEN:  # RuntimeError: locked by a password
        raise SheetError("sheet.unreadable", name=name) from None
    return sum(sizes.values())


def _holds(file: BinaryIO, mark: bytes) -> bool:
    """From its beginning, a part at a time."""
    file.seek(0)
    before = b""
    while part := file.read(1_000_000):
        if mark in before + part:
            return True
        before = part[-len(mark) :]
    return False


def texts(rows: Iterable[tuple[int, Sequence[Any]]], most: int) -> Iterator[tuple[int, list[str]]]:
    """Cells as texts, no more than so many rows beside the header, empty ones left out. Raises SheetError."""
    header, filled = True, 0
    for number, row in rows:
        if number > max(most + 1, LAST_ROW):  # so far away stands no row of a workbook that Excel has written
            raise SheetError("sheet.too_many_rows", limit=most)
        cells = [_clean(cell) for cell in row[:MAX_COLUMNS]]
        if header and any(cell not in (None, "") for cell in row[MAX_COLUMNS:]):
            raise SheetError("sheet.too_many_columns", limit=MAX_COLUMNS)
        if any(cells):
            header, filled = False, filled + 1
            if filled > most + 1:
                raise SheetError("sheet.too_many_rows", limit=most)
            yield number, cells


def capped(rows: Iterable[Sequence[Any]], most: int, words: str) -> Iterator[Sequence[Any]]:
    """So many of them; where there are more, these words stand in the last row. Whoever asks the database asks for one more."""
    number = 0
    for number, row in enumerate(rows, 1):
        if number <= most:
            yield row
    if number > most:
        yield [words]


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    return b"".join(csv_parts(header, rows))


def csv_parts(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Row by row: no more is held than the part that is next. With a byte order mark, since Excel reads Chinese without one as
    something else."""
    out = io.StringIO("\ufeff")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out)
    writer.writerow([safe(words) for words in header])
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
        if out.tell() >= PART:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def attachment(name: str) -> str:
    """The header that names a download: in UTF-8 (RFC 6266), and in ASCII for what does not read that."""
    plain = "".join(mark if mark.isascii() and mark.isprintable() and mark not in '"\\/' else "_" for mark in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _csv(file: BinaryIO, name: str) -> Iterator[list[str]]:
    file.seek(0)
    encodings = ("utf-16",) if file.read(2) in WIDE else ENCODINGS
    encoding = next((one for one in encodings if _decodes(file, one)), None)
    if encoding is None:
        raise SheetError("sheet.unreadable", name=name)
    with _decoded(file, encoding) as text:
        mark = _mark(text.readline(MAX_HEADER))
        text.seek(0)
        rows = csv.reader(text, delimiter=mark)
        try:
            yield from rows
        except csv.Error as error:
            if "field limit" in str(error):  # or a quote without its other half
                raise SheetError("sheet.endless_cell", row=rows.line_num, limit=csv.field_size_limit()) from None
            raise SheetError("sheet.unreadable", name=name) from None


@contextmanager
def _decoded(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    """From its beginning; the file stays open."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield text
    finally:
        if not file.closed:  # by whoever has read enough
            text.detach()


def _decodes(file: BinaryIO, encoding: str) -> bool:
    with _decoded(file, encoding) as text:
        try:
            return not any("\x00" in part for part in iter(lambda: text.read(1_000_000), ""))
        except UnicodeDecodeError:
            return False


def _mark(header: str) -> str:
    return max((",", "\t", ";"), key=header.count)


def _xlsx(file: BinaryIO, name: str, known: Known | None = None) -> Iterator[tuple[int, list[Any]]]:
    """Of one sheet; the texts that cells share are held."""
    try:
        with closing(load_workbook(file, read_only=True, data_only=True)) as book:
            for number, row in enumerate(_sheet(book, known).iter_rows(values_only=True), 1):
                yield number, list(row)
    except BROKEN:
        raise SheetError("sheet.unreadable", name=name) from None


def _sheet(book: Any, known: Known | None) -> Any:
    """The first that shows; where the columns are known, the first that has two of them, or else one."""

    def has(sheet: Any) -> int:
        rows = sheet.iter_rows(max_row=TITLES, max_col=MAX_COLUMNS, values_only=True)
        return min(2, max((known([_clean(cell) for cell in row]) for row in rows), default=0)) if known else 0

    shown = [one for one in book.worksheets if one.sheet_state == "visible"] or book.worksheets
    return max(shown[:SHEETS], key=has)


def _clean(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == cell.time().min else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return format(Decimal(repr(cell)), "f").rstrip("0").rstrip(".") if cell % 1 else str(int(cell))
    text = str(cell).strip()[: MAX_CELL + 1]  # one too many, so that whoever minds can tell
    return text[1:] if text[:1] == "'" and text[1:2] in RISKY else text  # as `safe` wrote it
