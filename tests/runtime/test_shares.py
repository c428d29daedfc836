"""会签的比例: how many pass, how many refuse, reached or exceeded, rounded up; as the words say, in every order."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from dougong.builder.checks import check
from dougong.runtime.nodes._signing import Votes, least
from tests.drawing import flow_doc, node
from tests.runtime.approving import approval, played

SHARE, NEVER = {"reject": "ratio"}, {"reject_percent": 100, "reject_compare": "exceeded"}
COMPARED = (("reached", False), ("exceeded", True))


@pytest.mark.parametrize(("percent", "of", "over", "found"), [
    (23, 10, False, 3), (23, 10, True, 3), (50, 10, False, 5), (50, 10, True, 6), (1, 3, False, 1), (67, 3, False, 3),
    (66, 3, True, 2),
])  # fmt: skip
def test_a_share_is_rounded_up_to_whole_persons(percent, of, over, found):
    assert least(percent, of, over=over) == found


def enough(count, of, percent, over):
    share = Fraction(count, of)
    return share > Fraction(percent, 100) if over else share >= Fraction(percent, 100)


def meant(votes, said):
    """As the words of the settings say, of those who have said so far."""
    yes, no, left = said.count(True), said.count(False), votes.seats - len(said)
    against = votes.reject == "ratio" and enough(no, votes.seats, votes.against, votes.against_over)
    if against or (votes.reject == "any_one" and no):
        return False
    match votes.mode:
        case "any":
            return True if yes else False if no == votes.seats else None
        case "ratio":
            passes = enough(yes, votes.seats, votes.needed, votes.over)
            return True if passes else None if enough(yes + left, votes.seats, votes.needed, votes.over) else False
    return None if left else yes > 0


@pytest.mark.parametrize("mode", ["any", "all", "ratio", "sequence"])
def test_the_verdict_is_what_the_words_say_whoever_comes_first(mode):
    shares = (1, 34, 50, 67, 99)
    for seats, needed, against, (_, over), (_, against_over) in product((1, 2, 3, 4), shares, shares, COMPARED, COMPARED):
        votes = Votes(mode, "ratio", needed, seats, seats, over=over, against=against, against_over=against_over)
        for said in product((True, False), repeat=seats):
            for count in range(1, seats + 1):
                yes, no = said[:count].count(True), said[:count].count(False)
                now = replace(votes, yes=yes, no=no, yes_weight=yes, no_weight=no)
                assert now.verdict() is meant(votes, said[:count]), (now, said[:count])
                if now.verdict() is not None:
                    break
            else:
                raise AssertionError("it never ends")


def test_half_refuse_where_all_are_to_agree():
    settings = {"role": "abcd", "mode": "all", "reject": "ratio", "reject_percent": 50}
    half = played(approval(**settings)).do("a", "reject")
    assert half.waiting() == ["b", "c", "d"]
    assert half.do("c", "reject").end == ("done", "rejected")
    more = played(approval(**settings, reject_compare="exceeded")).do("a", "reject").do("c", "reject")
    assert more.waiting() == ["b", "d"]
    assert more.do("b", "approve").do("d", "approve").end == ("done", "approved")


def test_more_than_half_have_to_agree():
    more = played(approval(role="abcd", mode="ratio", percent=50, compare="exceeded")).do("a", "approve").do("b", "approve")
    assert more.case.status == "running"
    assert more.do("c", "approve").end == ("done", "approved")


def test_the_share_of_those_who_refuse_goes_by_weight():
    heavy = [{"uid": one, "who": {"by": "role", "role": one}, "weight": weight} for one, weight in (("a", 60), ("b", 40))]
    settings = {"mode": "weight", "weights": heavy, "passing": 30, "reject": "ratio", "reject_percent": 50}
    assert played(approval(**settings)).do("b", "reject").waiting() == ["a"]
    assert played(approval(**settings)).do("a", "reject").end == ("done", "rejected")


def test_where_all_have_refused_it_is_refused_though_the_share_is_never_exceeded():
    assert played(approval(role="a", mode="all", **SHARE, **NEVER)).do("a", "reject").end == ("done", "rejected")


@pytest.mark.parametrize(("config", "found"), [
    ({"mode": "ratio", "percent": 50, **SHARE}, [("/reject_percent", "check.approval_without_reject_percent")]),
    ({"mode": "all", **SHARE, **NEVER}, [("/reject_percent", "check.approval_over_all")]),
    ({"mode": "ratio", "percent": 100, "compare": "exceeded"}, [("/percent", "check.approval_over_all")]),
    ({"mode": "claim", **SHARE}, []),
    ({"mode": "ratio", "percent": 60, "compare": "exceeded", **SHARE, "reject_percent": 40}, []),
])  # fmt: skip
def test_a_share_that_is_missing_or_never_reached_is_told(config, found):
    initiator = {"who": {"by": "initiator"}}
    doc = flow_doc([node("start", "start"), node("p", "approval", **initiator, **config), node("e", "end")], ["start>p", "p>e"])
    told = [(one.path, one.reason.code) for one in check(doc, {}) if "approval" in one.reason.code]
    assert told == [(f"/nodes/1/config{path}", code) for path, code in found]
