"""Put back what the ticket has added to the numbers of records: parts into stock, where it is revoked or refused.

It is written like all that steps write (`write_record`): once, all or nothing, and refused where a number would fall below the
bound that held for it when it was added.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..config import KEY, config_of, setting
from ..definition import Definition, Node
from ..outcome import Effect, Fail, Go, Outcome, Wait
from ..reason import Reason
from ..taken import OWED, against, amounts, taken, without
from ._example import Example, approval, entry, step, titles
from ._giving import NOT_WRITTEN, SIGNAL
from ._type import At, NodeType, waiting_shape
from .write_record import NODE as WRITE
from .write_record import PART, TAKE

CONFIG: Final = config_of(("entity",), entity=setting("数据表", "Record type", KEY, widget="entity"))


def enter(at: At) -> Outcome:
    """What it puts back is the token's until that is done."""
    entity = at.config["entity"]
    if entity not in at.definition.entities:
        return Fail(Reason("check.no_such_entity", {"entity": entity}))
    mine = [one for one in taken(at.case.memo) if one.get("entity") == entity]
    at.case.memo = without(at.case.memo, mine)
    owed = [*at.token.memo.get(OWED, ()), *mine]
    writes = against(amounts(owed).get(entity, {}))
    if not writes:
        return Go(at.out)
    return Wait(SIGNAL, (Effect("write_record", {"entity": entity, "writes": writes}),), memo={OWED: owed})


def written(at: At, values: Mapping[str, Any]) -> Go:
    at.token.memo = {key: value for key, value in at.token.memo.items() if key != OWED}
    return Go(at.out)


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    type = definition.entities.get(node.config["entity"])
    if type is None:
        yield "/entity", Reason("check.no_such_entity", {"entity": node.config["entity"]})
    elif not any(_adds_to(one, type.key) for one in definition.nodes):
        yield "/entity", Reason("check.nothing_to_put_back", {"type": type.title})


def _adds_to(node: Node, entity: str) -> bool:
    values = node.config.get("values", ()) if node.type == WRITE.name and node.config.get("entity") == entity else ()
    return any(one.get("how") == "add" for one in values)


NODE = NodeType(
    "put_back",
    {"zh-Hans": "冲回数据", "en": "Put back"},
    {
        "zh-Hans": "冲回本工单在数据表里加减过的数量，如撤销后退回库存；退回、撤回、取消时自动冲回，不必画",
        "en": "Takes back what this ticket has added to records; sent back, recalled or cancelled, it does so by itself",
    },
    "work",
    "archive-restore",
    enter,
    {SIGNAL: written, NOT_WRITTEN: WRITE.signals[NOT_WRITTEN]},
    config=CONFIG,
    outcomes=WRITE.outcomes,
    shape=waiting_shape,
    check=check,
    rank=44,
    example=Example(
        titles("已领的配件退回，库存加回来", "A part that was taken comes back into stock"),
        (
            TAKE,
            step("end", "end", "结束", "End"),
            step("undo", "revoke", "申请退回", "It is to come back"),
            approval("agree", "仓库同意", "The depot agrees"),
            step("back", "put_back", "退回库存", "Back into stock", entity="part"),
            step("gone", "end", "已退回", "Back", result="revoked"),
        ),
        ("start>take", "take>end", "undo>agree", "agree>back", "back>gone"),
        (["start", {"part": "board"}], "take", "undo", "agree", "back"),
        {"status": "done", "result": "revoked"},
        (entry("part", "record", "配件", "Part", entity="part"),),
        (PART,),
    ),
)
