"""Four eyes (四眼): whoever did one step may not do another. They are not asked, and refused where they come by another way."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

from ..config import UID, Schema, setting
from ..definition import Definition, Node
from ..reason import Reason, Refused
from ._people import admins, people, person_principals, persons
from ._type import At

DONE_BY: Final = ("start", "user_task", "approval")  # types of steps that persons do
_watched: WeakKeyDictionary[Definition, frozenset[str]] = WeakKeyDictionary()


def apart(group: tuple[str, str] | None = None) -> Schema:
    """The setting: steps by uid."""
    return setting(
        "不得与这些步骤同一人（四眼）",
        "Not whoever did these steps (four eyes)",
        type="array",
        maxItems=20,
        uniqueItems=True,
        items=UID,
        widget="done-steps",
        group=group,
        help=(
            "办过所选步骤的人不能再办这一步；选了发起步骤，发起人本人也不能办",
            "Whoever did one of them cannot do this step; with the start among them, neither can whoever filed it",
        ),
    )


def barred(at: At) -> frozenset[str]:
    """The members who may not do this step."""
    case, steps = at.case, at.config.get("not_same_as", ())
    if not steps:
        return frozenset()
    found = {person for uid in steps for person in case.memo.get("did", {}).get(uid, ())}
    if at.definition.start.uid in steps and case.initiator:
        found.add(case.initiator.removeprefix("person:"))
    return frozenset(found)


def may_do(at: At, actor: str | None) -> None:
    """Raises Refused for one who may not."""
    if actor and actor.removeprefix("person:") in barred(at):
        raise Refused("verb.four_eyes", step=at.node.title)


def did(at: At) -> None:
    """Is remembered of steps that another is kept apart from."""
    definition = at.definition
    if definition not in _watched:
        _watched[definition] = frozenset(uid for node in definition.nodes for uid in _named(node))
    if at.node.uid in _watched[definition] and at.world.actor:
        known = at.case.memo.get("did", {})
        who = [*known.get(at.node.uid, ()), at.world.actor.removeprefix("person:")]
        at.case.memo["did"] = {**known, at.node.uid: list(dict.fromkeys(who))}


def asked(at: At, who: Mapping[str, Any]) -> list[str]:
    """The principals who may do it, without those who may not: then each is asked for by himself."""
    gone = barred(at)
    if not gone or who["by"] == "customer":
        return people(at, who)
    found = [one for person in persons(at, who) if person not in gone for one in without(person_principals(at, person), gone)]
    return list(dict.fromkeys(found)) or admins(at)


def without(principals: Iterable[str], gone: frozenset[str]) -> list[str]:
    """Nor do those stand in for others."""
    return [one for one in principals if one.removeprefix("person:") not in gone]


def _named(node: Node) -> tuple[str, ...]:
    return tuple(node.config.get("not_same_as", ()))


def check_apart(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    """Steps that are not there, and those that the same person does in any case."""
    who = node.config.get("who") or {}
    for index, uid in enumerate(_named(node)):
        other = definition.node.get(uid)
        if other is None or other.type not in DONE_BY:
            yield f"/not_same_as/{index}", Reason("check.no_such_step", {"node": uid})
        elif uid == node.uid or _does(definition, other) == _does(definition, node) is not None or who.get("node") == uid:
            yield f"/not_same_as/{index}", Reason("check.four_eyes_same", {"step": other.title})


def _does(definition: Definition, node: Node) -> str | None:
    """The step whose person does this one, where that is certain: the start for the initiator."""
    who = node.config.get("who")
    if node.uid == definition.start.uid or (isinstance(who, Mapping) and who.get("by") == "initiator"):
        return definition.start.uid
    return str(who["node"]) if isinstance(who, Mapping) and who.get("by") == "handler" else None
