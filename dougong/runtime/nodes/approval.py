"""Somebody, or several, decide (审批): 或签, 会签, 比例, 票签, 依次 or 认领, with an opinion; and all that approvers may do.

The step's token waits for its children, one for each who signs ("seat"); each has a task of its own. What a seat decides its
parent is told (`gather`), and passes, refuses or goes on waiting.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from ..case import Case, Token
from ..definition import Definition, Node
from ..outcome import Fail, Go, Outcome, Put, Wait
from ..reason import Reason, Refused
from ..shape import Shape
from ..values import missing
from ._apart import barred, check_apart, may_do, without
from ._approval_settings import CONFIG
from ._deadlines import OUTCOMES, check_deadlines, named, passed, timed
from ._deadlines import SIGNAL as DEADLINE
from ._example import Example, approval, task, titles, way
from ._fields import check_rights, written
from ._people import check_people, person_principals, persons
from ._signing import Votes
from ._type import At, NodeType
from ._verbs import (
    OPEN,
    delegate,
    his_own,
    open_task,
    places_back,
    reply,
    send_back,
    sent_back,
    took_part,
    transfer,
)

CHILDREN: Final = "children"
MAX_SEATS: Final = 200


# ---- entering: who signs ----


def enter(at: At) -> Outcome:
    if "person" in at.token.memo:
        return _seat(at)
    if at.config.get("mode") == "weight":
        seats = [{"person": one, "weight": w["weight"]} for w in at.config.get("weights", ()) for one in persons(at, w["who"])]
    else:
        seats = [{"person": one, "weight": 1} for one in persons(at, at.config["who"])]
    if not seats:
        return _nobody(at)
    if len(seats) > MAX_SEATS:
        return Fail(Reason("approval.too_many", {"found": len(seats), "limit": MAX_SEATS}))
    seats = list({seat["person"]: seat for seat in seats}.values())
    if gone := barred(at):  # nobody skips an approval by being kept apart from it: another decides
        seats = _without_initiator(at, seats) if at.config.get("initiator") == "head" else seats
        seats = [seat for seat in seats if seat["person"] not in gone]
        if not seats:
            return _nobody(at)
    seats = _without_initiator(at, seats)
    return _opened(at, seats) if seats else _passed(at, [])


def _nobody(at: At) -> Outcome:
    match at.config.get("nobody", "admin"):
        case "pass":
            return _passed(at, [])
        case "reject":
            return _refused(at)
    principals = at.world.ask("people", by="nobody")["principals"]
    return _opened(at, [{"person": "", "weight": 1, "principals": principals}])


def _without_initiator(at: At, seats: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """发起人=审批人: skipped, unless he decides himself or his head does."""
    rule = at.config.get("initiator", "skip")
    mine = [seat for seat in seats if f"person:{seat['person']}" == at.case.initiator]
    if not mine or rule == "self":
        return seats
    others = [seat for seat in seats if seat not in mine]
    if rule == "head":
        heads = list(at.world.ask("persons", by="nth_head", unit=at.case.unit, level=2)["persons"])
        return [*({**mine[0], "person": one} for one in heads if f"person:{one}" != at.case.initiator), *others]
    return others


def _opened(at: At, seats: list[dict[str, Any]]) -> Outcome:
    mode = at.config.get("mode", "any")
    needed = at.config.get("passing", 0) if mode == "weight" else at.config.get("percent", 100)
    again = _repeated(at, seats)
    votes = Votes(
        mode, _reject_rule(at), needed, len(seats), sum(seat["weight"] for seat in seats),
        yes=len(again), yes_weight=sum(seat["weight"] for seat in again),
    )  # fmt: skip
    left = [seat for seat in seats if seat not in again]
    names = [seat["person"] for seat in again]
    if votes.verdict() or not left:
        return _passed(at, names)
    if mode == "claim":
        principals = [one for seat in left for one in person_principals(at, seat["person"])] if left[0]["person"] else []
        left = [{**left[0], "person": "", "principals": principals or left[0]["principals"]}]
    if mode == "sequence":
        votes, left = replace(votes, queue=tuple(left[1:])), left[:1]
    return timed(at, Wait(CHILDREN, memo={"votes": votes.to_json(), "agreed": names}, spawn=_puts(at, left)))


def _reject_rule(at: At) -> str:
    return str(at.config.get("reject", "any_one" if at.config.get("mode", "any") in ("any", "all", "sequence") else "all"))


def _puts(at: At, seats: list[dict[str, Any]]) -> tuple[Put, ...]:
    return tuple(Put(at.node.uid, seat) for seat in seats)


def _repeated(at: At, seats: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """审批人去重: those who have agreed already. Never where something has to be filled in, said or signed."""
    rule, known = at.config.get("repeated", "next"), at.case.memo.get("agreed", {})
    if rule == "never" or at.token.memo.get("returned") or at.config.get("signature") or at.config.get("opinion") == "always":
        return []
    form, rights = at.definition.form_of(at.node), at.definition.rights_of(at.node)
    keys = form.fields if form else {}
    if form and any(form.right(key, rights) == "required" and missing(at.case.data.get(key)) for key in keys):
        return []
    return [seat for seat in seats if seat["person"] and seat["person"] in known.get("ever" if rule == "ever" else "last", ())]


def _seat(at: At) -> Wait:
    principals = without(at.token.memo.get("principals") or person_principals(at, at.token.memo["person"]), barred(at))
    parent = at.case.token(at.token.parent or 0) if at.config.get("deadlines") else None
    due = {"due": parent.memo.get("due")} if parent else {}
    return Wait(OPEN, (open_task(at, principals or at.world.ask("people", by="nobody")["principals"]),), memo=due)


# ---- what a seat may do ----


def approve(at: At, values: Mapping[str, Any]) -> Outcome:
    """`fields`, `opinion`, `signature`; `add`: persons who sign after me (同意并后加签)."""
    _said_enough(at, values, "always")
    added = _added(at, values["add"]) if values.get("add") else []
    took_part(at)
    return Go(data=dict(values.get("fields", {})), says={"decision": "approve", "seat": at.token.memo, "added": added})


def reject(at: At, values: Mapping[str, Any]) -> Outcome:
    _said_enough(at, values, "reject")
    took_part(at)
    return Go(says={"decision": "reject", "seat": at.token.memo})


def send(at: At, values: Mapping[str, Any]) -> Outcome:
    """退回, by any one of those who sign, whatever the mode. The checks of where to are those of `send_back`."""
    _said_enough(at, values, "reject")
    gone = send_back(at, values)
    took_part(at)
    return Go(says={"decision": "send_back", "to": gone.jump[0].node, "straight": "back_to" in gone.jump[0].memo})


def hand_over(at: At, values: Mapping[str, Any]) -> Outcome:
    """转交, to one who does not sign already: nobody decides twice."""
    found = transfer(at, values)
    _not_twice(at, [values["to"]], "/to")
    return found


def add_before(at: At, values: Mapping[str, Any]) -> Outcome:
    """前加签: they sign first, then it comes back to me."""
    seats = _added(at, values["persons"])
    return Wait(CHILDREN, memo={"before": len(seats)}, spawn=_puts(at, seats))


def add_beside(at: At, values: Mapping[str, Any]) -> Outcome:
    """并加签: they sign together with me. Where one decides for all there is no beside."""
    if at.config.get("mode", "any") in ("any", "claim"):
        raise Refused("verb.not_beside")
    return Go(says={"decision": "beside", "seat": at.token.memo, "added": _added(at, values["persons"])})


def remove_signer(at: At, values: Mapping[str, Any]) -> Outcome:
    """减签: one whom I have added myself, and who has not signed yet. `token`: his."""
    token = at.case.token(int(values["token"]))
    mine = token is not None and token.parent == at.token.parent and token.memo.get("added_by") == at.world.actor
    if not mine or token is at.token:
        raise Refused("verb.not_yours_to_remove")
    return Go(says={"decision": "removed", "seat": at.token.memo, "token": int(values["token"])})


def _added(at: At, wanted: list[str]) -> list[dict[str, Any]]:
    if not at.config.get("add_signer"):
        raise Refused("verb.not_allowed")
    his_own(at)
    if at.token.memo.get("added_by"):
        raise Refused("verb.added_already")  # one level of nesting
    if not wanted or len(wanted) > 20:
        raise Refused("verb.how_many", "/persons", most=20)
    if at.world.actor in [f"person:{one}" for one in wanted]:
        raise Refused("verb.not_to_yourself", "/persons")
    _not_twice(at, wanted, "/persons")
    for one in wanted:
        may_do(at, one)
    if not all(person_principals(at, one) for one in wanted):
        raise Refused("verb.no_such_person", "/persons")
    return [{"person": one, "weight": 1, "added_by": at.world.actor} for one in dict.fromkeys(wanted)]


def _not_twice(at: At, wanted: list[str], where: str) -> None:
    """Raises Refused for those who sign, or have signed."""
    whole = at.case.token([*at.case.ancestors(at.token)][-1])
    known = whole.memo if whole else {}
    mine = {*known.get("agreed", ()), *known.get("against", ()), *_signers(at.case, whole.id if whole else 0)}
    mine |= {seat["person"] for seat in known.get("votes", {}).get("queue", ())}
    if twice := [one for one in wanted if one in mine]:
        raise Refused("verb.signs_already", where, persons=twice, who=", ".join(twice))


def _signers(case: Case, token_id: int) -> Iterator[str]:
    """Whose decision it is: of what was lent that of the lender."""
    for token in case.children(token_id):
        yield str(token.memo.get("lent_by") or token.memo.get("person", "")).removeprefix("person:")
        yield from _signers(case, token.id)


def _said_enough(at: At, values: Mapping[str, Any], need: str) -> None:
    rule = at.config.get("opinion", "reject")
    if rule in (need, "always") and not str(values.get("opinion") or "").strip():
        raise Refused("approval.opinion_missing", "/opinion")
    if at.config.get("signature") and not values.get("signature"):
        raise Refused("approval.signature_missing", "/signature")


# ---- what comes of it ----


def gather(at: At, child: Token, left: Go) -> Outcome:
    says = left.says
    if "decision" not in says:
        raise Refused("verb.part_of_a_step", "/token")  # who signs is not passed over: the whole step is
    if "before" in at.token.memo:
        return _before(at, says)
    if says.get("decision") == "send_back":
        return sent_back(at, says["to"], says["straight"])
    votes = Votes.from_json(at.token.memo["votes"])
    seat, agreed, against = says.get("seat", {}), at.token.memo["agreed"], at.token.memo.get("against", [])
    match says.get("decision"):
        case "beside":
            more = says["added"]
            votes = replace(votes, seats=votes.seats + len(more), weight=votes.weight + len(more))
            return _on(at, votes, [*more, seat], agreed)
        case "removed":
            votes = replace(votes, seats=votes.seats - 1, weight=votes.weight - 1)
            return replace(_on(at, votes, [seat], agreed), absorb=(says["token"],))
        case "approve":
            votes = replace(votes, yes=votes.yes + 1, yes_weight=votes.yes_weight + seat["weight"])
            agreed = [*agreed, seat["person"] or _actor(at)]
            if says["added"]:
                return _after(at, votes, says["added"], agreed)
        case _:
            votes = replace(votes, no=votes.no + 1, no_weight=votes.no_weight + seat["weight"])
            against = [*against, seat.get("person") or _actor(at)]
    verdict = votes.verdict()
    if verdict is None:
        next_seats, rest = list(votes.queue[:1]), votes.queue[1:]
        wait = _on(at, replace(votes, queue=rest), next_seats, agreed)
        return replace(wait, memo={**wait.memo, "against": against}) if against else wait
    return _passed(at, agreed) if verdict else _refused(at)


def _after(at: At, votes: Votes, added: list[dict[str, Any]], agreed: list[str]) -> Outcome:
    """后加签: I have agreed; it passes when they have too. Where one decides for all, I have decided."""
    if votes.mode in ("any", "claim", "ratio", "weight") and votes.verdict():
        rest = tuple(token.id for token in at.case.children(at.token.id))
        votes = Votes("all", "any_one", 100, votes.yes + len(added), yes=votes.yes)
        return replace(_on(at, votes, added, agreed), absorb=rest)
    votes = replace(votes, seats=votes.seats + len(added), weight=votes.weight + len(added))
    if votes.mode == "sequence":
        return _on(at, replace(votes, queue=(*added[1:], *votes.queue)), added[:1], agreed)
    return _on(at, votes, added, agreed)


def _on(at: At, votes: Votes, seats: list[dict[str, Any]], agreed: list[str]) -> Wait:
    return Wait(CHILDREN, memo={"votes": votes.to_json(), "agreed": agreed}, spawn=_puts(at, seats))


def _before(at: At, says: Mapping[str, Any]) -> Outcome:
    """Those who sign before me: when all have agreed it comes back to me; a refusal of theirs is one of mine."""
    if says["decision"] != "approve":
        seat = {key: value for key, value in at.token.memo.items() if key != "before"}
        rest = tuple(token.id for token in at.case.children(at.token.id))
        return Go(says={**says, "seat": seat}, absorb=rest)
    left = at.token.memo["before"] - 1
    if left:
        return Wait(CHILDREN, memo={"before": left})
    principals = person_principals(at, at.token.memo["person"]) or at.token.memo.get("principals", [])
    return Wait(OPEN, (open_task(at, principals, again=True),), memo={"before": 0})


def _passed(at: At, agreed: list[str]) -> Go:
    known = at.case.memo.get("agreed", {})
    memo = {"agreed": {"last": agreed, "ever": list(dict.fromkeys([*known.get("ever", ()), *agreed]))}}
    return Go(at.out, absorb=_children(at), memo=memo)


def _refused(at: At) -> Go:
    way = at.ways("rejected")
    return Go(way, absorb=_children(at)) if way else Go(everything=True, result="rejected")


def overdue(at: At, values: Mapping[str, Any]) -> Outcome:
    """A deadline has passed before enough have decided."""
    match (named(at, values) or {}).get("then"):
        case "pass":
            return _passed(at, at.token.memo.get("agreed", []))
        case "reject":
            return _refused(at)
        case "return":
            return sent_back(at, at.definition.start.uid, straight=False)
        case "reassign":
            return _given_to_others(at, persons(at, (named(at, values) or {})["to"]))
    return passed(at, values)


def _given_to_others(at: At, wanted: list[str]) -> Outcome:
    """They sign instead of all who have not signed yet; of weights they share what is left. What was decided stands."""
    votes = Votes.from_json(at.token.memo["votes"])
    agreed = at.token.memo["agreed"]
    done = {*agreed, *at.token.memo.get("against", ()), *barred(at)}
    left = [one for one in wanted if one not in done]
    seats = _without_initiator(at, [{"person": one, "weight": 1} for one in left])
    principals = [one for seat in seats for one in person_principals(at, seat["person"])]
    if votes.mode == "claim" or not seats:
        nobody = at.world.ask("people", by="nobody")["principals"]
        seats = [{"person": "", "weight": 1, "principals": principals or nobody}]
    if votes.mode == "weight":
        share, rest = divmod(votes.weight - votes.yes_weight - votes.no_weight, len(seats))
        seats = [{**seat, "weight": share + (index < rest)} for index, seat in enumerate(seats)]
    first, queue = (seats[:1], tuple(seats[1:])) if votes.mode == "sequence" else (seats, ())
    votes = replace(votes, seats=votes.yes + votes.no + len(seats), queue=queue)
    return replace(_on(at, votes, first, agreed), absorb=_children(at))


def _children(at: At) -> tuple[int, ...]:
    return tuple(token.id for token in at.case.children(at.token.id))


def _actor(at: At) -> str:
    return (at.world.actor or "").removeprefix("person:")


# ---- what the checks and the pages know ----


def shape(definition: Definition, node: Node) -> Shape:
    ends = not definition.ways(node.uid, "rejected")
    returns = any(one["then"] == "return" for one in node.config.get("deadlines", ()))
    back = places_back(definition, node) | ({definition.start.uid} if returns else set())
    return Shape(waits=True, ends_all=False, may_end_all=ends, back=back)


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    config = node.config
    mode = config.get("mode", "any")
    if mode == "weight":
        if not config.get("weights") or "passing" not in config:
            yield "/weights", Reason("check.approval_without_weights")
    elif "who" not in config:
        yield "/who", Reason("check.approval_without_people")
    if mode == "ratio" and "percent" not in config:
        yield "/percent", Reason("check.approval_without_percent")
    if "who" in config:
        yield from check_people(definition, config["who"], "/who")
    for index, one in enumerate(config.get("weights", ())):
        yield from check_people(definition, one["who"], f"/weights/{index}/who")
    yield from check_rights(definition, node)
    yield from check_deadlines(definition, node)
    yield from check_apart(definition, node)


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
        DEADLINE: overdue,
    },
    gather,
    whole=frozenset({DEADLINE}),
    config=CONFIG,
    outcomes={"rejected": {"zh-Hans": "未通过", "en": "Refused"}, **OUTCOMES},
    shape=shape,
    writes=written,
    check=check,
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
