"""Somebody, or several, decide (审批): 或签, 会签, 比例, 票签, 依次 or 认领, with an opinion; and all that approvers may do.

The step's token waits for its children, one for each who signs ("seat"); each has a task of its own. What a seat decides its
parent is told (`gather`), and passes, refuses or goes on waiting.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from ..definition import Definition, Node
from ..outcome import Fail, Go, Outcome, Wait
from ..reason import Reason
from ..shape import Shape
from ._among import check_among
from ._apart import barred, check_apart, without
from ._approval_settings import CONFIG, COUNTED
from ._back import places_back
from ._deadlines import OUTCOMES, check_deadlines, timed
from ._deadlines import SIGNAL as DEADLINE
from ._decided import gather, overdue, passed, refused
from ._example import Example, approval, task, titles, way
from ._fields import check_rights, written
from ._people import admins, check_people, person_principals, persons
from ._seat_acts import add_before, add_beside, approve, hand_over, merge, reject, remove_signer, send
from ._seats import CHILDREN, Seat, himself, is_vacant, puts, repeated, seats_of, without_initiator
from ._signing import Votes
from ._type import At, NodeType
from ._verbs import MERGE, OPEN, delegate, open_task, reply

MAX_SEATS: Final = 200


def enter(at: At) -> Outcome:
    if "person" in at.token.memo:
        return _seat(at)
    seats = seats_of(at)
    if len(seats) > MAX_SEATS:
        return Fail(Reason("approval.too_many", {"found": len(seats), "limit": MAX_SEATS}))
    left = without_initiator(at, seats)
    _tell_of_initiator(at, seats, left)
    if left:
        return _opened(at, left)
    return _nobody(at) if is_vacant(at, seats) else passed(at, [])


def _nobody(at: At) -> Outcome:
    match at.config.get("nobody", "admin"):
        case "pass":
            _tell(at, "nobody")
            return passed(at, [])
        case "reject":
            _tell(at, "nobody")
            return refused(at)
        case "end":
            _tell(at, "nobody")
            return Go(everything=True, result="terminated")
        case "forbid":
            return Fail(Reason("approval.nobody", {"step": at.node.title}))
        case "others" if seats := _instead(at):
            _tell(at, "others", *(seat["person"] for seat in seats))
            return _opened(at, seats)
    return _opened(at, [{"person": "", "weight": _enough(at), "principals": admins(at)}])


def _tell_of_initiator(at: At, seats: list[Seat], left: list[Seat]) -> None:
    known = [seat["person"] for seat in seats]
    if (mine := (at.case.initiator or "").removeprefix("person:")) not in known:
        return
    match at.config.get("initiator", "skip"):
        case "skip":
            _tell(at, "initiator", mine)
        case "head" if heads := [seat["person"] for seat in left if seat["person"] not in known]:
            _tell(at, "head", *heads)


def _tell(at: At, why: str, *members: str) -> None:
    """For the history: what happens by itself."""
    at.world.note("itself", node=at.node.uid, why=why, persons=list(members))


def _instead(at: At) -> list[Seat]:
    """指定人: whoever was named for that, but for those who may not."""
    gone, wanted = barred(at), persons(at, at.config["nobody_to"])
    return without_initiator(at, [{"person": one, "weight": _enough(at)} for one in wanted if one not in gone][:MAX_SEATS])


def _enough(at: At) -> int:
    """The weight of one whose word is enough."""
    return int(at.config.get("passing", 1)) if at.config.get("mode") == "weight" else 1


def _opened(at: At, seats: list[Seat]) -> Outcome:
    mode = at.config.get("mode", "any")
    needed = at.config.get("passing", 0) if mode == "weight" else at.config.get("percent", 100)
    again = repeated(at, seats)
    votes = Votes(
        mode, _reject_rule(at), needed, len(seats), sum(seat["weight"] for seat in seats),
        yes=len(again), yes_weight=sum(seat["weight"] for seat in again),
        over=at.config.get("compare", "reached") == "exceeded",
        against=at.config.get("reject_percent", 100), against_over=at.config.get("reject_compare", "reached") == "exceeded",
    )  # fmt: skip
    left = [seat for seat in seats if seat not in again]
    names = [seat["person"] for seat in again]
    if names:
        _tell(at, "repeated", *names)
    if votes.verdict() or not left:
        return passed(at, names)
    if mode == "weight" and votes.weight < needed:
        return Fail(Reason("approval.cannot_pass", {"found": votes.weight, "needed": needed}))
    if mode == "claim":
        found = [one for seat in left for one in person_principals(at, seat["person"])] if left[0]["person"] else []
        principals = without(found, himself(at))
        left = [{**left[0], "person": "", "principals": principals or left[0]["principals"]}]
        votes = replace(votes, seats=1, weight=1)
    if mode == "sequence":
        votes, left = replace(votes, queue=tuple(left[1:])), left[:1]
    return timed(at, Wait(CHILDREN, memo={"votes": votes.to_json(), "agreed": names}, spawn=puts(at, left)))


def _reject_rule(at: At) -> str:
    return str(at.config.get("reject", "any_one" if at.config.get("mode", "any") in ("any", "all", "sequence") else "all"))


def _seat(at: At) -> Wait:
    person = at.token.memo["person"]
    gone = barred(at) | (himself(at) - {person} if person else frozenset())
    principals = without(at.token.memo.get("principals") or person_principals(at, person), gone)
    parent = at.case.token(at.token.parent or 0) if at.config.get("deadlines") else None
    due = {"due": parent.memo.get("due")} if parent else {}
    return Wait(OPEN, (open_task(at, principals or admins(at)),), memo=due)


def shape(definition: Definition, node: Node) -> Shape:
    ends = not definition.ways(node.uid, "rejected") or node.config.get("nobody") == "end"
    returns = any(one["then"] == "return" for one in node.config.get("deadlines", ()))
    back = places_back(definition, node) | ({definition.start.uid} if returns else set())
    return Shape(waits=True, ends_all=False, may_end_all=ends, back=back)


def _check_shares(config: Mapping[str, Any], mode: str) -> Iterator[tuple[str, Reason]]:
    shares = (("percent", "compare", mode == "ratio"), ("reject_percent", "reject_compare", _refuses_by_share(config, mode)))
    for share, compare, matters in shares:
        if matters and share not in config:
            yield f"/{share}", Reason(f"check.approval_without_{share}")
        elif matters and config[share] == 100 and config.get(compare) == "exceeded":
            yield f"/{share}", Reason("check.approval_over_all")


def _refuses_by_share(config: Mapping[str, Any], mode: str) -> bool:
    return bool(config.get("reject") == "ratio" and mode in COUNTED)


_INSTEAD: Final = ("/nobody_to", Reason("check.approval_without_instead"))


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    config = node.config
    mode = config.get("mode", "any")
    if mode == "weight":
        if not config.get("weights") or "passing" not in config:
            yield "/weights", Reason("check.approval_without_weights")
    elif "who" not in config:
        yield "/who", Reason("check.approval_without_people")
    yield from _check_shares(config, mode)
    if "who" in config:
        yield from check_people(definition, config["who"], "/who")
    for index, one in enumerate(config.get("weights", ())):
        yield from check_people(definition, one["who"], f"/weights/{index}/who")
    if config.get("nobody") == "others":
        yield from check_people(definition, config["nobody_to"], "/nobody_to") if "nobody_to" in config else [_INSTEAD]
    yield from check_rights(definition, node)
    yield from check_deadlines(definition, node)
    yield from check_apart(definition, node)
    yield from check_among(definition, node)


NODE = NodeType(
    "approval",
    {"zh-Hans": "审批", "en": "Approval"},
    {"zh-Hans": "一人或多人审批：或签、会签、票签、依次", "en": "One or several decide: any, all, a share, by weight, in turn"},
    "people",
    "stamp",
    enter,
    {
        "approve": approve,
        "reject": reject,
        "send_back": send,
        "transfer": hand_over,
        "delegate": delegate,
        "reply": reply,
        "add_before": add_before,
        "add_beside": add_beside,
        "remove_signer": remove_signer,
        MERGE: merge,
        DEADLINE: overdue,
    },
    gather,
    whole=frozenset({DEADLINE}),
    config=CONFIG,
    outcomes={"rejected": {"zh-Hans": "未通过", "en": "Refused"}, **OUTCOMES},
    shape=shape,
    writes=written,
    check=check,
    also=("加签", "转交", "退回", "审核", "批准", "复核"),
    rank=21,
    example=Example(
        titles(
            "两位经理会签，一位不同意就退回修改",
            "Two managers have to agree; else it is changed and comes again",
        ),
        (approval("sign", "会签", "Both agree", mode="all"), task("change", "修改方案", "Change it")),
        ("start>sign", "sign>end", way("sign>change", on="rejected"), "change>sign"),
        (
            "start",
            ["sign", {}, {"by": "liu"}],
            ["sign", {"opinion": "金额偏高"}, {"by": "tang", "signal": "reject"}],
            "change",
            ["sign", {}, {"by": "liu"}],
            ["sign", {}, {"by": "tang"}],
        ),
        {"status": "done"},
        people={"manager": ["liu", "tang"]},
    ),
)
