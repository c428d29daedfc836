"""Plays a definition without any effect: the same interpreter and the same form, given answers instead of a world. Pure.

Stories are examples saved with a workflow: who fills what at which step, and what must come of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from dougong.runtime import interpreter
from dougong.runtime.case import Case
from dougong.runtime.definition import Definition
from dougong.runtime.interpreter import Move, Step
from dougong.runtime.reason import Reason
from dougong.runtime.world import Question, World

NOW: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
INITIATOR: Final = "person:initiator"


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


def sample_world(now: datetime = NOW, actor: str | None = INITIATOR) -> World:
    return World(now, _answer, actor)


def play(definition: Definition, say: list[Any], *, reloaded: bool = False) -> Play:
    """`say`: [[node uid, {field: value}], ...], the first at the start. `reloaded`: saved and read back between all steps."""
    found = Play(Case(definition.key, definition.version))
    for index, (uid, raw) in enumerate(say):
        node = definition.node.get(uid)
        if node is None:
            found.refused.append((uid, Reason("story.no_such_step", {"node": uid})))
            return found
        form = definition.form_of(node)
        data = found.case.data
        loaded = form.load(raw, data, definition.rights_of(node), UTC, NOW) if form else None
        if loaded and loaded.errors:
            key, reason = next(iter(loaded.errors.items()))
            found.refused.append((uid, Reason("story.field_refused", {"field": key, "why": reason.to_json()})))
            return found
        values = loaded.values if loaded else dict(raw)
        if index == 0:
            found.follow(interpreter.start(definition, values, sample_world(), initiator=INITIATOR))
            continue
        case = Case.from_json(found.case.to_json()) if reloaded else found.case
        token = next((one for one in case.tokens.values() if one.node == uid and one.state == "waiting"), None)
        if token is None or token.signal is None:
            found.refused.append((uid, Reason("story.nobody_waits", {"node": uid})))
            return found
        found.follow(interpreter.resume(definition, case, token.id, token.signal, values, sample_world()))
    return found


def verdict(definition: Definition, story: Mapping[str, Any], *, reloaded: bool = False) -> list[Reason]:
    """What of a story did not come true; empty where it holds."""
    found = play(definition, story["say"], reloaded=reloaded)
    if found.refused:
        return [reason for _, reason in found.refused]
    case = found.case
    seen = {
        "status": case.status,
        "result": case.result,
        "visited": found.visited,
        "waiting": sorted(token.node for token in case.tokens.values() if token.state == "waiting"),
    }
    wrong = [
        Reason("story.differs", {"what": key, "expected": _words(wanted), "found": _words(seen[key])})
        for key, wanted in story["then"].items()
        if key != "data" and seen[key] != (sorted(wanted) if key == "waiting" else wanted)
    ]
    wrong += [
        Reason("story.differs", {"what": key, "expected": _words(wanted), "found": _words(case.data.get(key))})
        for key, wanted in story["then"].get("data", {}).items()
        if case.data.get(key) != wanted
    ]
    stopped = [token.reason for token in case.tokens.values() if token.reason]
    return [*wrong, *stopped] if wrong else []


def _answer(question: Question) -> Any:
    match question.kind:
        case "people":
            return {"principals": [f"role:{question.args.get('role', 'anybody')}"], "nobody": False}
        case "line_values":
            return dict(question.args["values"])
    return None


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
