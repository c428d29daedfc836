"""The kinds of value a field can hold, and how each is compared. In JSON a number is an integer or a decimal string."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from .texts import LANGUAGES, pick

KINDS: Final = (
    "text", "number", "date", "datetime", "choice", "choices", "boolean", "region",
    "person", "unit", "record", "files", "rows", "none",
)  # fmt: skip

KIND_TITLES: Final[dict[str, dict[str, str]]] = {
    "text": {"zh-Hans": "文本", "en": "text"},
    "number": {"zh-Hans": "数字", "en": "number"},
    "date": {"zh-Hans": "日期", "en": "date"},
    "datetime": {"zh-Hans": "日期时间", "en": "date and time"},
    "choice": {"zh-Hans": "单选", "en": "single choice"},
    "choices": {"zh-Hans": "多选", "en": "multiple choice"},
    "boolean": {"zh-Hans": "是/否", "en": "yes or no"},
    "region": {"zh-Hans": "地址", "en": "address"},
    "person": {"zh-Hans": "成员", "en": "member"},
    "unit": {"zh-Hans": "部门", "en": "unit"},
    "record": {"zh-Hans": "选择数据", "en": "record"},
    "files": {"zh-Hans": "附件", "en": "files"},
    "rows": {"zh-Hans": "子表单", "en": "subform"},
    "list": {"zh-Hans": "列表", "en": "list"},
    "column": {"zh-Hans": "子表单的一列", "en": "column of a subform"},
    "numbers": {"zh-Hans": "子表单的一列数字", "en": "column of numbers"},
    "none": {"zh-Hans": "无", "en": "nothing"},
}


class Branching(str):
    """The kind of a choice from a tree of options, which knows of each option what it lies in; else it is as any choice."""

    parents: Mapping[str, str | None]

    def __new__(cls, kind: str, parents: Mapping[str, str | None]) -> "Branching":
        made = super().__new__(cls, kind)
        made.parents = parents
        return made

    def with_below(self, options: Iterable[str]) -> frozenset[str]:
        """These options, and whatever lies in one of them."""
        found = set(options)
        while more := {key for key, parent in self.parents.items() if parent in found} - found:
            found |= more
        return frozenset(found)


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_GROUPS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?")


def missing(value: Any) -> bool:
    """Nothing was filled in: null, the empty text, the empty list. Zero and `false` are answers."""
    return value is None or value == "" or value == []


def untouched(raw: Any) -> bool:
    """Nothing was typed."""
    return missing(raw) or (isinstance(raw, str) and not raw.strip())


def number(value: Any) -> Decimal:
    """The exact number; raises ValueError for anything else (a float, a boolean, NaN, 1e5, text)."""
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    raise ValueError(value)


def ungrouped(text: str) -> str:
    """1,234.50 without its commas. Where they group no thousands (12,5) it stays as it is, and is no number."""
    text = text.replace("，", ",").strip()
    return text.replace(",", "") if _GROUPS.fullmatch(text) else text


def day(value: Any) -> date:
    """Of a date and time: its day, where it says it is."""
    text = str(value)
    if not _DAY.fullmatch(text):
        raise ValueError(value)
    return date.fromisoformat(text[:10])


def moment(value: Any) -> datetime:
    """Raises ValueError where the zone is not said: what is compared must be one point in time."""
    found = datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        raise ValueError(value)
    return found


def identity(value: Any) -> str:
    """A record, person or unit is what its id says; its title is only shown."""
    return _text(value["id"] if isinstance(value, dict) else value)


def name_of(value: Any) -> str:
    """What a record, person or unit is called; what its id says where nobody has told."""
    return (pick(value.get("title"), LANGUAGES[0]) if isinstance(value, dict) else "") or identity(value)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError(value)
    return str(value)


def _list(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in value) if isinstance(value, list) else (_text(value),)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _region(value: Any) -> str:
    return _text(value["region"] if isinstance(value, dict) else value)


_COMPARABLE: Final[dict[str, Callable[[Any], Any]]] = {
    "text": _text,
    "choice": _text,
    "number": number,
    "date": day,
    "datetime": moment,
    "boolean": _boolean,
    "choices": _list,
    "files": lambda value: value if isinstance(value, list) else [value],
    "rows": lambda value: value if isinstance(value, list) else [value],
    "region": _region,
    "person": identity,
    "unit": identity,
    "record": identity,
}


def comparable(value: Any, kind: str) -> Any:
    """The value as Python compares it. Raises ValueError where it is not of its kind."""
    if missing(value):
        return None
    return _COMPARABLE[kind](value)


def plain(value: Decimal) -> str:
    """A number as our JSON writes it: no exponent, no superfluous zeros, no minus before a zero."""
    text = format(value, "f") if value else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text
