"""XML from outside, read with suspicion: no entities, nothing fetched, limits of size, depth and count. A refusal says where.

expat reads it, told what it must not do; bytes are decoded here, because expat knows neither GBK nor Big5.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from dougong.runtime.reason import Refused

MAX_BYTES: Final = 5_000_000
MAX_DEPTH: Final = 100
MAX_ELEMENTS: Final = 100_000
MAX_ATTRIBUTES: Final = 300_000

ENCODINGS: Final = {
    "utf-8": "utf-8", "ascii": "utf-8", "utf-16": "utf-16", "utf-16-le": "utf-16", "utf-16-be": "utf-16", "gb2312": "gb18030",
    "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "big5hkscs": "big5hkscs", "iso8859-1": "cp1252",
    "cp1252": "cp1252", "iso8859-15": "iso8859-15", "shift_jis": "cp932", "cp932": "cp932", "euc_jp": "euc_jp",
    "euc_kr": "cp949", "cp949": "cp949",
}  # fmt: skip
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")


@dataclass(slots=True)
class Element:
    """`space` is its namespace; so are the keys of `attributes` that stand in one: "space name" there, else only the name."""

    space: str
    name: str
    attributes: dict[str, str]
    line: int
    children: list["Element"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def all(self, *names: str) -> list["Element"]:
        """The children of these names, whatever their namespace."""
        return [child for child in self.children if child.name in names]

    def first(self, *names: str) -> "Element | None":
        return next((child for child in self.children if child.name in names), None)

    def walk(self) -> Iterator["Element"]:
        """It and all within, in the order of the file."""
        todo = [self]
        while todo:
            one = todo.pop()
            yield one
            todo.extend(reversed(one.children))


def read(raw: bytes) -> Element:
    """The root. Raises Refused; `line` says where, `element` in what."""
    if len(raw) > MAX_BYTES:
        raise Refused("bpmn.too_large", limit=MAX_BYTES // 1_000_000)
    if not raw.strip():
        raise Refused("bpmn.empty")
    return _Reading().read(_decoded(raw))


def _decoded(raw: bytes) -> str:
    """As text; by its byte order mark, else as it declares itself, else UTF-8."""
    name = next((name for mark, name in _MARKS if raw.startswith(mark)), "") or _declared(raw)
    try:
        return raw.decode(name)
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        raise Refused("bpmn.encoding", line=raw[:at].count(b"\n") + 1, encoding=name.removesuffix("-sig")) from None


def _declared(raw: bytes) -> str:
    if raw[:2] in (b"<\x00", b"\x00<"):  # UTF-16 without a mark
        return "utf-16-le" if raw[1] == 0 else "utf-16-be"
    found = _DECLARED.match(raw)
    wanted = found[1].decode("ascii") if found else "utf-8"
    try:
        return ENCODINGS[codecs.lookup(wanted).name]
    except (LookupError, ValueError):
        raise Refused("bpmn.unknown_encoding", encoding=wanted) from None


class _Reading:
    """One pass of expat, building the tree. What is refused ends it at once."""

    def __init__(self) -> None:
        self.open: list[Element] = []
        self.root: Element | None = None
        self.elements = self.attributes = 0
        self.parser: Any = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words
        for name in ("EntityDeclHandler", "UnparsedEntityDeclHandler", "ExternalEntityRefHandler", "SkippedEntityHandler"):
            setattr(self.parser, name, self._entity)

    def read(self, text: str) -> Element:
        declared = _DECLARATION.match(text)  # its encoding is no longer true
        body = text[declared.end() :] if declared else text
        lines = text[: declared.end()].count("\n") if declared else 0
        try:
            self.parser.Parse("\n" * lines + body, True)
        except expat.ExpatError as error:
            raise self._wrong(error) from None
        except UnicodeEncodeError:
            raise Refused("bpmn.encoding", line=1, encoding="utf-16") from None
        assert self.root is not None  # else expat has found no element
        return self.root

    def _wrong(self, error: expat.ExpatError) -> Refused:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]:
            return self._refused("bpmn.entity", error.lineno)
        if self.root is None:
            return Refused("bpmn.no_xml", line=error.lineno)
        return self._refused("bpmn.syntax", error.lineno, column=error.offset + 1)

    def _refused(self, code: str, line: int = 0, **params: Any) -> Refused:
        where = self.open[-1].name if self.open else "—"
        return Refused(code, line=line or self.parser.CurrentLineNumber, element=where, **params)

    def _entity(self, *told: Any) -> int:
        raise self._refused("bpmn.entity")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.attributes += len(attributes)
        if self.elements > MAX_ELEMENTS or self.attributes > MAX_ATTRIBUTES:
            raise self._refused("bpmn.too_many_elements", limit=MAX_ELEMENTS)
        if len(self.open) >= MAX_DEPTH:
            raise self._refused("bpmn.too_deep", limit=MAX_DEPTH)
        space, _, local = name.rpartition(" ")
        found = Element(space, local, attributes, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(found)
        else:
            self.root = found
        self.open.append(found)

    def _end(self, name: str) -> None:
        self.open.pop()

    def _words(self, words: str) -> None:
        self.open[-1].words.append(words)
