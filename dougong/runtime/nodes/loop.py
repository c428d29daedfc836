"""Go round again while a condition holds, but not for ever (循环)."""

from collections.abc import Iterator

from ..config import config_of, setting
from ..definition import Definition, Node
from ..outcome import Fail, Go, Outcome
from ..reason import Reason
from ..shape import Shape
from ._conditions import CONDITION, check_condition, holds
from ._example import Example, choices, entry, step, task, titles, way
from ._type import At, NodeType

CONFIG = config_of(
    ("most",),
    when=setting(
        "再来一轮的条件", "Again while", CONDITION, widget="condition", help=("不填则每次都再来一轮", "Left out: every time")
    ),
    most=setting("最多再来几轮", "At most so many times", type="integer", minimum=1, maximum=1000),
    capped=setting(
        "到上限而条件仍成立时",
        "Where it would go round more often",
        default="on",
        options={
            "on": ("继续往下走", "it goes on"),
            "fail": ("停下，请人处理", "it stops, and somebody has to look at it"),
        },
        help=("画了“到上限”的连线时走那条", "Where a way out “cap reached” is drawn, it is taken"),
    ),
)


def enter(at: At) -> Outcome:
    """The turns are counted by the case, and anew once it has gone on."""
    name = f"loop:{at.node.uid}"
    turns = at.case.memo.get(name, 0)
    if holds(at, "when") is False:
        return Go(at.out, memo={name: None})
    if turns < at.config["most"]:
        again = at.ways("again")
        return Go(again, memo={name: turns + 1}) if again else Fail(Reason("case.no_way_out"))
    if at.config.get("capped") == "fail" and not at.ways("capped"):
        return Fail(Reason("case.loop_capped", {"most": at.config["most"]}))
    return Go(at.ways("capped") or at.out, memo={name: None})


def shape(definition: Definition, node: Node) -> Shape:
    most = node.config.get("most", 1)
    return Shape(turns={edge.uid: most for edge in definition.ways(node.uid, "again")})


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    yield from check_condition(definition, node, "when")
    if not definition.ways(node.uid, "again"):
        yield "", Reason("check.loop_without_way")


NODE = NodeType(
    "loop",
    {"zh-Hans": "循环", "en": "Loop"},
    {"zh-Hans": "条件成立就再来一轮，最多 N 轮", "en": "Round again while a condition holds, at most n times"},
    "routing",
    "repeat",
    enter,
    config=CONFIG,
    outcomes={
        "again": {"zh-Hans": "再来一轮", "en": "Again"},
        "capped": {"zh-Hans": "到上限", "en": "Cap reached"},
    },
    shape=shape,
    check=check,
    also=("返工", "重复"),
    rank=35,
    example=Example(
        titles("维修后复检，不合格最多返工两次", "A repair is checked again; it is redone twice at most"),
        (
            task("repair", "维修", "Repair", "engineer"),
            task("check", "复检", "Check"),
            step(
                "again",
                "loop",
                "不合格返工",
                "Redo it",
                most=2,
                when={"combinator": "and", "rules": [{"uid": "r", "field": "found", "operator": "equals", "value": "bad"}]},
            ),
        ),
        ("start>repair", "repair>check", "check>again", way("again>repair", on="again"), "again>end"),
        ("start", "repair", ["check", {"found": "bad"}], "repair", ["check", {"found": "good"}]),
        {"status": "done", "data": {"found": "good"}},
        (entry("found", "choice", "复检结果", "Found", options=choices(good=("合格", "Good"), bad=("不合格", "Bad"))),),
    ),
)
