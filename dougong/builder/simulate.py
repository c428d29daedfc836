"""Plays a definition without any effect: the same interpreter and the same form, given answers instead of a world. Pure.

Stories are examples saved with a workflow: who fills what at which step, and what must come of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from dougong.runtime import interpreter, rows
from dougong.runtime.case import Case, Token
from dougong.runtime.definition import Definition, Node
from dougong.runtime.form import EVERYTHING, Form, Loaded, Rights
from dougong.runtime.interpreter import Fault
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._chosen import remembered
from dougong.runtime.nodes._giving import GIVING, SIGNAL
from dougong.runtime.nodes._sections import lets_go
from dougong.runtime.nodes._verbs import OF_TASK, OPEN
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.staffing import unmanned
from dougong.runtime.step import WITH_CHILDREN, Move, Step
from dougong.runtime.taken import OWED, among, lines
from dougong.runtime.values import identity, missing
from dougong.runtime.world import World

from .made_up import INITIATOR, NOBODY, NOW, Lines, People, Records, begun, put_forward, sample_world


class Done(NamedTuple):
    """What was said last: at which step, by whom (None: by nobody), and how things stood before, where it can be taken back."""

    node: str
    actor: str | None
    before: dict[str, Any] | None


@dataclass
class Play:
    """How a play went: where the case stands, all moves, all effects, and what was refused on the way. `ledger`: the lines
    that stand, by the step and the token that have settled them. `now`: what its clock shows, in its zone."""

    case: Case
    last: Done | None = None
    trail: list[Move] = field(default_factory=list)
    effects: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: list[tuple[str, Reason]] = field(default_factory=list)
    ledger: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)
    now: datetime = NOW

    def follow(self, step: Step) -> None:
        self.case = step.case
        self.trail += step.trail
        self.effects += [(effect.kind, effect.args) for _, effect in step.effects]
        self.ledger += [(token.node, token.id, effect.args) for token, effect in step.effects if effect.kind == "settle"]

    def give_back(self, parts: list[dict[str, Any]]) -> None:
        self.ledger = [one for one in self.ledger if not any(among(part, one[0], one[1]) for part in parts)]

    @property
    def visited(self) -> list[str]:
        """Steps in the order they were left or reached; a step that waits and goes on is told once for each."""
        return [move.node for move in self.trail]

    @property
    def settled(self) -> Lines:
        return [line for _, _, line in self.ledger]


FILLS: Final = frozenset({OPEN, "approve"})  # the signals that come with the form
OF_TICKET: Final = frozenset({"recall", "take_back", "withdraw", "revoke"})  # what is done with the ticket as a whole


def play(
    definition: Definition, say: list[Any], records: Records | None = None, *, people: People = NOBODY, reloaded: bool = False,
    clock: Mapping[str, str] | None = None,
) -> Play:  # fmt: skip
    """`say`: [[node uid, {field: value}], ...], the first at the start. `records` are those that may be chosen, by id.
    `people` names who stands behind a role, a head or a unit; who is not named goes by the name of his role.

    A third part says how, where that is not plain: {"by": ..., "signal": ..., "item": ..., "said": {...}}: who does it, what
    is done, for which item of a list, and what is said with it. Of a signal that brings no form the second part is what it
    brings. What is done with the ticket as a whole (OF_TICKET) is a signal too. `reloaded`: saved and read back between steps.
    `clock`: when it begins, {"at": "2026-10-01T21:30", "zone": "Asia/Shanghai"}; a line with an "at" puts it forward.
    """
    found = Play(Case(definition.key, definition.version))
    try:
        found.now = begun(clock) if clock else NOW
    except Refused as wrong:
        found.refused.append((definition.start.uid, wrong.reason))
        return found
    stage = Stage(definition, records or {}, people, reloaded)
    for line in say:
        refused = say_next(stage, found, line)
        if refused:
            found.refused.append((line[0], refused))
            return found
    return found


def say_next(stage: "Stage", found: Play, line: list[Any]) -> Reason | None:
    """One more line of a story; why it cannot be, where it cannot."""
    uid, raw, *more = line
    try:
        _said(stage, found, uid, raw, more[0] if more else {})
    except Refused as refused:
        return refused.reason
    except Fault:
        return Reason("story.nobody_waits", {"node": uid})
    return None


def played(definition: Definition, story: Mapping[str, Any], *, reloaded: bool = False) -> Play:
    """A story as it is saved."""
    people, clock = story.get("people", NOBODY), story.get("clock")
    return play(definition, story["say"], story.get("records"), people=people, reloaded=reloaded, clock=clock)


@dataclass(frozen=True)
class Stage:
    """What a play is played with."""

    definition: Definition
    records: Records
    people: People
    reloaded: bool

    def world(self, found: Play, actor: str | None = INITIATOR) -> World:
        return sample_world(self.definition, self.records, actor, self.people, found.settled, found.now)


def _said(stage: Stage, found: Play, uid: str, raw: Mapping[str, Any], how: Mapping[str, Any]) -> None:
    """One line of a story. Raises Refused or Fault where it cannot be."""
    definition = stage.definition
    node = definition.node.get(uid)
    if node is None:
        raise Refused("story.no_such_step", node=uid)
    if "at" in how:
        found.now = put_forward(found.now, how["at"])
    begun = bool(found.case.last_token)
    case = Case.from_json(json.loads(json.dumps(found.case.to_json()))) if stage.reloaded else found.case
    verb = "revoke" if node.type == "revoke" else how.get("signal", "")
    if begun and verb in OF_TICKET:
        found.follow(_with_ticket(stage, found, case, verb, how))
        found.last = Done(uid, _actor(how, None), None)
        return
    token = _where(case, node, how)
    signal = _signal(node, token, how) if token else OPEN
    taken = _taken(stage, found.now, node, raw, case.data) if signal in FILLS else Loaded(dict(raw))
    if taken.errors:
        key, reason = next(iter(taken.errors.items()))
        raise Refused("story.field_refused", field=key, why=reason.to_json())
    actor = _actor(how, token)
    world = stage.world(found, actor)
    extra, chosen = how.get("said", {}), dict[str, Any]()
    if node.type == "start":
        chosen = remembered(definition, extra.get("chosen", {}))
        _manned(definition, case if begun else case.but(initiator=actor), taken.values, chosen, world)
    if token is None:
        found.follow(interpreter.start(definition, taken.values, world, initiator=actor, memo=chosen))
        return
    if signal == OPEN:
        case, said = case.but(memo={**case.memo, **chosen}) if "chosen" in extra else case, taken.values
    elif signal == "approve":
        said = {"fields": taken.values, **extra}
    else:
        said = {**_meaning(case, token, signal, taken.values), **extra}
    try:
        step = interpreter.resume(definition, case, token.id, signal, said, world)
    except (AttributeError, TypeError, ValueError):  # a page brings what its verbs can read, a story may bring anything
        raise Refused("story.unreadable", node=uid, signal=signal) from None
    found.follow(step)
    found.give_back(lines(token.memo.get(OWED, ())) if signal == SIGNAL else [])
    lasts = interpreter.is_lasting(step) or lets_go(definition, step)
    found.last = Done(uid, actor, None if lasts else step.undo) if signal in OF_TASK else Done(uid, None, None)


def _where(case: Case, node: Node, how: Mapping[str, Any]) -> Token | None:
    """The token that is meant; None where a ticket is to begin. Raises Refused where it does not begin there."""
    begun = bool(case.last_token)
    returned = any(token.node == node.uid for token in case.tokens.values())
    if begun is (node.type == "start") and not (begun and returned):
        raise Refused("story.begins_elsewhere", node=node.uid)
    return _meant(case, node, how) if begun else None


def _manned(definition: Definition, case: Case, values: Mapping[str, Any], chosen: Mapping[str, Any], world: World) -> None:
    """Raises Refused where it is not filed because a step has no approver."""
    then = case.but(data={**case.data, **values}, memo={**case.memo, **chosen})
    for reason in unmanned(definition, then, world).values():
        raise Refused(reason.code, **reason.params)


def _actor(how: Mapping[str, Any], token: Token | None) -> str:
    who = how.get("by") or (token and token.memo.get("person"))
    return f"person:{who}" if who else INITIATOR


def _with_ticket(stage: Stage, found: Play, case: Case, verb: str, how: Mapping[str, Any]) -> Step:
    """What is done with the ticket, not with one of its tasks."""
    definition, actor = stage.definition, _actor(how, None)
    world = stage.world(found, actor)
    match verb:
        case "recall":
            return interpreter.recall(definition, case, world)
        case "withdraw":
            return interpreter.withdraw(definition, case, world)
        case "revoke":
            return interpreter.revoke(definition, case, world)
    last = found.last
    if last is None or last.actor != actor:
        who = (last.actor if last else None) or "—"
        raise Refused("verb.acted_meanwhile_by", who=who.removeprefix("person:"))
    if last.before is None:
        raise Refused("verb.cannot_be_undone")
    return interpreter.undo(definition, case, last.before, world)


def _meaning(case: Case, token: Token, signal: str, brought: Mapping[str, Any]) -> Mapping[str, Any]:
    """A story names the signer who is removed (减签); the verb is told his token."""
    if signal != "remove_signer" or "person" not in brought:
        return brought
    beside = case.children(token.parent or 0)
    return {"token": next((one.id for one in beside if one.memo.get("person") == brought["person"]), 0)}


def _meant(case: Case, node: Node, how: Mapping[str, Any]) -> Token:
    """The token that waits there: for the item or the person that is named, or for all of them where the signal is for the
    whole."""
    whole = how.get("signal") in NODE_TYPES[node.type].whole if node.type in NODE_TYPES else False
    for token in case.tokens.values():
        named = "item" not in how or how["item"] == item_of(token)
        his = whole or "by" not in how or token.memo.get("person") in (None, "", how["by"])
        waits = token.node == node.uid and token.state == "waiting" and (token.signal in WITH_CHILDREN) is whole
        if waits and named and his:
            return token
    raise Fault(f"nobody waits at {node.uid}")


def item_of(token: Token) -> Any:
    """What a story calls the item of a list: of a table the number of its row."""
    item = token.memo.get("item")
    return token.memo["index"] + 1 if isinstance(item, dict) and "id" not in item else item


def _signal(node: Node, token: Token, how: Mapping[str, Any]) -> str:
    """As a rule what the token waits for; an approval is given."""
    return str(how.get("signal", usual_signal(node, token)))


def usual_signal(node: Node, token: Token) -> str:
    signal = token.signal or ""
    return signal if GIVING in token.memo or signal in NODE_TYPES[node.type].signals else "approve"


def verdict(definition: Definition, story: Mapping[str, Any], *, reloaded: bool = False) -> list[Reason]:
    """What of a story did not come true; empty where it holds."""
    found = played(definition, story, reloaded=reloaded)
    if found.refused:
        return [reason for _, reason in found.refused]
    case = found.case
    seen = {
        "status": case.status,
        "result": case.result,
        "visited": found.visited,
        "waiting": sorted({token.node for token in case.tokens.values() if token.state == "waiting"}),
    }
    wrong = [
        Reason(f"story.differs.{key}", {"expected": _words(definition, wanted), "found": _words(definition, seen[key])})
        for key, wanted in story["then"].items()
        if key != "data" and seen[key] != (sorted(set(wanted)) if key == "waiting" else wanted)
    ]
    wrong += [
        Reason("story.differs", {"what": _title(definition, key), "expected": wanted, "found": case.data.get(key)})
        for key, wanted in story["then"].get("data", {}).items()
        if case.data.get(key) != wanted
    ]
    stopped = [token.reason for token in case.tokens.values() if token.reason]
    return [*wrong, *stopped] if wrong else []


def _taken(stage: Stage, now: datetime, node: Node, raw: Mapping[str, Any], data: Mapping[str, Any]) -> Loaded:
    """What somebody fills in at a step, loaded as the host loads it. A step without a form takes what it is given."""
    form, rights = stage.definition.form_of(node), stage.definition.rights_of(node)
    if form is None:
        return Loaded(dict(raw))
    taken = form.taken(raw, data, rights, now.tzinfo or UTC, now)
    filled = Loaded({**taken.values, **_filled(form, taken.values, rights, stage.records)}, taken.errors)
    return form.judged(filled, raw, data, rights, now)


def _filled(form: Form, values: Mapping[str, Any], rights: Rights, records: Records) -> dict[str, Any]:
    """What chosen records bring along, as the host does it: into what the step may not write, and into what it left out.
    A file of a story is its name."""
    found: dict[str, Any] = {}
    for part in form.references(values):
        if part.columns is not None:
            kept = rows.listed(values[part.key])
            found[part.key] = [{**row, **_filled(part.columns, row, EVERYTHING, records)} for row in kept]
        if part.kind == "files" and not missing(values[part.key]):
            found[part.key] = [{"id": one["id"], "name": one["id"], "size": 0, "type": ""} for one in values[part.key]]
        if part.kind != "record" or missing(values[part.key]):
            continue
        record = records.get(identity(values[part.key]), {})
        for one in part.config.get("fill", ()) if record else ():
            known, writable = one["to"] in form.fields, form.right(one["to"], rights) in ("write", "required")
            if known and (not writable or one["to"] not in values):
                found[one["to"]] = record.get(one["from"])
    return found


def _words(definition: Definition, value: Any) -> Any:
    """Steps by their titles, a state in words."""
    if isinstance(value, list):
        return [definition.node[uid].title if uid in definition.node else uid for uid in value]
    return {"code": f"state.{value}", "params": {}} if value in ("running", "failed", "done") else value


def _title(definition: Definition, key: str) -> Any:
    form = definition.form
    return form.fields[key].title if form and key in form.fields else key
