"""Plays a definition without any effect: the same interpreter and the same form, given answers instead of a world. Pure.

Stories are examples saved with a workflow: who fills what at which step, and what must come of it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from dougong.runtime import interpreter, rows
from dougong.runtime.calendar import answered, standard
from dougong.runtime.case import Case, Token
from dougong.runtime.definition import Definition, Node
from dougong.runtime.form import EVERYTHING, Form, Loaded, Rights
from dougong.runtime.interpreter import Fault
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._chosen import remembered
from dougong.runtime.nodes._verbs import OPEN
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.settlement import Line, counted_before, drawn
from dougong.runtime.step import WITH_CHILDREN, Move, Step
from dougong.runtime.values import identity, missing, plain
from dougong.runtime.world import Question, World

NOW: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
INITIATOR: Final = "person:initiator"

Records = Mapping[str, Mapping[str, Any]]  # id -> the record's data
Lines = Sequence[Mapping[str, Any]]  # as the ledger takes them
People = Mapping[str, list[str]]  # a role's key, or another way to say who ("unit_head") -> the names of persons
NOBODY: Final[People] = {}


@dataclass
class Play:
    """How a play went: where the case stands, all moves, all effects, and what was refused on the way."""

    case: Case
    trail: list[Move] = field(default_factory=list)
    effects: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: list[tuple[str, Reason]] = field(default_factory=list)

    def follow(self, step: Step) -> None:
        self.case = step.case
        self.trail += step.trail
        self.effects += [(effect.kind, effect.args) for _, effect in step.effects]

    @property
    def visited(self) -> list[str]:
        """Steps in the order they were left or reached; a step that waits and goes on is told once for each."""
        return [move.node for move in self.trail]

    @property
    def settled(self) -> Lines:
        return [args for kind, args in self.effects if kind == "settle"]


def sample_world(
    definition: Definition, records: Records, actor: str | None = INITIATOR, people: People = NOBODY, settled: Lines = ()
) -> World:
    """`settled`: the lines that the play has written. Its ledger has no others."""
    return World(NOW, _answers(definition, records, people, settled), actor)


FILLS: Final = frozenset({OPEN, "approve"})  # the signals that come with the form


def play(
    definition: Definition, say: list[Any], records: Records | None = None, *, people: People = NOBODY, reloaded: bool = False
) -> Play:
    """`say`: [[node uid, {field: value}], ...], the first at the start. `records` are those that may be chosen, by id.
    `people` names who stands behind a role, a head or a unit; who is not named goes by the name of his role.

    A third part says how, where that is not plain: {"by": ..., "signal": ..., "item": ..., "said": {...}}: who does it, what
    is done, for which item of a list, and what is said with it. Of a signal that brings no form the second part is what it
    brings. `reloaded`: saved and read back between all steps.
    """
    found = Play(Case(definition.key, definition.version))
    stage = Stage(definition, records or {}, people, reloaded)
    for index, (uid, raw, *more) in enumerate(say):
        try:
            _said(stage, found, index, uid, raw, more[0] if more else {})
        except Refused as refused:
            found.refused.append((uid, refused.reason))
            return found
        except Fault:
            found.refused.append((uid, Reason("story.nobody_waits", {"node": uid})))
            return found
    return found


def played(definition: Definition, story: Mapping[str, Any], *, reloaded: bool = False) -> Play:
    """A story as it is saved."""
    return play(definition, story["say"], story.get("records"), people=story.get("people", NOBODY), reloaded=reloaded)


@dataclass(frozen=True)
class Stage:
    """What a play is played with."""

    definition: Definition
    records: Records
    people: People
    reloaded: bool


def _said(stage: Stage, found: Play, index: int, uid: str, raw: Mapping[str, Any], how: Mapping[str, Any]) -> None:
    """One line of a story. Raises Refused or Fault where it cannot be."""
    definition = stage.definition
    node = definition.node.get(uid)
    if node is None:
        raise Refused("story.no_such_step", node=uid)
    returned = any(token.node == uid for token in found.case.tokens.values())
    if (index == 0) is not (node.type == "start") and not (index and returned):
        raise Refused("story.begins_elsewhere", node=uid)
    case = Case.from_json(json.loads(json.dumps(found.case.to_json()))) if stage.reloaded else found.case
    if node.type == "revoke":
        world = sample_world(definition, stage.records, INITIATOR, stage.people, found.settled)
        found.follow(interpreter.revoke(definition, case, world))
        return
    token = _meant(case, node, how) if index else None
    signal = _signal(node, token, how) if token else OPEN
    taken = _taken(definition, node, raw, case.data, stage.records) if signal in FILLS else Loaded(dict(raw))
    if taken.errors:
        key, reason = next(iter(taken.errors.items()))
        raise Refused("story.field_refused", field=key, why=reason.to_json())
    who = how.get("by") or (token and token.memo.get("person"))
    actor = f"person:{who}" if who else INITIATOR
    world = sample_world(definition, stage.records, actor, stage.people, found.settled)
    if token is None:
        memo = remembered(definition, how.get("said", {}).get("chosen", {}))
        found.follow(interpreter.start(definition, taken.values, world, initiator=actor, memo=memo))
        return
    said = {"fields": taken.values} if signal in FILLS and signal != OPEN else taken.values
    try:
        found.follow(interpreter.resume(definition, case, token.id, signal, {**said, **how.get("said", {})}, world))
    except (TypeError, ValueError):  # a page brings what its verbs can read, a story may bring anything
        raise Refused("story.unreadable", node=uid, signal=signal) from None


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
    return signal if signal in NODE_TYPES[node.type].signals else "approve"


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
        Reason("story.differs", {"what": key, "expected": _words(wanted), "found": _words(seen[key])})
        for key, wanted in story["then"].items()
        if key != "data" and seen[key] != (sorted(set(wanted)) if key == "waiting" else wanted)
    ]
    wrong += [
        Reason("story.differs", {"what": key, "expected": _words(wanted), "found": _words(case.data.get(key))})
        for key, wanted in story["then"].get("data", {}).items()
        if case.data.get(key) != wanted
    ]
    stopped = [token.reason for token in case.tokens.values() if token.reason]
    return [*wrong, *stopped] if wrong else []


def _taken(definition: Definition, node: Node, raw: Mapping[str, Any], data: Mapping[str, Any], records: Records) -> Loaded:
    """What somebody fills in at a step, loaded as the host loads it. A step without a form takes what it is given."""
    form, rights = definition.form_of(node), definition.rights_of(node)
    if form is None:
        return Loaded(dict(raw))
    taken = form.taken(raw, data, rights, UTC, NOW)
    filled = Loaded({**taken.values, **_filled(form, taken.values, rights, records)}, taken.errors)
    return form.judged(filled, raw, data, rights, NOW)


def _filled(form: Form, values: Mapping[str, Any], rights: Rights, records: Records) -> dict[str, Any]:
    """What chosen records bring along, as the host does it: into what the step may not write, and into what it left out."""
    found: dict[str, Any] = {}
    for part in form.references(values):
        if part.columns is not None:
            kept = rows.listed(values[part.key])
            found[part.key] = [{**row, **_filled(part.columns, row, EVERYTHING, records)} for row in kept]
        if part.kind != "record" or missing(values[part.key]):
            continue
        record = records.get(identity(values[part.key]), {})
        for one in part.config.get("fill", ()) if record else ():
            known, writable = one["to"] in form.fields, form.right(one["to"], rights) in ("write", "required")
            if known and (not writable or one["to"] not in values):
                found[one["to"]] = record.get(one["from"])
    return found


def _answers(definition: Definition, records: Records, people: People, settled: Lines) -> Callable[[Question], Any]:
    def answer(question: Question) -> Any:
        key = question.args.get("settlement", "")
        lines = [one for one in settled if one["settlement"] == key]
        match question.kind:
            case "people":
                return {"principals": [f"role:{question.args.get('role', 'anybody')}"], "nobody": False}
            case "persons":
                return {"persons": _persons(question.args, people)}
            case "later":
                return answered(standard("UTC"), question.args)
            case "line_values":
                return _looked_up(definition, key, question.args["values"], records)
            case "counted_before":
                return counted_before(definition.settlements[key], question.args, [Line(one["values"]) for one in lines])
            case "drawn_before":
                gone, there = drawn(lines), definition.settlements[key].pools
                return {"gone": {pool.rule.uid: plain(gone.get(pool.rule.uid, Decimal(0))) for pool in there}}
        raise LookupError(question.kind)

    return answer


def _persons(asked: Mapping[str, Any], people: People) -> list[str]:
    """The persons of the story behind a role, a head or a unit; else one who goes by its name."""
    if "person" in asked:
        return [asked["person"]] if asked["person"] else []
    name = str(asked.get("role") or asked["by"])
    return list(people.get(name, [name]))


def _looked_up(definition: Definition, key: str, values: Mapping[str, Any], records: Records) -> dict[str, Any]:
    found = dict(values)
    for name, (source, column) in definition.settlements[key].lookups.items():
        if missing(found.get(name)) and not missing(found.get(source)):
            found[name] = records.get(identity(found[source]), {}).get(column)
    return found


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
