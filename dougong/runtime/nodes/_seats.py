"""Who signs an approval: one seat for each. Special cases: nobody, the initiator himself, those who have agreed already."""

from collections.abc import Iterator
from typing import Any, Final

from ..case import Case, Token
from ..outcome import Put
from ..values import missing
from ._agreed import repeats
from ._apart import barred
from ._people import persons
from ._type import At

CHILDREN: Final = "children"  # what a token waits for whose seats have yet to decide
Seat = dict[str, Any]  # `person`: his id ("": whoever of `principals` comes first); `weight`; `added_by`: who asked him to sign


def seats_of(at: At) -> list[Seat]:
    """As drawn, each person once, without those who may not sign. Empty: there is nobody."""
    if at.config.get("mode") == "weight":
        found = [{"person": one, "weight": w["weight"]} for w in at.config.get("weights", ()) for one in persons(at, w["who"])]
    else:
        found = [{"person": one, "weight": 1} for one in persons(at, at.config["who"])]
    seats = list({seat["person"]: seat for seat in found}.values())
    if not (gone := barred(at)):
        return seats
    if at.config.get("initiator") == "head":  # nobody skips an approval by being kept apart from it: his head decides
        seats = without_initiator(at, seats)
    return [seat for seat in seats if seat["person"] not in gone]


def without_initiator(at: At, seats: list[Seat]) -> list[Seat]:
    """发起人=审批人: skipped, unless he decides himself or his superior does (直属上级: who heads his unit; of him that of the
    unit above)."""
    rule = at.config.get("initiator", "skip")
    mine = [seat for seat in seats if f"person:{seat['person']}" == at.case.initiator]
    if not mine or rule == "self":
        return seats
    others = [seat for seat in seats if seat not in mine]
    if rule == "head":
        return [*({**mine[0], "person": one} for one in _superiors(at)), *others]
    return others


def is_vacant(at: At, seats: list[Seat]) -> bool:
    """Of one that is left without seats: nobody was found, or no superior who decides instead of the initiator. Else he is
    skipped."""
    return not seats or at.config.get("initiator") == "head"


def himself(at: At) -> frozenset[str]:
    """The initiator, where he does not approve himself: then he does not for another either (待办委托)."""
    mine = (at.case.initiator or "").removeprefix("person:")
    return frozenset({mine} if mine and at.config.get("initiator", "skip") != "self" else ())


def _superiors(at: At) -> list[str]:
    for level in (1, 2):
        heads = list(at.world.ask("persons", by="nth_head", unit=at.case.unit, level=level)["persons"])
        if at.case.initiator not in [f"person:{one}" for one in heads]:
            return heads
    return []


def repeated(at: At, seats: list[Seat]) -> list[Seat]:
    """审批人去重: those who have agreed already. Never where something has to be filled in, said or signed."""
    rule = at.config.get("repeated", "next")
    if rule == "never" or at.token.memo.get("returned") or at.config.get("signature") or at.config.get("opinion") == "always":
        return []
    form, rights = at.definition.form_of(at.node), at.definition.rights_of(at.node)
    keys = form.fields if form else {}
    if form and any(form.right(key, rights) == "required" and missing(at.case.data.get(key)) for key in keys):
        return []
    known = repeats(at, rule)
    return [seat for seat in seats if seat["person"] and seat["person"] in known]


def puts(at: At, seats: list[Seat]) -> tuple[Put, ...]:
    return tuple(Put(at.node.uid, seat) for seat in seats)


def signers(case: Case, token_id: int) -> Iterator[str]:
    """Whose decision it is, of all that sign below a token."""
    for token in case.children(token_id):
        yield signer(token)
        yield from signers(case, token.id)


def signer(token: Token) -> str:
    """Of what was lent the lender."""
    return str(token.memo.get("lent_by") or token.memo.get("person", "")).removeprefix("person:")
