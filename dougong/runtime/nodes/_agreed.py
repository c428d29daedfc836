"""Who has agreed so far (审批人去重): `last` in the approval right before, `ever` in any, `still` in any since it was last sent
back or refused. Whoever is counted is not asked again; what comes again is decided anew.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..case import Case
from ._type import At

AGREED: Final = "agreed"  # in the memo of a case


def agreeing(case: Case, who: Iterable[str]) -> dict[str, Any]:
    """As it is to be remembered once these have agreed, too."""
    known, who = _known(case), list(who)
    more = {key: list(dict.fromkeys([*known.get(key, known.get("ever", ())), *who])) for key in ("ever", "still")}
    return {AGREED: {"last": who, **more}}


def anew(case: Case) -> dict[str, Any]:
    """It was sent back, refused or moved: whoever agreed is asked again."""
    return {AGREED: {**_known(case), "last": [], "still": []}} if AGREED in case.memo else {}


def interrupted(case: Case) -> None:
    """Somebody has filled something in: the next approval does not come right after the last."""
    if AGREED in case.memo:
        case.memo[AGREED] = {**_known(case), "last": []}


def repeats(at: At, rule: str) -> frozenset[str]:
    """Those who are not asked again. `rule`: next, ever."""
    known = _known(at.case)
    return frozenset(known.get("last", ()) if rule == "next" else known.get("still", known.get("ever", ())))


def _known(case: Case) -> Mapping[str, Any]:
    return case.memo.get(AGREED) or {}
