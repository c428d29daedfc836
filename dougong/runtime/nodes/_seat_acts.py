"""What a seat may do: agree, refuse, send it back, hand it over, have others sign too, or no longer."""

from collections.abc import Mapping
from typing import Any

from ..outcome import Go, Outcome, Wait
from ..reason import Refused
from ._among import is_among
from ._apart import may_do
from ._people import person_principals
from ._seats import CHILDREN, Seat, himself, puts, signers
from ._type import At
from ._verbs import his_own, send_back, took_part, transfer


def approve(at: At, values: Mapping[str, Any]) -> Outcome:
    """`fields`, `opinion`, `signature`; `add`: persons who sign after me (同意并后加签)."""
    _of_another(at)
    _said_enough(at, values, "always")
    added = _added(at, values["add"]) if values.get("add") else []
    took_part(at)
    return Go(data=dict(values.get("fields", {})), says={"decision": "approve", "seat": at.token.memo, "added": added})


def reject(at: At, values: Mapping[str, Any]) -> Outcome:
    _of_another(at)
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
    return Wait(CHILDREN, memo={"before": len(seats)}, spawn=puts(at, seats))


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


def merge(at: At, values: Mapping[str, Any]) -> Outcome:
    """交接: his seat falls to one who signs already, or has signed: nobody is counted twice. `to`: the id of that person."""
    to = values.get("to")
    if at.token.memo.get("lent_by") or to in (None, "", at.token.memo.get("person")) or to not in signing(at):
        raise Refused("verb.not_allowed")
    return Go(says={"decision": "merged", "seat": at.token.memo, "into": to})


def _added(at: At, wanted: list[str]) -> list[Seat]:
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
    is_among(at, "add", wanted, "/persons")
    for one in wanted:
        may_do(at, one)
    if not all(person_principals(at, one) for one in wanted):
        raise Refused("verb.no_such_person", "/persons")
    return [{"person": one, "weight": 1, "added_by": at.world.actor} for one in dict.fromkeys(wanted)]


def _not_twice(at: At, wanted: list[str], where: str) -> None:
    """Raises Refused for those who sign, or have signed."""
    known = signing(at)
    if twice := [one for one in wanted if one in known]:
        raise Refused("verb.signs_already", where, persons=twice, who=", ".join(twice))


def signing(at: At) -> set[str]:
    """All who sign this approval, or have signed, or will."""
    whole = at.case.token([*at.case.ancestors(at.token)][-1])
    known = whole.memo if whole else {}
    mine = {*known.get("agreed", ()), *known.get("against", ()), *signers(at.case, whole.id if whole else 0)}
    return mine | {seat["person"] for seat in known.get("votes", {}).get("queue", ())}


def _of_another(at: At) -> None:
    """Raises Refused for one who stands in for a signer of what he has filed himself."""
    actor, person = (at.world.actor or "").removeprefix("person:"), at.token.memo.get("person")
    if person and actor != person and actor in himself(at):
        raise Refused("verb.filed_by_yourself")


def _said_enough(at: At, values: Mapping[str, Any], need: str) -> None:
    rule = at.config.get("opinion", "reject")
    if rule in (need, "always") and not str(values.get("opinion") or "").strip():
        raise Refused("approval.opinion_missing", "/opinion")
    if at.config.get("signature") and not values.get("signature"):
        raise Refused("approval.signature_missing", "/signature")
