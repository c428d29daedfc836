"""The section of a workflow in which a ticket has something to itself: from where it takes it to where it lets it go."""

from typing import Final
from weakref import WeakKeyDictionary

from ..config import Schema, setting
from ..definition import Definition
from ..step import Step

HELD: Final = "held:"  # what a case remembers of a section that it has entered: this and the uid of its beginning
_NAME: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": 40}
_known: WeakKeyDictionary[Definition, dict[str, frozenset[str]]] = WeakKeyDictionary()


def what(zh: str, help: tuple[str, str]) -> Schema:
    """What it has to itself; the step that lets it go says the same."""
    return setting(zh, "What", _NAME, widget="shared", help=help)


def section(definition: Definition, uid: str) -> frozenset[str]:
    """All steps that may follow, without the one that takes it; those that let it go are outside, and all behind them."""
    kept = _known.setdefault(definition, {})
    if uid not in kept:
        kept[uid] = _behind(definition, uid)
    return kept[uid]


def lets_go(definition: Definition, step: Step) -> bool:
    """It leaves a section in which it had something to itself."""
    before = step.was.memo if step.was else {}
    entered = [name.removeprefix(HELD) for name in before if name.startswith(HELD)]
    nodes = {token.node for token in step.case.everywhere()} if entered else set()
    return any(not nodes & section(definition, uid) for uid in entered)


def _behind(definition: Definition, uid: str) -> frozenset[str]:
    begins = definition.node.get(uid)
    if begins is None:
        return frozenset()
    found, todo = set[str](), [uid]
    while todo:
        for edge in definition.out.get(todo.pop(), ()):
            target = definition.node.get(edge.target)
            if target is None or target.uid == uid or target.uid in found:
                continue
            if target.type == "release" and target.config.get("name") == begins.config.get("name"):
                continue
            found.add(target.uid)
            todo.append(target.uid)
    return frozenset(found)
