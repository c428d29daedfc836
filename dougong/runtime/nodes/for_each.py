"""A task for each entry of a list, together or one after the other (逐项办理).

The step's token waits for its children, one for each item, and remembers only how many there are and how many are done: an
item of a thousand costs what one of ten does. Where results are gathered, an item that is done stays as a token that keeps its
own, until the whole is complete.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from marshmallow import ValidationError

from ..case import Token
from ..config import KEY, TEXT, UID, config_of, setting
from ..definition import Definition, Node
from ..form_view import shown
from ..kept import kept
from ..outcome import Fail, Go, Outcome, Put, Wait
from ..reason import Reason, Refused
from ..shape import Shape
from ..texts import LANGUAGES, pick
from ..values import missing, number, plain
from ._among import check_among
from ._back import places_back
from ._conditions import CONDITION, check_condition, holds
from ._deadlines import SIGNAL as DEADLINE
from ._deadlines import THEN, check_deadlines, deadlines, passed, timed
from ._example import Example, choices, entry, step, task, titles
from ._fields import RIGHTS, check_rights, written
from ._items import LISTS, MOST, in_row, listed, puts, worded
from ._people import PEOPLE, check_node_people, people
from ._time import PAUSES
from ._turns import TURN
from ._type import At, NodeType
from ._verbs import OPEN, VERBS, delegate, open_task, reply, send_back, sent_back, took_part, transfer

CHILDREN: Final = "children"
KEPT: Final = "kept"  # what a child waits for that is done
CONFIG = config_of(
    ("who",),
    over=setting(
        "逐项的字段", "For each entry of", KEY, widget="field", kinds=LISTS,
        help=(
            "多选、附件逐个；子表单、多行文本逐行；数字为次数。子表单的列可用于处理人和完成条件",
            "Choices and files one by one, a subform row by row, a text line by line; of a number, so many times. "
            "Columns of the subform may say who does it, and when it is complete",
        ),
    ),
    times=setting(
        "次数", "So many times", type="integer", minimum=1, maximum=MOST, help=("不选字段时", "Where no field is chosen")
    ),
    order=setting(
        "办理顺序",
        "In which order",
        default="parallel",
        options={"parallel": ("同时办理", "all at once"), "sequence": ("逐个办理", "one after the other")},
    ),
    who=setting("处理人", "Assignee", PEOPLE, widget="people"),
    form=setting("表单", "Form", KEY, widget="form", help=("不选则用工单表单", "Left out: the ticket’s own form")),
    advice=setting("办理提示", "Advice", TEXT),
    complete=setting(
        "何时完成",
        "Complete when",
        default="all",
        options={
            "all": ("全部办完", "all are done"),
            "count": ("办完指定数量", "a number of them is done"),
            "percent": ("办完指定比例", "a share of them is done"),
            "condition": ("条件成立", "a condition holds"),
        },
        help=("完成后，其余取消", "What is left then is cancelled"),
    ),
    needs=setting("需要几项", "How many", type="integer", minimum=1, maximum=MOST, when={"complete": ["count"]}, needed=True),
    percent=setting(
        "完成比例（%）", "Share (%)", type="integer", minimum=1, maximum=100, when={"complete": ["percent"]}, needed=True
    ),
    when=setting(
        "完成条件", "Condition", CONDITION, widget="condition", when={"complete": ["condition"]}, needed=True,
        help=("每办完一项判断一次，含该项填写的内容", "Asked after each item, with what was filled in for it"),
    ),
    collect=setting(
        "汇总结果",
        "Gather results",
        type="array",
        maxItems=10,
        widget="rows",
        items=config_of(
            ("uid", "field", "into"),
            uid=UID,
            field=setting("每项填写的字段", "Field of each item", KEY, widget="field"),
            into=setting("汇总到字段", "Into", KEY, widget="field"),
            how=setting(
                "方式", "How", default="lines",
                options={
                    "lines": ("逐行列出", "a line each"), "sum": ("求和", "sum"),
                    "min": ("最小值", "least"), "max": ("最大值", "greatest"),
                },
            ),
        ),
    ),
    deadlines=deadlines({how: THEN[how] for how in ("remind", "escalate")}),
    pauses=PAUSES,
    add_item=setting("允许追加项", "Items may be added", type="boolean", help=("办理期间可追加", "While it is under way")),
    **{name: VERBS[name] for name in ("transfer", "delegate", "among", "send_back", "after_return")},
    turn=TURN,
    rights=RIGHTS,
)  # fmt: skip


def enter(at: At) -> Outcome:
    if "kept" in at.token.memo:
        return Wait(KEPT)
    if "index" in at.token.memo:
        return _open(at)
    items = listed(at)
    if items is None:
        return Fail(Reason("case.no_list", {"field": at.config.get("over", "")}))
    if len(items) > MOST:
        return Fail(Reason("case.too_many_items", {"found": len(items), "limit": MOST}))
    if not items:
        return _complete(at, [])
    first = items if at.config.get("order") != "sequence" else items[:1]
    return Wait(CHILDREN, memo={"total": len(items), "done": 0}, spawn=puts(at, first))


def _open(at: At) -> Outcome:
    """The item stands in the title of its task; each has the deadlines of the step."""
    who = at.config["who"]
    title = {tag: f"{pick(at.node.title, tag)} · {worded(at, at.token.memo, tag)}"[:200] for tag in LANGUAGES}
    return timed(
        at, Wait(OPEN, (open_task(at, people(in_row(at, at.token.memo), who), customer=who["by"] == "customer", title=title),))
    )


# ---- what may be done with an item ----


def done(at: At, values: Mapping[str, Any]) -> Outcome:
    """What is filled in for an item is the item's, as far as it is gathered; the rest is the ticket's."""
    took_part(at)
    gathered = {one["field"] for one in at.config.get("collect", ())}
    ticket = {key: value for key, value in values.items() if key not in gathered}
    return Go(data=ticket, says={"values": dict(values)})


def send(at: At, values: Mapping[str, Any]) -> Outcome:
    """退回: the whole step, with all its items."""
    if not str(values.get("opinion") or "").strip():
        raise Refused("approval.opinion_missing", "/opinion")
    put = send_back(at, values).jump[0]
    took_part(at)
    return Go(says={"to": put.node, "straight": "back_to" in put.memo})


def add_item(at: At, values: Mapping[str, Any]) -> Outcome:
    """One more, while it is under way. `item`: what it is called."""
    item = str(values.get("item") or "").strip()
    if not at.config.get("add_item") or "total" not in at.token.memo:  # to an item of the list nothing is added
        raise Refused("verb.not_allowed")
    total = at.token.memo["total"]
    if not item or len(item) > 200:
        raise Refused("item.what", "/item", most=200)
    if total >= MOST:
        raise Refused("item.too_many", "/item", limit=MOST)
    if at.config.get("order") == "sequence":
        return Wait(CHILDREN, memo={"total": total + 1, "added": [*at.token.memo.get("added", ()), item]})
    return Wait(CHILDREN, memo={"total": total + 1}, spawn=(Put(at.node.uid, {"item": item, "index": total, "added": True}),))


# ---- what comes of it ----


def gather(at: At, child: Token, left: Go) -> Outcome:
    if "to" in left.says:
        return sent_back(at, left.says["to"], left.says["straight"])
    values = left.says.get("values", {})
    total, finished = at.token.memo["total"], at.token.memo["done"] + 1
    mine = {one["field"]: values[one["field"]] for one in at.config.get("collect", ()) if one["field"] in values}
    if finished >= total or _enough(in_row(at, child.memo, **values), total, finished):
        last = [(child.memo, mine)] if mine else []
        return _complete(at, last)
    keeper = (Put(at.node.uid, {**child.memo, "kept": mine}),) if mine else ()
    return Wait(CHILDREN, memo={"done": finished}, spawn=(*keeper, *_next(at, finished)))


def _enough(at: At, total: int, finished: int) -> bool:
    match at.config.get("complete", "all"):
        case "count":
            return finished >= int(at.config.get("needs", total))
        case "percent":
            return finished * 100 >= int(at.config.get("percent", 100)) * total
        case "condition":
            return bool(holds(at, "when"))
    return False


def _next(at: At, index: int) -> tuple[Put, ...]:
    """One after the other: which item is next, by the list as it is now; then those that were added."""
    if at.config.get("order") != "sequence":
        return ()
    items = listed(at) or []
    added = at.token.memo.get("added", [])
    of_list = at.token.memo["total"] - len(added)
    if index < of_list:
        return puts(at, [items[index] if index < len(items) else index + 1], index)
    return tuple(replace(put, memo={**put.memo, "added": True}) for put in puts(at, [added[index - of_list]], index))


def _complete(at: At, last: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Outcome:
    children = at.case.children(at.token.id) if "total" in at.token.memo else []
    results = [*((token.memo, token.memo["kept"]) for token in children if "kept" in token.memo), *last]
    results.sort(key=lambda one: one[0]["index"])
    data: dict[str, Any] = {}
    for one in at.config.get("collect", ()):
        found = [(memo, mine[one["field"]]) for memo, mine in results if not missing(mine.get(one["field"]))]
        target = at.definition.field(one["into"])
        try:
            data[one["into"]] = kept(target, _gathered(at, one, found)) if target else None
        except (ValidationError, ValueError):
            return Fail(
                Reason("case.value_does_not_fit", {"field": one["into"], "found": str([value for _, value in found])[:40]})
            )
    return Go(at.out, data=data, absorb=tuple(token.id for token in children))


def _gathered(at: At, one: Mapping[str, Any], found: list[tuple[Mapping[str, Any], Any]]) -> Any:
    how = one.get("how", "lines")
    if how == "lines":
        return "\n".join(f"{worded(at, memo, LANGUAGES[0])}: {_told(at, one['field'], value)}" for memo, value in found)
    numbers = [number(value) for _, value in found]
    of: Callable[[list[Decimal]], Any] = {"sum": sum, "min": min, "max": max}[how]  # type: ignore[assignment]
    return plain(Decimal(of(numbers))) if numbers else None


def _told(at: At, key: str, value: Any) -> str:
    field = at.definition.field(key)
    return shown(field, value, LANGUAGES[0], at.world.names) if field else str(value)


# ---- what the checks know ----


def writes(definition: Definition, node: Node) -> frozenset[str]:
    collected = node.config.get("collect", ())
    return (written(definition, node) - {one["field"] for one in collected}) | {one["into"] for one in collected}


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    config = node.config
    yield from check_node_people(definition, node)
    yield from check_rights(definition, node)
    yield from check_deadlines(definition, node)
    yield from check_among(definition, node, definition.kinds_at(node))
    if definition.form_of(node) is None:
        yield "/form", Reason("check.step_without_form")
    over = config.get("over")
    if over is not None and definition.kinds.get(over) not in LISTS:
        yield "/over", Reason("check.no_list", {"field": over})
    if over is None and "times" not in config:
        yield "/over", Reason("check.each_of_what")
    yield from _check_complete(definition, node)
    for index, one in enumerate(config.get("collect", ())):
        if one["field"] not in definition.kinds:
            yield f"/collect/{index}/field", Reason("check.no_such_field", {"field": one["field"]})
        target, sums = definition.field(one["into"]), one.get("how", "lines") != "lines"
        if target is None or target.type.computed or (target.kind != ("number" if sums else "text")):
            yield f"/collect/{index}/into", Reason("check.gathered_into", {"field": one["into"]})


def _check_complete(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    needed = {"count": "needs", "percent": "percent", "condition": "when"}.get(node.config.get("complete", "all"))
    if needed and not node.config.get(needed):
        yield f"/{needed}", Reason("check.complete_without", {"setting": CONFIG["properties"][needed]["x-title"]})
    yield from check_condition(definition, node, "when")


NODE = NodeType(
    "for_each",
    {"zh-Hans": "逐项办理", "en": "For each"},
    {"zh-Hans": "列表的每一项各办一次，可同时或逐个", "en": "A task for each entry of a list, together or one by one"},
    "people",
    "layers",
    enter,
    {
        OPEN: done,
        "transfer": transfer,
        "delegate": delegate,
        "reply": reply,
        "send_back": send,
        "add_item": add_item,
        DEADLINE: passed,
    },
    gather,
    whole=frozenset({"add_item"}),
    config=CONFIG,
    shape=lambda definition, node: Shape(waits=True, back=places_back(definition, node)),
    writes=writes,
    check=check,
    also=("明细", "子表单", "逐行", "批量"),
    rank=22,
    example=Example(
        titles("要换的配件逐件领取", "Each part that is to be changed is fetched"),
        (
            step("fetch", "for_each", "领取配件", "Fetch the part", over="parts", who={"by": "role", "role": "engineer"}),
            task("fit", "安装", "Fit them", "engineer"),
        ),
        ("start>fetch", "fetch>fit", "fit>end"),
        (
            ["start", {"parts": ["board", "fan"]}],
            ["fetch", {}, {"item": "fan"}],
            ["fetch", {}, {"item": "board"}],
        ),
        {"status": "running", "waiting": ["fit"]},
        (entry("parts", "choices", "配件", "Parts", options=choices(board=("主板", "Board"), fan=("风扇", "Fan"))),),
    ),
)
