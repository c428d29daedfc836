"""Among whom: the colleagues to whom a task may be handed over or lent, and who may be added as signers."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ..config import UID, config_of, setting
from ..definition import Definition, Node
from ..reason import Reason, Refused
from ._items import in_row
from ._people import PEOPLE, check_people, persons
from ._type import At

BY_ACT: Final = ("transfer", "delegate", "add")
ACTS: Final = ("办理人可以", "What they may also do")  # the section of the inspector
MAY: Final = {"transfer": "transfer", "delegate": "delegate", "add": "add_signer"}  # by act: the setting that allows it
AMONG: Final = setting(
    "可选的人员范围",
    "Colleagues to choose from",
    type="array",
    maxItems=10,
    widget="rows",
    group=ACTS,
    any_of=MAY.values(),
    items=config_of(
        ("uid", "who"),
        uid=UID,
        who=setting("谁", "Who", PEOPLE, widget="people"),
        act=setting(
            "用于", "For", default="all", offered=MAY,
            options={
                "all": ("全部", "all of them"), "transfer": ("仅转交", "handing over"),
                "delegate": ("仅委派", "asking for an opinion"), "add": ("仅加签", "adding signers"),
            },
        ),
    ),
    help=("只能从这些人中选；不设则所有同事", "Only these may be chosen; left out: everybody"),
)  # fmt: skip


def is_ranged(config: Mapping[str, Any], act: str) -> bool:
    return bool(_ranges(config, act))


def _ranges(config: Mapping[str, Any], act: str) -> list[Mapping[str, Any]]:
    return [row for row in config.get("among", ()) if row.get("act", "all") in ("all", act)]


def among(at: At, act: str) -> list[str] | None:
    """The members to whom it may be handed over or lent, or who may be added (`act`: of BY_ACT). None: all of them."""
    rows = _ranges(at.config, act)
    if not rows:
        return None
    there = in_row(at, at.token.memo) if "item" in at.token.memo else at
    return list(dict.fromkeys(one for row in rows for one in persons(there, row["who"])))


def is_among(at: At, act: str, wanted: Iterable[str], where: str) -> None:
    """Raises Refused for those who are not."""
    known = among(at, act)
    if known is not None and (beyond := [one for one in wanted if one not in known]):
        raise Refused("verb.not_among", where, persons=beyond, who=", ".join(beyond))


def check_among(definition: Definition, node: Node, kinds: Mapping[str, str] | None = None) -> Iterator[tuple[str, Reason]]:
    for index, one in enumerate(node.config.get("among", ())):
        pointer = f"/among/{index}/who"
        if one["who"].get("by") == "customer":
            yield pointer, Reason("check.among_customers")
        yield from check_people(definition, one["who"], pointer, kinds)
