"""What a ticket looks like on paper, as its form says: what stands over it, which fields, in how many columns, who signs.

Where a form says nothing, everything is printed in two columns, with who decided what and a code that leads to the ticket.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from .config import KEY, TEXT, UID, Schema, config_of, setting
from .form_view import SectionView
from .texts import Text

GROUP: Final = ("打印版式", "On paper")
YES_NO: Final = {"yes": ("打印", "printed"), "no": ("不打印", "left out")}
COLUMNS: Final = {"one": 1, "two": 2, "three": 3}
PRINT: Final[Schema] = config_of(
    letterhead=setting("抬头", "Letterhead", TEXT, group=GROUP, help=("不填则为企业名称", "Left out: the company’s name")),
    title=setting("标题", "Title", TEXT, group=GROUP, help=("不填则为工单标题", "Left out: the ticket’s own")),
    columns=setting(
        "每行", "In a row", group=GROUP, default="two",
        options={"one": ("一个字段", "one field"), "two": ("两个字段", "two fields"), "three": ("三个字段", "three fields")},
    ),
    without=setting(
        "打印哪些字段", "Which fields", group=GROUP, type="array", maxItems=300, uniqueItems=True, items=KEY, widget="printed"
    ),
    history=setting("处理记录", "Who decided what", group=GROUP, default="yes", options=YES_NO),
    qr=setting("工单二维码", "QR code of the ticket", group=GROUP, default="yes", options=YES_NO),
    signatures=setting(
        "签字栏", "Lines to sign", group=GROUP, type="array", maxItems=8, widget="rows",
        items=config_of(("title",), uid=UID, title=setting("谁签字", "Who signs", TEXT)),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class PrintLayout:
    title: Text | None = None
    letterhead: Text | None = None
    columns: int = 2
    without: frozenset[str] = frozenset()
    signatures: tuple[Text, ...] = ()
    qr: bool = True
    history: bool = True

    @classmethod
    def from_json(cls, doc: Mapping[str, Any]) -> "PrintLayout":
        return cls(
            doc.get("title"),
            doc.get("letterhead"),
            COLUMNS.get(doc.get("columns", "two"), 2),
            frozenset(doc.get("without", ())),
            tuple(one["title"] for one in doc.get("signatures", ()) if "title" in one),
            doc.get("qr") != "no",
            doc.get("history") != "no",
        )

    def printed(self, sections: Iterable[SectionView]) -> Iterator[SectionView]:
        """These sections without the fields that are not for paper."""
        for section in sections:
            fields = tuple(view for view in section.fields if view.field.key not in self.without)
            if fields:
                yield replace(section, fields=fields)
