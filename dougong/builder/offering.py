"""What may be said where a walk waits: by whom, what the runtime lets him do there, and what he says with it. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dougong.runtime.case import Token
from dougong.runtime.definition import Node
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._among import among
from dougong.runtime.nodes._apart import barred
from dougong.runtime.nodes._chosen import bounds, choosing
from dougong.runtime.nodes._giving import GIVING
from dougong.runtime.nodes._items import in_row
from dougong.runtime.nodes._people import persons
from dougong.runtime.nodes._type import At
from dougong.runtime.nodes._verbs import OPEN, allowed
from dougong.runtime.reason import Reason

from .simulate import FILLS, usual_signal

Offer = dict[str, Any]
# What may come instead of what is usual, and what it brings where a person does not fill it in.
OTHERWISE: Final = {"approve": ("reject",), "answer": ("failed",), "written": ("not_written",), "begun": ("refused",)}
FAILED: Final = Reason("walk.failed").to_json()
BRINGS: Final[dict[str, dict[str, Any]]] = {
    "failed": {"reason": FAILED},
    "refused": {"reason": FAILED},
    "not_written": {"refused": True, "reason": FAILED},
    "written": {"records": [{"id": "written", "title": ""}]},
    "returned": {"result": "completed"},
}
# What is read out of what comes from outside: the part that brings it, and the setting that says into which fields.
CONTENT: Final = {"answer": ("body", "into"), "message": ("body", "into"), "returned": ("data", "back")}
SIGNED: Final = {"signature": "signed"}


def who(at: At) -> list[str]:
    """The persons who may do what waits there; nobody where that is not known, as of customers."""
    if at.token.signal != OPEN:
        return []
    if at.token.memo.get("person"):
        return [at.token.memo["person"]]
    if at.node.type == "start":
        return [(at.case.initiator or "").removeprefix("person:")]
    asked = at.config.get("who")
    if not isinstance(asked, Mapping) or asked["by"] == "customer":
        return []
    there = in_row(at, at.token.memo) if "item" in at.token.memo else at
    gone = barred(at)
    return [one for one in persons(there, asked) if one not in gone]


def offers(at: At) -> Iterator[Offer]:
    """{"word", "signal", "fills", "brings", "asks"}: what is done, whether it comes with the form, what it brings by itself,
    and what has to be said with it: [{"kind", "key", ...}]. The first is what is usual there."""
    usual, node = usual_signal(at.node, at.token), at.node
    if node.type == "start" and usual == OPEN:
        yield filing(choosing(at.definition))
        return
    may = allowed(at.definition, node, at.case.handlers, at.token.memo) if at.token.signal == OPEN else {}
    signed = SIGNED if may.get("signature") else {}
    if may.get("lent"):
        yield _offer("reply", "reply", {}, {"kind": "text", "key": "opinion", "needed": True})
    else:
        yield _offer(usual, usual, signed, *_content(node, usual))
    for signal in () if may.get("lent") else OTHERWISE.get(usual, ()):
        yield _offer(signal, signal, signed)
    for result in NODE_TYPES[node.type].outcomes if usual == "returned" else ():
        yield _offer(usual, f"returned.{result}", {"result": result}, *_content(node, usual))
    if "deadline" in NODE_TYPES[node.type].signals and GIVING not in at.token.memo:
        for one in node.config.get("deadlines", ()):
            yield _offer("deadline", "deadline", {"deadline": one["uid"], "count": 0})
    if may:
        yield from _verbs(at, may, signed)


def filing(chosen: tuple[Node, ...]) -> Offer:
    """To file it, and whom one chooses for which steps (自选审批人)."""
    return _offer(OPEN, OPEN, {}, *_chosen(chosen))


def _verbs(at: At, may: Mapping[str, Any], signed: Mapping[str, Any]) -> Iterator[Offer]:
    """What whoever has a task may do besides doing it."""
    if may["back"]:
        straight = [{"kind": "yes", "key": "straight"}] if may["ask_straight"] else []
        to = {"kind": "step", "key": "to", "among": may["back"][::-1]}
        yield _offer("send_back", "send_back", signed, to, *straight, {"kind": "text", "key": "opinion", "needed": True})
    for verb in ("transfer", "delegate"):
        if may[verb]:
            yield _offer(verb, verb, {}, {"kind": "person", "key": "to", **_among(at, verb)})
    if may["add"]:
        for verb in ("add_before", *(("add_beside",) if may["beside"] else ())):
            yield _offer(verb, verb, {}, {"kind": "persons", "key": "persons", **_among(at, "add")})
        yield _offer("approve", "add_after", signed, {"kind": "persons", "key": "add", **_among(at, "add")})
    mine, beside = {f"person:{one}" for one in who(at)}, at.case.children(at.token.parent or 0)
    added = [one.memo["person"] for one in beside if one.memo.get("added_by") in mine]
    if added:
        yield _offer("remove_signer", "remove_signer", {}, {"kind": "person", "key": "person", "among": added})


def _among(at: At, act: str) -> dict[str, Any]:
    known = among(at, act)
    return {} if known is None else {"among": [one for one in known if one not in who(at)]}


def another_item(node: Node, token: Token) -> Iterator[Offer]:
    """A list that is under way may get one more."""
    if "total" in token.memo and node.config.get("add_item"):
        yield _offer("add_item", "add_item", {}, {"kind": "text", "key": "item", "needed": True})


def _offer(signal: str, word: str, brings: Mapping[str, Any], *asks: Mapping[str, Any]) -> Offer:
    brought = {**BRINGS.get(signal, {}), **brings}
    return {"word": word, "signal": signal, "fills": signal in FILLS, "brings": brought, "asks": list(asks)}


def _content(node: Node, signal: str) -> Iterator[dict[str, Any]]:
    key, setting = CONTENT.get(signal, ("", ""))
    pairs = [{"from": one["from"], "field": one["field"]} for one in node.config.get(setting, ())]
    if pairs:
        yield {"kind": "content", "key": key, "pairs": pairs}


def _chosen(nodes: tuple[Node, ...]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        least, most = bounds(node.config["who"])
        yield {"kind": "chosen", "key": node.uid, "least": least, "most": most}
