"""Deadlines of a step for people (限时处理): each is a timer of its token, and says what happens where nobody was in time.

Several a step: a reminder after two hours, the head told after four, another way taken after a day. What stays open keeps its
deadlines, also where it is handed over; they end with the token.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ..calendar import CalendarFault
from ..config import TEXT, UID, Schema, config_of, setting
from ..definition import Definition, Node
from ..outcome import Effect, Fail, Go, Outcome, Wait
from ..reason import Reason
from ._apart import asked
from ._people import PEOPLE, check_people, people
from ._time import CLOCK, SPAN, UNTIL, check_span, check_until, later, text, until
from ._type import At
from ._verbs import open_task

SIGNAL: Final = "deadline"
OUTCOMES: Final = {"deadline": {"zh-Hans": "超时", "en": "Overdue"}}
THEN: Final = {
    "remind": ("提醒处理人", "remind whoever has it"),
    "escalate": ("升级：告知", "tell somebody else (escalate)"),
    "reassign": ("转给别人处理", "give it to somebody else"),
    "leave": ("走“超时”分支", "take the way “overdue”"),
}
NEEDS_PEOPLE: Final = ("escalate", "reassign")


def deadlines(then: Mapping[str, tuple[str, str]] = THEN) -> Schema:
    """The setting. `then`: what may happen at steps of this type."""
    return setting(
        "时限",
        "Deadlines",
        type="array",
        maxItems=10,
        widget="deadlines",
        group=CLOCK,
        items=config_of(
            ("uid", "when", "then"),
            uid=UID,
            when=setting("期限", "When", UNTIL, widget="until"),
            then=setting("到期后", "Then", options=then),
            to=setting("谁", "Whom", PEOPLE, widget="people"),
            text=setting("内容", "Text", TEXT),
            repeat=config_of(
                ("every", "most"),
                every=setting("每隔", "Every", SPAN, widget="span"),
                most=setting("最多再提醒（次）", "At most (times more)", type="integer", minimum=1, maximum=50),
            ),
        ),
    )


def timed(at: At, wait: Wait) -> Wait | Fail:
    """With the timers of the step's deadlines. One whose date is empty is none; one that is past is due at once.

    The token remembers by when it should be done (`due`): the first deadline that is more than a reminder.
    """
    try:
        found = [(one, until(at, one["when"], at.world.now)) for one in at.config.get("deadlines", ())]
    except CalendarFault as fault:
        return Fail(fault.reason)
    running = [(one, max(due, at.world.now)) for one, due in found if due is not None]
    if not running:
        return wait
    firm = [due for one, due in running if one["then"] != "remind"] or [due for _, due in running]
    timers = tuple(_timer(one, due, 0) for one, due in running)
    return replace(wait, effects=(*wait.effects, *timers), memo={**wait.memo, "due": text(min(firm))})


def named(at: At, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The deadline that a timer is for."""
    return next((one for one in at.config.get("deadlines", ()) if one["uid"] == values.get("deadline")), None)


def passed(at: At, values: Mapping[str, Any]) -> Outcome:
    """A deadline has passed and the step is still open."""
    one, waits_for = named(at, values), at.token.signal or ""
    if one is None:
        return Wait(waits_for)
    match one["then"]:
        case "leave":
            return Go(at.ways("deadline") or at.out)
        case "reassign":
            return Wait(waits_for, (open_task(at, asked(at, one["to"]), again=True),))
    told = people(at, one["to"]) if one["then"] == "escalate" else None
    try:
        return Wait(waits_for, (_tells(at, one, told), *_once_more(at, one, values.get("count", 0))))
    except CalendarFault as fault:
        return Fail(fault.reason)


def _tells(at: At, one: Mapping[str, Any], principals: list[str] | None) -> Effect:
    """`principals` None: whoever has the task then."""
    words = {"text": one["text"]} if one.get("text") else {}
    args = {"title": at.node.title, "token": at.token.id, "then": one["then"], **words}
    return Effect("overdue", {**args, **({} if principals is None else {"principals": principals})})


def _once_more(at: At, one: Mapping[str, Any], count: int) -> tuple[Effect, ...]:
    repeat = one.get("repeat")
    if not repeat or count >= repeat["most"]:
        return ()
    return (_timer(one, later(at, at.world.now, repeat["every"]), count + 1),)


def _timer(one: Mapping[str, Any], due: datetime, count: int) -> Effect:
    values = {"deadline": one["uid"], "count": count}
    return Effect("timer", {"signal": SIGNAL, "due": text(due), "values": values})


def check_deadlines(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    ways = {edge.on for edge in definition.out[node.uid]}
    for index, one in enumerate(node.config.get("deadlines", ())):
        pointer = f"/deadlines/{index}"
        yield from check_until(definition, one["when"], f"{pointer}/when")
        if "repeat" in one:
            yield from check_span(one["repeat"]["every"], f"{pointer}/repeat/every")
        if one["then"] in NEEDS_PEOPLE and "to" not in one:
            yield f"{pointer}/to", Reason("check.deadline_without_people")
        if "to" in one:
            yield from check_people(definition, one["to"], f"{pointer}/to")
        if one["then"] == "leave" and SIGNAL not in ways:
            yield f"{pointer}/then", Reason("check.deadline_without_way")
