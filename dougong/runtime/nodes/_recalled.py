"""通过后不允许撤回: the steps after which whoever filed a ticket does not recall it any more."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from ..case import Case
from ..definition import Definition, Node
from ..outcome import Go
from ._type import At

PAST: Final = "past"  # in the memo of a case: which of them have been passed, by uid


def passed_one(at: At, go: Go) -> None:
    """Along an edge that is for no refusal nor any other outcome."""
    known = at.case.memo.get(PAST, ())
    if at.node.uid in _steps(at.definition) and at.node.uid not in known and any(edge.on is None for edge in go.edges):
        at.case.memo[PAST] = [*known, at.node.uid]


def again(case: Case, region: Collection[str]) -> dict[str, Any]:
    """As it is to be remembered once these steps are to be passed again."""
    left = [uid for uid in case.memo.get(PAST, ()) if uid not in region]
    return {PAST: left or None} if PAST in case.memo else {}


def beyond(definition: Definition, memo: Mapping[str, Any]) -> Node | None:
    """The step that keeps it from being recalled."""
    return next((definition.node[uid] for uid in memo.get(PAST, ()) if uid in _steps(definition)), None)


def _steps(definition: Definition) -> Collection[str]:
    return [uid for uid in definition.doc.get("no_recall_after", ()) if uid in definition.node]
