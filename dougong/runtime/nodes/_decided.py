"""What comes of what the seats of an approval decide: it passes, is refused, is sent back, or waits for more of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..case import Token
from ..outcome import Go, Outcome, Wait
from ..reason import Refused
from ._agreed import agreeing, anew
from ._apart import barred
from ._deadlines import named
from ._deadlines import passed as too_late
from ._people import admins, person_principals, persons
from ._seats import CHILDREN, Seat, puts, signer, signers, without_initiator
from ._signing import Votes
from ._type import At
from ._verbs import OPEN, open_task, sent_back


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
    more = at.token.memo.get("more", {}).get(str(child.id), 0)
    match says.get("decision"):
        case "beside":
            more = says["added"]
            votes = replace(votes, seats=votes.seats + len(more), weight=votes.weight + len(more))
            return _waits_on(at, votes, [*more, seat], agreed)
        case "removed":
            votes = replace(votes, seats=votes.seats - 1, weight=votes.weight - 1)
            return replace(_waits_on(at, votes, [seat], agreed), absorb=(says["token"],))
        case "merged":
            return _merged(at, votes, seat["weight"] + more, says["into"])
        case "approve":
            votes = replace(votes, yes=votes.yes + 1, yes_weight=votes.yes_weight + seat["weight"] + more)
            agreed = [*agreed, seat["person"] or _actor(at)]
            if says["added"]:
                return _after(at, votes, says["added"], agreed)
        case _:
            votes = replace(votes, no=votes.no + 1, no_weight=votes.no_weight + seat["weight"] + more)
            against = [*against, seat.get("person") or _actor(at)]
    return _counted(at, votes, agreed, against)


def _counted(at: At, votes: Votes, agreed: list[str], against: list[str]) -> Outcome:
    verdict = votes.verdict()
    if verdict is None:
        turn = 0 if _children(at) else 1  # the next one's, when nobody signs any more
        wait = _waits_on(at, replace(votes, queue=votes.queue[turn:]), list(votes.queue[:turn]), agreed)
        return replace(wait, memo={**wait.memo, "against": against}) if against else wait
    return passed(at, agreed) if verdict else refused(at)


def _merged(at: At, votes: Votes, weight: int, into: str) -> Outcome:
    """A seat has fallen to one who signs already: he is counted once, and weighs what both did."""
    agreed, against = at.token.memo["agreed"], at.token.memo.get("against", [])
    votes = replace(votes, seats=votes.seats - 1)
    if into in agreed:
        votes = replace(votes, yes_weight=votes.yes_weight + weight)
    elif into in against:
        votes = replace(votes, no_weight=votes.no_weight + weight)
    outcome, carried = _counted(at, votes, agreed, against), at.token.memo.get("more", {})
    own = [str(one.id) for one in at.case.children(at.token.id) if into in (signer(one), *signers(at.case, one.id))]
    if not isinstance(outcome, Wait) or not own:
        return outcome
    more = {**carried, own[0]: carried.get(own[0], 0) + weight}
    return replace(outcome, memo={**outcome.memo, "more": more})


def _after(at: At, votes: Votes, added: list[Seat], agreed: list[str]) -> Outcome:
    """后加签: I have agreed; it passes when they have too. Where one decides for all, I have decided."""
    if votes.mode in ("any", "claim", "ratio", "weight") and votes.verdict():
        votes = Votes("all", "any_one", 100, votes.yes + len(added), yes=votes.yes)
        return replace(_waits_on(at, votes, added, agreed), absorb=_children(at))
    votes = replace(votes, seats=votes.seats + len(added), weight=votes.weight + len(added))
    if votes.mode == "sequence":
        return _waits_on(at, replace(votes, queue=(*added[1:], *votes.queue)), added[:1], agreed)
    return _waits_on(at, votes, added, agreed)


def _waits_on(at: At, votes: Votes, seats: list[Seat], agreed: list[str]) -> Wait:
    return Wait(CHILDREN, memo={"votes": votes.to_json(), "agreed": agreed}, spawn=puts(at, seats))


def _before(at: At, says: Mapping[str, Any]) -> Outcome:
    """Those who sign before me: when all have agreed it comes back to me; a refusal of theirs is one of mine."""
    if says["decision"] not in ("approve", "merged"):
        seat = {key: value for key, value in at.token.memo.items() if key != "before"}
        return Go(says={**says, "seat": seat}, absorb=_children(at))
    left = at.token.memo["before"] - 1
    if left:
        return Wait(CHILDREN, memo={"before": left})
    principals = person_principals(at, at.token.memo["person"]) or at.token.memo.get("principals", [])
    return Wait(OPEN, (open_task(at, principals, again=True),), memo={"before": 0})


def passed(at: At, agreed: list[str]) -> Go:
    return Go(at.out, absorb=_children(at), memo=agreeing(at.case, agreed))


def refused(at: At) -> Go:
    way = at.ways("rejected")
    return Go(way, absorb=_children(at), memo=anew(at.case)) if way else Go(everything=True, result="rejected")


def overdue(at: At, values: Mapping[str, Any]) -> Outcome:
    """A deadline has passed before enough have decided."""
    match (named(at, values) or {}).get("then"):
        case "pass":
            return passed(at, at.token.memo.get("agreed", []))
        case "reject":
            return refused(at)
        case "return":
            return sent_back(at, at.definition.start.uid, straight=False)
        case "reassign":
            return _given_to_others(at, persons(at, (named(at, values) or {})["to"]))
    return too_late(at, values)


def _given_to_others(at: At, wanted: list[str]) -> Outcome:
    """They sign instead of all who have not signed yet; of weights they share what is left. What was decided stands."""
    votes = Votes.from_json(at.token.memo["votes"])
    agreed = at.token.memo["agreed"]
    done = {*agreed, *at.token.memo.get("against", ()), *barred(at)}
    left = [one for one in wanted if one not in done]
    seats = without_initiator(at, [{"person": one, "weight": 1} for one in left])
    principals = [one for seat in seats for one in person_principals(at, seat["person"])]
    if votes.mode == "claim" or not seats:
        seats = [{"person": "", "weight": 1, "principals": principals or admins(at)}]
    if votes.mode == "weight":
        share, rest = divmod(votes.weight - votes.yes_weight - votes.no_weight, len(seats))
        seats = [{**seat, "weight": share + (index < rest)} for index, seat in enumerate(seats)]
    first, queue = (seats[:1], tuple(seats[1:])) if votes.mode == "sequence" else (seats, ())
    votes = replace(votes, seats=votes.yes + votes.no + len(seats), queue=queue)
    wait = _waits_on(at, votes, first, agreed)
    return replace(wait, memo={**wait.memo, "more": {}}, absorb=_children(at))


def _children(at: At) -> tuple[int, ...]:
    return tuple(token.id for token in at.case.children(at.token.id))


def _actor(at: At) -> str:
    return (at.world.actor or "").removeprefix("person:")
