"""Approvals in tests: who does what. Persons are letters; the role "abc" has the members a, b and c."""

import json
from typing import Any

from dougong.runtime import interpreter
from dougong.runtime.case import Case
from dougong.runtime.world import Question, World
from tests.drawing import NOW, chain, node


def answer(question: Question) -> Any:
    args = question.args
    match question.kind, args["by"]:
        case "persons", "role":
            return {"persons": list(args["role"])}
        case "persons", "nth_head":
            return {"persons": ["hk"[args["level"] - 1]] if args["unit"] == "u" else ["z"]}
        case "persons", _:
            return {"persons": [args["person"]] if args.get("person") else []}
        case "people", "person":
            found = [f"person:{args['person']}"] if args["person"] and args["person"] != "x" else []
            return {"principals": found or ["admins"], "nobody": not found}
        case "people", "nobody":
            return {"principals": ["admins"], "nobody": True}
    return {"principals": [f"role:{args.get('role', 'anybody')}"], "nobody": False}


def world(actor: str | None) -> World:
    return World(NOW, answer, actor)


class Played:
    """A case, and who does what: `played.a("approve")` is what a does with his task. Saved and reloaded before every step."""

    def __init__(self, definition: Any, initiator: str = "i") -> None:
        self.definition = definition
        self.step = interpreter.start(definition, {}, world(f"person:{initiator}"), initiator=f"person:{initiator}", unit="u")
        self.steps = [self.step]

    @property
    def case(self) -> Case:
        return self.step.case

    def reloaded(self) -> Case:
        return Case.from_json(json.loads(json.dumps(self.case.to_json())))

    def waiting(self) -> list[str]:
        """Who has a task: by letter, or the step where it is no approver's."""
        found = [token for token in self.case.tokens.values() if token.signal == "submitted"]
        return sorted(token.memo.get("person") or token.node for token in found)

    def do(self, person: str, signal: str, node: str | None = None, **values: Any) -> "Played":
        found = [
            token
            for token in self.case.tokens.values()
            if token.signal == "submitted" and (token.memo.get("person") == person if node is None else token.node == node)
        ]
        assert len(found) == 1, (person, signal, self.waiting())
        self.step = interpreter.resume(
            self.definition, self.reloaded(), found[0].id, signal, {"opinion": "ok", **values}, world(f"person:{person}")
        )
        self.steps.append(self.step)
        self.conserved()
        return self

    def undone(self, person: str) -> "Played":
        self.step = interpreter.undo(self.definition, self.reloaded(), json.loads(json.dumps(self.step.undo)), world(person))
        self.conserved()
        return self

    def conserved(self) -> None:
        case = self.case
        assert case.live == len(case.tokens)
        assert case.failed == 0, [token.reason for token in case.tokens.values()]
        for token in case.tokens.values():
            assert token.state == "waiting" and token.signal
            assert token.parent is None or token.parent in case.tokens

    @property
    def end(self) -> tuple[str, str | None]:
        return self.case.status, self.case.result


def approval(uid: str = "p", role: str = "abc", **config: Any) -> Any:
    return node(uid, "approval", who={"by": "role", "role": role}, **config)


def played(*nodes: Any, initiator: str = "i") -> Played:
    return Played(chain(*nodes, node("e", "end", result="approved")), initiator)
