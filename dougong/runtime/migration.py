"""Moves a running case to another version of its workflow: by uid, with a mapping for steps that are no more.

A step keeps its uid when it is renamed or moved about, so most cases go over as they stand. What cannot go over is stuck, with
a reason: nobody guesses where it should stand.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .case import Case, Token
from .definition import Definition
from .reason import Reason
from .taken import OWED, PASSED, TAKEN, Entry, by_of

Mapped = Mapping[str, str]  # uid of a step in the old version -> uid in the new one


class Stuck(Exception):
    """A case that cannot go over: why, and the step of the old version where it stands."""

    def __init__(self, code: str, node: str, **params: object) -> None:
        super().__init__(code)
        self.node, self.reason = node, Reason(code, params)


def migrated(old: Definition, new: Definition, case: Case, mapping: Mapped) -> Case:
    """The case on the new version; all its tokens must be loaded. Raises Stuck."""
    tokens = {token.id: _token(old, new, token, mapping) for token in case.tokens.values()}
    memo = dict(_remembered(old, new, name, value, mapping) for name, value in case.memo.items())
    handlers = {target: who for uid, who in case.handlers.items() if (target := _to(uid, mapping)) in new.node}
    return case.but(version=new.version, tokens=tokens, memo=memo, handlers=handlers)


def removed(old: Definition, new: Definition) -> list[str]:
    """The steps of the old version that the new one does not have (or has as something else)."""
    return [node.uid for node in old.nodes if node.uid not in new.node or new.node[node.uid].type != node.type]


def problems(old: Definition, new: Definition, mapping: Mapped) -> Iterator[Reason]:
    """What is wrong with a mapping by itself."""
    for uid, target in mapping.items():
        if uid not in old.node:
            yield Reason("migrate.no_old_step", {"node": uid})
        elif target not in new.node:
            yield Reason("migrate.no_new_step", {"node": target})
        elif old.node[uid].type != new.node[target].type:
            yield Reason("migrate.other_type", {"step": old.node[uid].title, "to": new.node[target].title})


def _to(uid: str, mapping: Mapped) -> str:
    return mapping.get(uid, uid)


def _remembered(old: Definition, new: Definition, name: str, value: Any, mapping: Mapped) -> tuple[str, Any]:
    """What a case remembers of a step ("join:<uid>", "loop:<uid>") it remembers of the same step."""
    if name in ("did", PASSED):
        return name, {_to(uid, mapping): its for uid, its in value.items()}
    if name == TAKEN:
        return name, _entries(value, mapping)
    subject, _, uid = name.partition(":")
    if not uid:
        return name, value
    target = _to(uid, mapping)
    return f"{subject}:{target}", _bits(old, new, target, uid, value, mapping) if subject == "join" else value


def _entries(entries: list[Entry], mapping: Mapped) -> list[Entry]:
    """The lines of the ledger are still those of the step that has settled them."""
    return [{**one, "node": _to(one["node"], mapping), **({"by": by_of(one)} if "first" in one else {})} for one in entries]


def _token(old: Definition, new: Definition, token: Token, mapping: Mapped) -> Token:
    target, was = _to(token.node, mapping), old.node.get(token.node)
    title = was.title if was else {"zh-Hans": token.node, "en": token.node}
    if target not in new.node:
        raise Stuck("migrate.step_removed", token.node, step=title)
    if was is not None and new.node[target].type != was.type:
        raise Stuck("migrate.other_type", token.node, step=title, to=new.node[target].title)
    memo = dict(token.memo)
    if "arrived" in memo:
        memo["arrived"] = _bits(old, new, target, token.node, memo["arrived"], mapping)
        memo["more"] = {_way(old, new, target, token.node, int(way), mapping): n for way, n in memo.get("more", {}).items()}
    for name in ("returned", "back_to"):
        if memo.get(name) in old.node:
            memo[name] = _to(memo[name], mapping)
            if name == "back_to" and memo[name] not in new.node:
                raise Stuck("migrate.step_removed", token.node, step=old.node[token.memo[name]].title)
    if OWED in memo:
        memo[OWED] = _entries(memo[OWED], mapping)
    via = token.via if token.via in new.edge else None
    return token.but(node=target, via=via, memo=memo)


def _bits(old: Definition, new: Definition, join: str, was: str, value: str, mapping: Mapped) -> str:
    """Over which ways tokens have come in at a join, told by the ways of the new version."""
    mask = int(value, 16)
    ways = [index for index in range(mask.bit_length()) if mask >> index & 1]
    return f"{sum(1 << int(_way(old, new, join, was, index, mapping)) for index in ways):x}"


def _way(old: Definition, new: Definition, join: str, was: str, index: int, mapping: Mapped) -> str:
    """A way into a join is the same where its uid is, or where it comes from the same step."""
    edge = old.into[was][index]
    known = new.way_in.get(join, {})
    if edge.uid in known:
        return str(known[edge.uid])
    source = _to(edge.source, mapping)
    for uid, place in known.items():
        if new.edge[uid].source == source:
            return str(place)
    raise Stuck("migrate.way_removed", was, step=old.node[was].title)
