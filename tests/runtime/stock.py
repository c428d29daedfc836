"""Tickets that take from a store and settle, played with both: what these come to is what the ticket knows it has taken."""

import json
from collections import Counter
from typing import Any

from dougong.runtime import interpreter
from dougong.runtime.case import Case, Token
from dougong.runtime.settlement import Line, counted_before
from dougong.runtime.taken import OWED, among, amounts, lines, taken
from dougong.runtime.world import World
from tests.drawing import NOW, field, flow, form_doc, node, text

USE = form_doc(
    field("part", "record", config={"entity": "part"}), field("quantity", "number"), field("who"), field("day", "date"),
    field("many", "number"), key="use",
)  # fmt: skip
PART = {**form_doc(field("name"), field("stock", "number"), key="part"), "kind": "entity"}
FEE = {
    "format": 1, "uid": "fee", "kind": "settlement", "key": "fee", "title": text("fee"), "partner": "who", "date": "day",
    "currency": "CNY", "inputs": [field("who"), field("day", "date"), field("quantity", "number")],
    "line": {"dimensions": [], "rules": [{"uid": "one", "when": {}, "charge": {"model": "flat", "amount": "1"}}]},
}  # fmt: skip
DATA = {"part": {"id": "p", "title": "P"}, "quantity": "1", "who": "d", "day": "2026-03-01", "many": "2"}
PEOPLE = {"by": "role", "role": "clerk"}


def take(uid: str) -> dict[str, Any]:
    values = [{"uid": "v", "field": "stock", "how": "add", "formula": "-quantity"}]
    return node(uid, "write_record", entity="part", how="change", record="part", values=values)


def settle(uid: str) -> dict[str, Any]:
    return node(uid, "settle", settlement="fee", inputs={"who": "who", "day": "day", "quantity": "quantity"})


def asks(uid: str, type: str = "user_task", **config: Any) -> dict[str, Any]:
    return node(uid, type, **{"who": PEOPLE, "send_back": "any", "after_return": "ask", "transfer": True, **config})


def drawn(nodes: list[Any], ways: list[Any], **more: Any) -> Any:
    return flow([node("start", "start"), *nodes], ways, USE, PART, FEE, recall="any", form="use", **more)


class Play:
    """A ticket, the store and the ledger. `stock`: by step, what it has taken there and not got back; `settled`: its lines."""

    def __init__(self, definition: Any) -> None:
        self.definition = definition
        self.stock, self.settled = Counter[str](), Counter[tuple[str, int]]()
        self.case = Case(definition.key, 1)
        self.step: Any = None
        self.kept(interpreter.start(definition, DATA, self.world(), initiator="person:i"))

    def world(self) -> World:
        return World(NOW, self.answer, "person:a")

    def answer(self, question: Any) -> Any:
        match question.kind:
            case "people":
                return {"principals": ["role:clerk"], "nobody": question.args["by"] == "nobody"}
            case "persons":
                return {"persons": ["a"]}
            case "later":
                return {"moment": NOW.isoformat()}
            case "counted_before":
                here = [Line(DATA) for _ in range(self.settled.total())]
                return counted_before(self.definition.settlements["fee"], question.args, here)
        return question.args["values"]

    def kept(self, step: Any) -> None:
        """What the host does with a step; saved and loaded."""
        self.step, self.case = step, Case.from_json(json.loads(json.dumps(step.case.to_json())))
        for token, effect in step.effects:
            if effect.kind == "settle":
                self.settled[token.node, token.id] += 1

    @property
    def waits(self) -> list[str]:
        return sorted(token.node for token in self.case.tokens.values() if token.parent is None)

    def token(self, node: str) -> Token:
        return next(one for one in self.case.tokens.values() if one.node == node and one.signal != "children")

    def do(self, node: str, signal: str = "submitted", **values: Any) -> "Play":
        token = self.token(node)
        said = {"opinion": "x", "fields": {}, **values} if signal != "submitted" else values
        self.kept(interpreter.resume(self.definition, self.case, token.id, signal, said, self.world()))
        return self

    def whole(self, verb: Any, *args: Any, **how: Any) -> "Play":
        self.kept(verb(self.definition, self.case, *args, self.world(), **how))
        return self

    def worked(self, *, refused: bool = False) -> "Play":
        """The worker has written all that waits, or could not."""
        while waiting := [one for one in self.case.tokens.values() if one.signal == "written" and one.state == "waiting"]:
            self.written(waiting[0], refused=refused)
            if refused:
                break
        return self

    def written(self, token: Token, *, refused: bool = False) -> None:
        if refused:
            values = {"reason": {"code": "write.too_little", "params": {}}, "refused": True}
            self.kept(interpreter.resume(self.definition, self.case, token.id, "not_written", values, self.world()))
            return
        for one in token.memo.get(OWED, ()):
            if "adds" in one:
                self.stock[one["node"]] += int(one["adds"]["p"]["add"]["stock"])
        gone = lines(token.memo.get(OWED, ()))
        for line in [*self.settled]:
            if any(among(part, *line) for part in gone):
                del self.settled[line]
        if OWED not in token.memo:
            self.stock[token.node] += 1
        self.kept(interpreter.resume(self.definition, self.case, token.id, "written", {}, self.world()))

    def left(self) -> dict[str, int]:
        """By step, what stands taken and settled."""
        found = Counter({node: count for node, count in self.stock.items() if count})
        for uid, _ in self.settled:
            found[uid] += 1
        return dict(found)

    def balanced(self) -> None:
        """What the ticket knows that it has taken is what is gone from the store, and what it has settled stands."""
        entries = [*taken(self.case.memo), *(one for token in self.case.tokens.values() for one in token.memo.get(OWED, ()))]
        known = -int(amounts(entries).get("part", {}).get("p", {"add": {"stock": "0"}})["add"]["stock"])
        assert known == self.stock.total(), (known, self.stock)
        for uid, token in self.settled:
            assert any(among(part, uid, token) for part in lines(entries))
        for part in lines(entries):
            assert any(among(part, uid, token) for uid, token in self.settled)
