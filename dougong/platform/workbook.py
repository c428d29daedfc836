"""The first sheet of an Excel file, row by row: one row is held, and the texts that cells share.

ECMA-376, parts 1 (18.3 and 18.4: sheets and shared strings) and 2 (the package); strict and transitional alike.
"""

import posixpath
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final
from xml.etree import ElementTree

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH, from_excel

MAX_PART: Final = 5_000_000  # bytes of what is read whole: names, relations, styles
CHUNK: Final = 1 << 16
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    LookupError,
    ValueError,
    OSError,
    EOFError,
    RuntimeError,
)

Row = tuple[int, list[Any]]


class NoWorkbook(Exception):
    """A file that is no Excel workbook, or a broken one."""


class UnpacksToTooMuch(NoWorkbook):
    """A file that is small only while it is packed."""


def rows(file: BinaryIO, unpacked: int) -> Iterator[Row]:
    """(number, cells), as the sheet numbers them; empty rows may be missing. `unpacked`: bytes at most. Raises NoWorkbook."""
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(part.file_size for part in packed.infolist()) > unpacked:
                raise UnpacksToTooMuch
            yield from _Book(packed).rows()
    except BROKEN as error:  # RuntimeError: locked by a password, or packed in an unknown way
        raise NoWorkbook from error


class _Book:
    def __init__(self, packed: zipfile.ZipFile) -> None:
        self.packed = packed
        self.path = next(iter(self._related("", "/officeDocument").values()))
        self.book = self._whole(self.path)
        properties = self.book.find("{*}workbookPr")
        old_mac = properties is not None and properties.get("date1904") in ("1", "true")
        self.epoch = CALENDAR_MAC_1904 if old_mac else WINDOWS_EPOCH
        self.dated = dict(one for path in self._related(self.path, "/styles").values() for one in _dated(self._whole(path)))
        self.strings = _Strings()

    def rows(self) -> Iterator[Row]:
        for path in self._related(self.path, "/sharedStrings").values():
            for _, (text,) in self._parsed(path):
                self.strings.add(text)
        sheets = self._related(self.path, "/worksheet")
        ids = [
            value for sheet in self.book.iterfind("{*}sheets/{*}sheet") for key, value in sheet.items() if key.endswith("}id")
        ]
        for number, cells in self._parsed(next(sheets[one] for one in ids if one in sheets)):
            yield number, [self._value(*cell) if cell else None for cell in cells]

    def _value(self, cell: Mapping[str, str], text: str) -> Any:
        if not text:
            return None
        match cell.get("t", "n"):
            case "s":
                return self.strings[int(text)]
            case "n":
                figure = float(text) if "." in text or "E" in text or "e" in text else int(text)
                style = cell.get("s", "")
                return from_excel(figure, self.epoch, self.dated[style]) if style in self.dated else figure
            case "b":
                return bool(int(text))
        return text

    def _parsed(self, path: str) -> Iterator[tuple[int, list[Any]]]:
        target = _Target()
        parser = ElementTree.XMLParser(target=target)  # noqa: S314  expat bounds what entities come to, and fetches nothing
        with self.packed.open(path) as part:
            while some := part.read(CHUNK):
                parser.feed(some)
                yield from target.taken()
        parser.close()

    def _related(self, path: str, kind: str) -> dict[str, str]:
        """The parts that it names of that kind, by the id of the relation."""
        folder, name = posixpath.split(path)
        found = self._whole(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {
            one.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
            for one in found
            if one.get("Type", "").endswith(kind)
        }

    def _whole(self, path: str) -> ElementTree.Element:
        if self.packed.getinfo(path).file_size > MAX_PART:
            raise UnpacksToTooMuch
        return ElementTree.fromstring(self.packed.read(path))  # noqa: S314  as above


def _dated(styles: ElementTree.Element) -> Iterator[tuple[str, bool]]:
    """The styles of cells whose number is a moment, and whether it is a length of time."""
    formats = {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.iterfind("{*}numFmts/{*}numFmt")}
    known = {**{str(number): code for number, code in BUILTIN_FORMATS.items()}, **formats}
    for index, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        if is_date_format(code := known.get(style.get("numFmtId", "0"))):
            yield str(index), is_timedelta_format(code)


class _Strings:
    """Texts, packed: a list of a million would weigh several times as much."""

    def __init__(self) -> None:
        self.packed, self.ends = bytearray(), array("Q", [0])

    def add(self, text: str) -> None:
        self.packed += text.encode()
        self.ends.append(len(self.packed))

    def __getitem__(self, index: int) -> str:
        return self.packed[self.ends[index] : self.ends[index + 1]].decode()


class _Target:
    """What the parser tells of a sheet: rows of (attributes, text) for each cell. A shared string is a row of one text."""

    def __init__(self) -> None:
        self.ready: list[tuple[int, list[Any]]] = []
        self.columns: dict[str, int] = {}
        self.number, self.row = 0, list[Any]()
        self.cell: Mapping[str, str] = {}
        self.text, self.said = "", list[str]()
        self.heard, self.aside = False, False

    def taken(self) -> list[tuple[int, list[Any]]]:
        found, self.ready = self.ready, []
        return found

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag[tag.rfind("}") + 1 :]:
            case "c" | "si" as name:
                self.cell, self.text = attributes if name == "c" else {}, ""
            case "v" | "t":
                self.heard = not self.aside
            case "row":
                self.number, self.row = int(attributes.get("r", self.number + 1)), []
            case "rPh":  # how a text is pronounced stands beside it
                self.aside = True

    def data(self, text: str) -> None:
        if self.heard:
            self.said.append(text)

    def end(self, tag: str) -> None:
        match tag[tag.rfind("}") + 1 :]:
            case "c":
                self._place()
            case "v" | "t":
                self.text, self.said, self.heard = self.text + "".join(self.said), [], False
            case "row":
                self.ready.append((self.number, self.row))
            case "rPh":
                self.aside = False
            case "si":
                self.ready.append((0, [self.text]))

    def _place(self) -> None:
        """Where the cell says that it stands, which is never before the one that came before it."""
        letters = self.cell.get("r", "").rstrip("0123456789")
        if letters not in self.columns:
            self.columns[letters] = column_index_from_string(letters) if letters else 0
        gap = self.columns[letters] - len(self.row) - 1
        self.row += [None] * gap if gap > 0 else ()
        self.row.append((self.cell, self.text) if self.text else None)
