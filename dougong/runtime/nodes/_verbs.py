"""What who has a task may do besides doing it: hand it over, lend it, send the ticket back. Shared by tasks and approvals."""

from collections.abc import Mapping
from typing import Any, Final

from ..config import Schema, setting
from ..definition import Definition, Node
from ..outcome import Effect, Go, Outcome, Put, Wait
from ..reason import Refused
from ..regions import since
from ._agreed import anew, interrupted
from ._among import ACTS, AMONG, BY_ACT, is_among, is_ranged
from ._apart import did, may_do
from ._back import back_to
from ._giving import back_at
from ._people import person_principals
from ._recalled import again
from ._type import At

OPEN: Final = "submitted"  # what a token waits for whose task is open
ACTED: Final = ("approve", "reject", "send_back", "transfer", "delegate", "reply", "add_before", "add_beside", "remove_signer")
MERGE: Final = "merge"  # by whoever hands over what a leaver still has to do
OF_TASK: Final = frozenset({OPEN, MERGE, *ACTED})  # what is done with a task: only a token that has one takes it
VERBS: dict[str, Schema] = {
    "transfer": setting(
        "允许转交", "May hand it over", type="boolean", group=ACTS,
        help=("转给他人办理，自己不再参与", "To somebody else, for good")
    ),
    "delegate": setting(
        "允许委派", "May ask for an opinion", type="boolean", group=ACTS,
        help=("请他人给出意见，之后回到自己", "Somebody else says what he thinks, then it comes back"),
    ),
    "among": AMONG,
    "send_back": setting(
        "退回范围",
        "May send back to",
        group=ACTS,
        default="none",
        options={
            "none": ("不允许退回", "nobody"),
            "initiator": ("发起人", "the initiator"),
            "previous": ("上一步", "the step before"),
            "any": ("发起人或任意已通过的步骤", "the initiator or any step that was passed"),
        },
        help=(
            "分支汇合以后，只能退回到分支之前或汇合之后的步骤",
            "Once branches have come together: to a step before they parted, or after",
        ),
    ),
    "after_return": setting(
        "退回后重新提交",
        "After it was sent back",
        group=ACTS,
        default="again",
        when={"send_back": ["initiator", "previous", "any"]},
        options={
            "again": ("重新逐级办理", "it goes through every step again"),
            "straight": ("直达退回的步骤", "it comes straight back"),
            "ask": ("退回时选择", "as is chosen when it is sent back"),
        },
    ),
}  # fmt: skip


def open_task(
    at: At, principals: list[str], *, again: bool = False, customer: bool = False, title: dict[str, str] | None = None
) -> Effect:
    """`again`: the token had a task before, which is taken back if it is still open. `title`: where it is not the step's."""
    more: dict[str, Any] = {**({"again": True} if again else {}), **({"title": title} if title else {})}
    return Effect("open_task", {"principals": principals, "customer": customer or "customer" in principals, **more})


def transfer(at: At, values: Mapping[str, Any]) -> Outcome:
    """Hand it over to somebody else, for good. `to`: the id of a person."""
    if not at.config.get("transfer"):
        raise Refused("verb.not_allowed")
    his_own(at)
    return given_to(at, "transfer", values["to"])


def delegate(at: At, values: Mapping[str, Any]) -> Outcome:
    """Ask somebody for his opinion; then it comes back to whoever asked."""
    if not at.config.get("delegate"):
        raise Refused("verb.not_allowed")
    his_own(at)
    return given_to(at, "delegate", values["to"], lent_by=at.world.actor)


def given_to(at: At, act: str, person: str, **memo: Any) -> Wait:
    if at.world.actor == f"person:{person}":
        raise Refused("verb.not_to_yourself", "/to")
    is_among(at, act, [person], "/to")
    may_do(at, person)
    principals = person_principals(at, person)
    if not principals:
        raise Refused("verb.no_such_person", "/to")
    return Wait(OPEN, (open_task(at, principals, again=True),), memo={"person": person, "given": True, **memo})


def his_own(at: At) -> None:
    """Raises Refused where it was lent to him: he is asked what he thinks, and decides nothing."""
    if at.token.memo.get("lent_by"):
        raise Refused("verb.lent_already")


def reply(at: At, values: Mapping[str, Any]) -> Wait:
    """Say what one thinks of what was lent: it comes back to whoever lent it. `opinion`."""
    lender = str(at.token.memo.get("lent_by") or "").removeprefix("person:")
    if not lender:
        raise Refused("verb.not_allowed")
    if not str(values.get("opinion") or "").strip():
        raise Refused("approval.opinion_missing", "/opinion")
    principals = person_principals(at, lender)
    return Wait(OPEN, (open_task(at, principals, again=True),), memo={"person": lender, "lent_by": None})


def send_back(at: At, values: Mapping[str, Any]) -> Go:
    """To the initiator, or to a step that was passed. `to`: its uid; `straight`: it then comes straight back here."""
    his_own(at)
    to, wanted = values["to"], at.config.get("after_return", "again")
    if to not in back_to(at.definition, at.node, at.case.handlers):
        raise Refused("verb.not_there")
    straight = bool(values.get("straight")) if wanted == "ask" else wanted == "straight"
    return sent_back(at, to, straight)


def sent_back(at: At, to: str, straight: bool) -> Go:
    """It comes straight back only where nothing else is taken away: a branch beside it would never be done again. Where it
    does not, the steps from there on are passed again: what they have taken is given back."""
    region = since(at.definition, to, at.node.uid)
    joins = {f"join:{uid}": None for uid in region if f"join:{uid}" in at.case.memo}
    rest = [token for token in at.case.everywhere() if token.node in region and token.id != at.token.id]
    alone = not joins and all(token.node == at.node.uid for token in rest)
    here = at.node.uid
    gone = tuple(token.id for token in rest)
    if straight and alone:
        return Go(jump=(Put(to, {"returned": here, "back_to": here}),), absorb=gone, memo={**joins, **anew(at.case)})
    memo = {**joins, **anew(at.case), **again(at.case, region | {to})}
    return Go(jump=(back_at(to, returned=here),), absorb=gone, memo=memo)


def allowed(definition: Definition, node: Node, handlers: Mapping[str, str], memo: Mapping[str, Any]) -> dict[str, Any]:
    """What whoever has a task may do with it besides doing it. `memo`: of its token; `back`: the uids of steps."""
    config = node.config
    lent, added = bool(memo.get("lent_by")), bool(memo.get("added_by"))
    back = [] if lent else back_to(definition, node, handlers)
    return {
        "approval": node.type == "approval",
        "transfer": bool(config.get("transfer")) and not lent,
        "delegate": bool(config.get("delegate")) and not lent,
        "back": [uid for uid in back if uid in definition.node],
        "among": [act for act in BY_ACT if is_ranged(config, act)],
        "ask_straight": config.get("after_return") == "ask",
        "add": bool(config.get("add_signer")) and not added and not lent,
        "beside": config.get("mode", "any") not in ("any", "claim"),
        "opinion": "always" if lent else config.get("opinion", "reject"),
        "signature": bool(config.get("signature")) and not lent,
        "lent": lent,
    }


def took_part(at: At) -> None:
    """Who did a step last is remembered, in the order in which steps were done. Raises Refused for one who may not do it."""
    his_own(at)
    may_do(at, at.world.actor)
    did(at)
    at.case.memo["acted"] = True
    if at.node.type != "approval":
        interrupted(at.case)
    if at.world.actor:
        at.case.handlers.pop(at.node.uid, None)
        at.case.handlers[at.node.uid] = at.world.actor
