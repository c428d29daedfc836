"""The entries of a list that a step works through: which they are, what each is called, and what may be named of it."""

from collections.abc import Mapping
from typing import Any, Final

from ..config import KEY, setting
from ..fields._type import Names
from ..form import Form
from ..form_view import shown
from ..outcome import Put
from ..texts import Text
from ..values import missing, number
from ._type import At

MOST: Final = 1000
OVER: Final = setting(
    "逐行", "For each row of", KEY, widget="rows-field",
    help=("不选则一次；选子表单则每行一次，先取该行的列", "Left out: once. A subform: once a row, its columns first"),
)  # fmt: skip
LISTS: Final = ("choices", "files", "rows", "text", "number")


def listed(at: At) -> list[Any] | None:
    """None: what there is is no list and no number."""
    field = at.config.get("over")
    value = at.case.data.get(field) if field else at.config.get("times", 1)
    if missing(value):
        return []
    kind = at.definition.kinds.get(field, "number") if field else "number"
    if kind == "number":
        try:
            count = number(value)
        except ValueError:
            return None
        return [*range(1, min(int(count), MOST + 1) + 1)] if count >= 0 and count == int(count) else None
    if isinstance(value, list):
        return value
    return [line.strip() for line in value.splitlines() if line.strip()] if isinstance(value, str) else None


def puts(at: At, items: list[Any], first: int = 0) -> tuple[Put, ...]:
    return tuple(Put(at.node.uid, {"item": item, "index": first + index}) for index, item in enumerate(items))


def worded(at: At, memo: Mapping[str, Any], language: str) -> str:
    """What an item is called; one that was added is called what it was added as."""
    field = at.definition.field(at.config.get("over", ""))
    if field is not None and field.columns is not None and isinstance(memo["item"], dict):
        words = [words for _, words in row_in_words(field.columns, memo["item"], language, at.world.names)]
        return f"{memo['index'] + 1}. {' · '.join(words[:2])}"
    if field is None or field.kind not in ("choices", "files") or memo.get("added"):
        return str(memo["item"])
    return shown(field, [memo["item"]], language, at.world.names)


def row_in_words(columns: Form, row: Any, language: str, names: Names) -> list[tuple[Text, str]]:
    """What stands in a row: the title of each filled column and its value."""
    cells = ((one.title, shown(one, row.get(key), language, names)) for key, one in columns.fields.items())
    return [(title, words) for title, words in cells if words]


def in_row(at: At, memo: Mapping[str, Any], **more: Any) -> At:
    """What is asked of an item that is a row of a table is asked of its fields first."""
    row = memo["item"] if isinstance(memo["item"], dict) and at.definition.row_of(at.node) is not None else {}
    return at._replace(case=at.case.but(data={**at.case.data, **row, **more}))
